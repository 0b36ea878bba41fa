package import Contract
package import Core

/// A folder of the media library.
package struct MediaFolder: Sendable {
    package var id: MediaFolderID
    package var title: String
    package var description: String?
    package var parentID: MediaFolderID?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

extension MediaFolder: APIObject {
    package static let name = "MediaFolder"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The folder's id.") { $0.id },
        Property("name", "Its name.") { $0.title },
        Property("description", "What belongs in it.") { $0.description },
        Property("parentId", "The folder it is in; null: the top.") { $0.parentID },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = MediaFolder(
        id: ID("cmb2k7q0x0000000000000091"), title: "Summer", description: nil, parentID: nil,
        createdAt: Instant(seconds: 1_770_114_600), updatedAt: Instant(seconds: 1_770_114_600), version: 1)
}

/// What a request says of a folder.
package struct MediaFolderInput: APIInput {
    package var title: String?
    package var description = Change<String>.keep
    package var parentID = Change<MediaFolderID>.keep

    package init() {}

    package static let name = "MediaFolderInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "Its name; required when creating.", .length(1...120)) { $0.title = $1 },
        InputField("description", "What belongs in it.", .ifSet(.length(0...500))) { $0.description = $1 },
        InputField("parentId", "The folder it is in; null: the top.") { $0.parentID = $1 },
    ]
    package static let example: JSONValue = ["name": "Summer"]
}
