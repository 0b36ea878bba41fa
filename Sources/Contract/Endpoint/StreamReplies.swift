package import Core

/// What a stream's pieces are.
package protocol StreamFormat: Sendable {
    static var contentType: String { get }
    /// What else an answer may be, as the caller asks; `*/*` for anything.
    static var otherContentTypes: [String] { get }
    static var schema: JSONValue { get }
    static var example: JSONValue { get }
}

extension StreamFormat {
    package static var otherContentTypes: [String] { [] }
}

/// Server-sent events, as browsers and `EventSource` read them.
package enum ServerSentEvents: StreamFormat {
    package static let contentType = "text/event-stream"
    /// The stream as it is, or an event of it as readers see it: OpenAPI 3.1 has no word for the difference.
    package static let schema: JSONValue = [
        "description": "Server-sent events; `data` is JSON.",
        "anyOf": [
            [
                "type": "object",
                "properties": ["id": ["type": "string"], "event": ["type": "string"], "data": ["type": "string"]],
            ], ["type": "string"],
        ],
    ]
    package static let example: JSONValue =
        "id: 3137\nevent: post.published\ndata: {\"id\":\"evt_1\",\"type\":\"post.published\"}\n\n"
}

/// Rows: JSON objects one per line, or CSV with a header line, as the caller asked.
package enum ExportedRows: StreamFormat {
    package static let contentType = "application/x-ndjson"
    package static let otherContentTypes = ["text/csv"]
    package static let example: JSONValue = "{\"id\":\"cmb2k7q0x4f8w1z6r9t3y5u7a\",\"state\":\"succeeded\"}\n"
    package static let schema: JSONValue = ["type": "string", "description": "One JSON object in each line, or CSV."]
}

/// The bytes of a file.
package enum FileContent: StreamFormat {
    package static let contentType = "application/octet-stream"
    package static let otherContentTypes = ["*/*"]
    package static let example: JSONValue = "(the bytes of the file)"
    package static let schema: JSONValue = ["type": "string", "contentEncoding": "binary"]
}

/// 200 with a body that is sent piece by piece, in constant memory.
package struct Streamed<Format: StreamFormat>: ReplyBody {
    private let contentType: String
    private let headers: [(name: String, value: String)]
    private let stream: ReplyStream

    /// - Parameter contentType: when it is not the format's own.
    package init(
        _: Format.Type, contentType: String = Format.contentType, headers: [(name: String, value: String)] = [],
        stream: @escaping ReplyStream
    ) {
        self.contentType = contentType
        self.headers = headers
        self.stream = stream
    }

    package static var status: Int { 200 }
    package static var replyExample: JSONValue? { Format.example }
    package static var replyContentTypes: [String] { [Format.contentType] + Format.otherContentTypes }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue { Format.schema }
    package func reply(to request: APIRequest) -> Reply {
        Reply(status: 200, headers: [("Content-Type", contentType)] + headers, body: [], stream: stream)
    }
}

/// 200 with a plain JSON array, for callers who demand one (Zapier).
package struct Items<Element: APIObject>: ReplyBody {
    private let elements: [Element]
    package init(_ elements: [Element]) { self.elements = elements }

    package static var status: Int { 200 }
    package static var replyExample: JSONValue? { (try? JSONValue(parsing: Element.example.jsonBytes)).map { [$0] } }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue {
        Element.collect(into: &schemas)
        return ["type": "array", "items": Element.schema]
    }
    package func reply(to request: APIRequest) -> Reply {
        var writer = JSONWriter()
        elements.write(to: &writer)
        return Reply(status: 200, body: writer.bytes)
    }
}
