package import Contract
import Core
import Hummingbird
import Synchronization

/// A route beside the API: no key, no rate limit, but request id, limits, error envelope, log and metrics like all.
/// Health, metrics, set-up and documents are such routes. A reply's `Content-Type` and `Cache-Control` replace the
/// defaults (`application/json; charset=utf-8`, `no-store`).
package struct PlainRoute: Sendable {
    package let method: String
    /// `{name}` stands for a parameter.
    package let path: String
    /// False for what is asked every few seconds, such as health checks.
    package let isLogged: Bool
    package let handler: @Sendable (APIRequest) async throws -> Reply

    package init(
        _ method: String, _ path: String, isLogged: Bool = true,
        handler: @escaping @Sendable (APIRequest) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.isLogged = isLogged
        self.handler = handler
    }

    /// Bytes that stay the same while the process runs, with an `ETag`: who has them already gets 304.
    /// - Parameter make: makes the bytes when the first caller asks for them.
    package static func document(
        _ path: String, contentType: String, headers: [(name: String, value: String)] = [],
        _ make: @escaping @autoclosure @Sendable () -> [UInt8]
    ) -> PlainRoute {
        let headers = [("Content-Type", contentType), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")] + headers
        let kept = KeptDocument(make)
        return PlainRoute("GET", path) { request in
            let document = kept.content
            let encoded = AcceptEncoding.allowsGzip(request.header("accept-encoding")) ? document.compressed : nil
            let tagged = headers + [("ETag", encoded == nil ? document.tag : "W/" + document.tag)]
            if let known = request.header("if-none-match"), EntityTag.list(known, names: document.tag) {
                return Reply(status: 304, headers: tagged, body: [])
            }
            guard let encoded else { return Reply(status: 200, headers: tagged, body: document.bytes) }
            return Reply(status: 200, headers: tagged + [("Content-Encoding", "gzip")], body: encoded)
        }
    }
}

/// Bytes that stay the same, made and compressed once.
private final class KeptDocument: Sendable {
    struct Content: Sendable {
        let bytes: [UInt8]
        let tag: String
        /// Nil when compressing gains nothing.
        let compressed: [UInt8]?
    }

    private let make: @Sendable () -> [UInt8]
    private let made = Mutex<Content?>(nil)

    init(_ make: @escaping @Sendable () -> [UInt8]) { self.make = make }

    var content: Content {
        made.withLock { made in
            if let made { return made }
            let bytes = make()
            let content = Content(
                bytes: bytes, tag: "\"\(Signature.sha256(bytes).prefix(32))\"",
                compressed: bytes.count < ContentEncoding.least ? nil : Gzip.compress(bytes))
            made = content
            return content
        }
    }
}

/// Comparison of entity tags (RFC 9110, section 8.8.3.2, the weak one).
enum EntityTag {
    /// True when the value of `If-None-Match` names `tag`.
    static func list(_ header: String, names tag: String) -> Bool {
        header.split(separator: ",").contains { element in
            let known = element.drop { $0 == " " }.split(separator: " ").first ?? ""
            return known == "*" || known == tag || known == "W/" + tag
        }
    }
}

/// A plain route behind the router.
struct PlainResponder: HTTPResponder {
    let environment: HTTPEnvironment
    let route: PlainRoute
    let template: RouteTemplate
    let metrics: RouteMetrics

    func respond(to request: Request, context: APIContext) async throws -> Response {
        await Exchange.run(environment, metrics, request, isLogged: route.isLogged) { exchange in
            let input = try await environment.read(request, context, template, requestID: exchange.requestID)
            return exchange.response(to: try await route.handler(input))
        }
    }
}
