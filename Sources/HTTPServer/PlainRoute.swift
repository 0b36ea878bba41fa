package import Contract
import Core
import Hummingbird

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
    package static func document(_ path: String, contentType: String, _ bytes: [UInt8]) -> PlainRoute {
        let tag = "\"\(Signature.sha256(bytes).prefix(32))\""
        let headers = [("Content-Type", contentType), ("Cache-Control", "no-cache"), ("ETag", tag)]
        return PlainRoute("GET", path) { request in
            if let known = request.header("if-none-match"), EntityTag.list(known, names: tag) {
                return Reply(status: 304, headers: headers, body: [])
            }
            return Reply(status: 200, headers: headers, body: bytes)
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
