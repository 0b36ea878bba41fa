package import Core

/// A finished answer.
package struct Reply: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Sends the body piece by piece instead; ``body`` is not used then.
    package var stream: ReplyStream?

    package init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8], stream: ReplyStream? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.stream = stream
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
    static var replyContentType: String { get }
    func reply(to request: APIRequest) -> Reply
}

extension ReplyBody {
    package static var replyHeaders: [JSONValue.Member] { [] }
    package static var replyContentType: String { "application/json" }
}

private func headerSchema(_ description: String) -> JSONValue {
    ["description": .string(description), "schema": ["type": "string"]]
}

private func exampleOf<Object: APIObject>(_: Object.Type) -> JSONValue? { try? JSONValue(parsing: Object.example.jsonBytes) }

/// 200 with an object.
package struct OK<Object: APIObject>: ReplyBody {
    package let object: Object
    package init(_ object: Object) { self.object = object }

    package static var status: Int { 200 }
    package static var replyExample: JSONValue? { exampleOf(Object.self) }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return Object.schema
    }
    package func reply(to request: APIRequest) -> Reply { Reply(status: 200, body: object.jsonBytes) }
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
    package static var replyHeaders: [JSONValue.Member] { [.init("Location", headerSchema("The path of the new object."))] }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return Object.schema
    }
    package func reply(to request: APIRequest) -> Reply {
        Reply(status: 201, headers: [("Location", location)], body: object.jsonBytes)
    }
}

/// 202: it has been accepted durably and goes on by itself.
package struct Accepted<Object: APIObject>: ReplyBody {
    package let object: Object
    package init(_ object: Object) { self.object = object }

    package static var status: Int { 202 }
    package static var replyExample: JSONValue? { exampleOf(Object.self) }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return Object.schema
    }
    package func reply(to request: APIRequest) -> Reply { Reply(status: 202, body: object.jsonBytes) }
}

/// 200 with a page of objects and the cursor of the next.
package struct Paged<Object: APIObject>: ReplyBody {
    package let page: Page<Object>
    package init(_ page: Page<Object>) { self.page = page }

    package static var status: Int { 200 }
    package static var replyHeaders: [JSONValue.Member] {
        [.init("Link", headerSchema("`<...>; rel=\"next\"` while there is a next page (RFC 8288)."))]
    }
    package static var replyExample: JSONValue? {
        guard let example = exampleOf(Object.self) else { return nil }
        return ["data": [example], "pagination": ["nextCursor": .null, "hasMore": false]]
    }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Object.collect(into: &schemas)
        return [
            "type": "object",
            "properties": [
                "data": ["type": "array", "items": Object.schema],
                "pagination": [
                    "type": "object",
                    "properties": ["nextCursor": ["type": ["string", "null"]], "hasMore": ["type": "boolean"]],
                    "required": ["nextCursor", "hasMore"],
                ],
            ],
            "required": ["data", "pagination"],
        ]
    }

    package func reply(to request: APIRequest) -> Reply {
        var writer = JSONWriter(capacity: 1024 * max(page.items.count, 1))
        writer.beginObject()
        writer.key("data")
        page.items.write(to: &writer)
        writer.key("pagination")
        writer.beginObject()
        writer.key("nextCursor")
        page.nextCursor.write(to: &writer)
        writer.key("hasMore"); writer.bool(page.nextCursor != nil)
        writer.endObject()
        writer.endObject()
        var headers: [(name: String, value: String)] = []
        if let cursor = page.nextCursor {
            let others = request.query.filter { $0.name != "cursor" } + [("cursor", cursor)]
            let query = FormEncoding.encode(others)
            headers.append(("Link", "<\(request.path)?\(query)>; rel=\"next\""))
        }
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
