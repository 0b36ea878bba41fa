package import Core

/// A finished answer.
package struct Reply: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Sends the body piece by piece instead; ``body`` is not used then.
    package var stream: ReplyStream?
    /// What `If-None-Match` is compared with, quoted.
    package var entityTag: String?

    package init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8], stream: ReplyStream? = nil,
        entityTag: String? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.stream = stream
        self.entityTag = entityTag
    }

    /// An answer that is one object, or those of its properties that the request selects.
    init<Object: APIObject>(
        _ status: Int, _ object: Object, headers: [(name: String, value: String)] = [], related: [RelatedValue] = [],
        to request: APIRequest
    ) {
        var writer = JSONWriter()
        object.write(only: request.selectedFields, with: related, to: &writer)
        let body = writer.bytes
        var tag = Self.entityTag(of: object, rendered: body)
        // What is related changes without a new version of the object.
        if !related.isEmpty { tag = "\"\(object.entityVersion ?? 0)-\(Signature.sha256(body).prefix(16))\"" }
        self.init(status: status, headers: headers, body: body, entityTag: tag)
    }

    /// The `ETag` of an object: its version, and a digest where the version does not tell of every change.
    package static func entityTag<Object: APIObject>(of object: Object, rendered body: [UInt8]) -> String {
        if let version = object.entityVersion, !Object.isVolatile { return "\"\(version)\"" }
        let digest = Signature.sha256(body).prefix(16)
        return object.entityVersion.map { "\"\($0)-\(digest)\"" } ?? "\"0-\(digest)\""
    }
}

/// Writes a body of unknown length: calls `send` with each piece, which waits while the reader is slow and throws when it
/// is gone.
package typealias ReplyStream = @Sendable (_ send: (_ piece: [UInt8]) async throws -> Void) async throws -> Void

/// What a handler may return: it knows its status and its schema.
package protocol ReplyBody: Sendable {
    static var status: Int { get }
    static var replyHeaders: [JSONValue.Member] { get }
    static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue
    static var replyExample: JSONValue? { get }
    static var replyContentTypes: [String] { get }
    /// What `fields=` may name; nil when the answer cannot be cut down.
    static var selection: FieldSelection? { get }
    /// Another status that the same answer may have; nil: none.
    static var otherStatus: Int? { get }
    func reply(to request: APIRequest) -> Reply
}

extension ReplyBody {
    package static var replyHeaders: [JSONValue.Member] { [] }
    package static var replyContentTypes: [String] { ["application/json"] }
    package static var selection: FieldSelection? { nil }
    package static var otherStatus: Int? { nil }
}

extension APIRequest {
    /// The properties that `fields=` names; nil: all of them.
    var selectedFields: Set<String>? {
        guard let text = query.first(where: { $0.name == "fields" })?.value else { return nil }
        return Set(text.split(separator: ",").map(String.init))
    }
}

private func headerSchema(_ description: String) -> JSONValue {
    ["description": .string(description), "schema": ["type": "string"]]
}

private let entityTagHeader = JSONValue.Member(
    "ETag", headerSchema("The version, for `If-Match` and `If-None-Match`."))

private func exampleOf<Object: APIObject>(_: Object.Type) -> JSONValue? { try? JSONValue(parsing: Object.example.jsonBytes) }

/// 200 with an object.
package struct OK<Object: APIObject>: ReplyBody {
    package let object: Object
    private let related: [RelatedValue]
    package init(_ object: Object) { self.init(object, related: []) }

    init(_ object: Object, related: [RelatedValue]) {
        self.object = object
        self.related = related
    }

    package static var status: Int { 200 }
    package static var replyHeaders: [JSONValue.Member] { [entityTagHeader] }
    package static var replyExample: JSONValue? { exampleOf(Object.self) }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return Object.schema
    }
    package static var selection: FieldSelection? { FieldSelection(Object.self) }
    package func reply(to request: APIRequest) -> Reply { Reply(200, object, related: related, to: request) }
}

/// 201 with the new object and where it is.
package struct Created<Object: APIObject>: ReplyBody {
    package let object: Object
    package let location: String
    package init(_ object: Object, at location: String) {
        self.object = object
        self.location = location
    }

    package static var status: Int { 201 }
    package static var replyExample: JSONValue? { exampleOf(Object.self) }
    package static var replyHeaders: [JSONValue.Member] {
        [.init("Location", headerSchema("The path of the new object.")), entityTagHeader]
    }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return Object.schema
    }
    package static var selection: FieldSelection? { FieldSelection(Object.self) }
    package func reply(to request: APIRequest) -> Reply {
        Reply(201, object, headers: [("Location", location)], to: request)
    }
}

