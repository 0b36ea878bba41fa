package import Core

/// What a stream's pieces are.
package protocol StreamFormat: Sendable {
    static var contentType: String { get }
    static var schema: JSONValue { get }
}

/// Server-sent events, as browsers and `EventSource` read them.
package enum ServerSentEvents: StreamFormat {
    package static let contentType = "text/event-stream"
    package static let schema: JSONValue = ["type": "string", "description": "Server-sent events."]
}

/// Rows: JSON objects one per line, or CSV with a header line, as the caller asked.
package enum ExportedRows: StreamFormat {
    package static let contentType = "application/x-ndjson"
    package static let schema: JSONValue = ["type": "string", "description": "One JSON object in each line, or CSV."]
}

/// The bytes of a file.
package enum FileContent: StreamFormat {
    package static let contentType = "application/octet-stream"
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
    package static var replyExample: JSONValue? { nil }
    package static var replyContentType: String { Format.contentType }
    package static func replySchema(collecting schemas: inout SchemaCollection) -> JSONValue { Format.schema }
    package func reply(to request: APIRequest) -> Reply {
        Reply(status: 200, headers: [("Content-Type", contentType)] + headers, body: [], stream: stream)
    }
}

/// 200 with a plain JSON array, for callers who demand one (Zapier).
package struct Items<Element: WritableValue>: ReplyBody {
    private let elements: [Element]
    package init(_ elements: [Element]) { self.elements = elements }

    package static var status: Int { 200 }
    package static var replyExample: JSONValue? { nil }
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
