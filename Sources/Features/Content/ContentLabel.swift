package import Contract
package import Core

/// What posts are filed under: categories (broad topics), pillars (strategic themes with a share to reach) and tags.
package protocol LabelKind: Sendable {
    associatedtype IDKind
    /// As the column `kind` holds it.
    static var word: String { get }
    /// The schema's name: `Category`.
    static var name: String { get }
    /// The collection's path: `categories`.
    static var path: String { get }
    static var hasShare: Bool { get }
    static var hasLook: Bool { get }
}

package enum CategoryLabel: LabelKind {
    package typealias IDKind = CategoryKind
    package static let word = "category", name = "Category", path = "categories"
    package static let hasShare = false, hasLook = true
}

package enum PillarLabel: LabelKind {
    package typealias IDKind = PillarKind
    package static let word = "pillar", name = "Pillar", path = "pillars"
    package static let hasShare = true, hasLook = true
}

package enum TagLabel: LabelKind {
    package typealias IDKind = TagKind
    package static let word = "tag", name = "Tag", path = "tags"
    package static let hasShare = false, hasLook = false
}

/// A category, pillar or tag.
package struct ContentLabel<Kind: LabelKind>: Sendable {
    package var id: ID<Kind.IDKind>
    package var title: String
    package var description: String?
    package var color: String?
    package var displayOrder: Int
    /// Pillars: the share of posts that should serve it, in percent.
    package var targetPercentage: Double?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

extension ContentLabel: APIObject {
    package static var name: String { Kind.name }
    package var entityVersion: Int64? { version }
    package static var properties: [Property<Self>] {
        var properties: [Property<Self>] = [
            Property("id", "Its id.") { $0.id },
            Property("name", "Its name, unique among its kind.") { $0.title },
        ]
        if Kind.hasLook {
            properties += [
                Property("description", "What belongs under it.") { $0.description },
                Property("color", "Its colour in calendars.") { $0.color },
                Property("displayOrder", "Its place in lists, smallest first.") { $0.displayOrder },
            ]
        }
        if Kind.hasShare {
            properties.append(Property("targetPercentage", "The share of posts that should serve it.") { $0.targetPercentage })
        }
        return properties + [
            Property("createdAt", "When it was created.") { $0.createdAt },
            Property("updatedAt", "When it was last changed.") { $0.updatedAt },
            Property("version", "Counts the changes.") { $0.version },
        ]
    }
    package static var example: Self {
        ContentLabel(
            id: ID("cmb2k7q0x0000000000000041"), title: "Educational", description: "Teaches something", color: "#1a7f37",
            displayOrder: 1, targetPercentage: Kind.hasShare ? 40 : nil, createdAt: Instant(seconds: 1_770_114_600),
            updatedAt: Instant(seconds: 1_770_114_600), version: 1)
    }
}

/// What a request says of a category, pillar or tag.
package struct ContentLabelInput<Kind: LabelKind>: APIInput {
    package var title: String?
    package var description = Change<String>.keep
    package var color = Change<String>.keep
    package var displayOrder: Int?
    package var targetPercentage = Change<Double>.keep

    package init() {}

    package static var name: String { Kind.name + "Input" }
    package static var fields: [InputField<Self>] {
        var fields: [InputField<Self>] = [
            InputField("name", "Its name; required when creating.", .length(1...80)) { $0.title = $1 }
        ]
        if Kind.hasLook {
            fields += [
                InputField("description", "What belongs under it.", .ifSet(.length(0...500))) { $0.description = $1 },
                InputField("color", "Its colour in calendars.", .ifSet(.hexColor)) { $0.color = $1 },
                InputField("displayOrder", "Its place in lists, smallest first.", .range(0...10_000)) { $0.displayOrder = $1 },
            ]
        }
        if Kind.hasShare {
            fields.append(
                InputField("targetPercentage", "The share of posts that should serve it.", .ifSet(.range(0...100))) {
                    $0.targetPercentage = $1
                })
        }
        return fields
    }
    package static var example: JSONValue {
        Kind.hasShare ? ["name": "Customer stories", "targetPercentage": 40] : ["name": "Educational"]
    }
}