/// 202: it has been accepted durably and goes on by itself.
package struct Accepted<Object: APIObject>: ReplyBody {
    package let object: Object
    private let location: String?
    /// - Parameter location: where to ask how it goes.
    package init(_ object: Object, at location: String? = nil) {
        self.object = object
        self.location = location
    }

    package static var status: Int { 202 }
    package static var replyHeaders: [JSONValue.Member] { [entityTagHeader] }
    package static var replyExample: JSONValue? { exampleOf(Object.self) }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return Object.schema
    }
    package static var selection: FieldSelection? { FieldSelection(Object.self) }
    package func reply(to request: APIRequest) -> Reply {
        Reply(202, object, headers: location.map { [("Location", $0)] } ?? [], to: request)
    }
}

/// 202 with where and when to ask again while it goes on; 200 once it has ended.
package struct Underway<Object: APIObject>: ReplyBody {
    private let object: Object
    private let location: String
    private let hasEnded: Bool

    package init(_ object: Object, at location: String, hasEnded: Bool) {
        self.object = object
        self.location = location
        self.hasEnded = hasEnded
    }

    package static var status: Int { 202 }
    package static var otherStatus: Int? { 200 }
    package static var replyExample: JSONValue? { exampleOf(Object.self) }
    package static var replyHeaders: [JSONValue.Member] {
        [
            .init("Location", headerSchema("Where to ask how it goes.")),
            .init("Retry-After", headerSchema("Seconds to wait before asking; not once it has ended.")),
        ]
    }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return Object.schema
    }
    package static var selection: FieldSelection? { FieldSelection(Object.self) }
    package func reply(to request: APIRequest) -> Reply {
        let headers = [(name: "Location", value: location)] + (hasEnded ? [] : [(name: "Retry-After", value: "2")])
        return Reply(hasEnded ? 200 : 202, object, headers: headers, to: request)
    }
}

/// 200 with a page of objects and the cursor of the next.
package struct Paged<Object: APIObject>: ReplyBody {
    package let page: Page<Object>
    /// For each object of the page; empty when nothing is expanded.
    private let related: [[RelatedValue]]
    package init(_ page: Page<Object>) { self.init(page, related: []) }

    init(_ page: Page<Object>, related: [[RelatedValue]]) {
        self.page = page
        self.related = related
    }

    package static var status: Int { 200 }
    package static var replyHeaders: [JSONValue.Member] {
        [.init("Link", headerSchema("`<...>; rel=\"next\"` and `rel=\"prev\"` while there is such a page (RFC 8288)."))]
    }
    package static var replyExample: JSONValue? {
        guard let example = exampleOf(Object.self) else { return nil }
        return ["data": [example], "pagination": ["nextCursor": .null, "prevCursor": .null, "hasMore": false]]
    }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return [
            "type": "object",
            "properties": [
                "data": ["type": "array", "items": Object.schema],
                "pagination": [
                    "type": "object",
                    "properties": [
                        "nextCursor": ["type": ["string", "null"]], "prevCursor": ["type": ["string", "null"]],
                        "hasMore": ["type": "boolean"],
                    ],
                    "required": ["nextCursor", "prevCursor", "hasMore"],
                ],
            ],
            "required": ["data", "pagination"],
        ]
    }

    package static var selection: FieldSelection? { FieldSelection(Object.self) }

    package func reply(to request: APIRequest) -> Reply {
        var writer = JSONWriter(capacity: 1024 * max(page.items.count, 1))
        let selected = request.selectedFields
        let list = ListIdentity(request)
        let next = page.nextCursor.map(list.marked)
        let previous = page.previousCursor.map(list.marked)
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for (index, item) in page.items.enumerated() {
            item.write(only: selected, with: related.indices.contains(index) ? related[index] : [], to: &writer)
        }
        writer.endArray()
        writer.key("pagination")
        writer.beginObject()
        writer.key("nextCursor")
        next.write(to: &writer)
        writer.key("prevCursor")
        previous.write(to: &writer)
        writer.key("hasMore"); writer.bool(next != nil)
        writer.endObject()
        writer.endObject()
        let links = [(next, "next"), (previous, "prev")].compactMap { cursor, relation -> String? in
            guard let cursor else { return nil }
            let others = request.query.filter { $0.name != "cursor" } + [("cursor", cursor)]
            return "<\(request.path)?\(FormEncoding.encode(others))>; rel=\"\(relation)\""
        }
        let headers = links.isEmpty ? [] : [(name: "Link", value: links.joined(separator: ", "))]
        return Reply(status: 200, headers: headers, body: writer.bytes)
    }
}

/// What DELETE answers.
package struct Deleted: APIObject {
    package let id: String
    package init(_ id: String) { self.id = id }

    package static let name = "Deleted"
    package static let properties: [Property<Self>] = [
        Property("id", "What was deleted.") { $0.id },
        Property("deleted", "Always true.") { _ in true },
    ]
    package static let example = Deleted("cmb2k7q0x4f8w1z6r9t3y5u7a")
}
