import Contract
import HTTPTypes
import Hummingbird

/// Answers what no route takes: 405 with `Allow` where the path is known, `OPTIONS`, else 404. Routes that the composition
/// root adds to the router afterwards (pages) run inside it and get request id, log, metrics and error envelope from here.
struct Fallback: RouterMiddleware {
    let environment: HTTPEnvironment
    let routes: [(template: RouteTemplate, method: String)]
    private let nowhere: RouteMetrics

    init(environment: HTTPEnvironment, routes: [(template: RouteTemplate, method: String)]) {
        self.environment = environment
        self.routes = routes
        nowhere = environment.metrics.route("*", "unmatched")
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        // The router names the route before it calls us, and names none when it found none.
        guard let template = context.endpointPath else {
            let response = await Exchange.run(environment, nowhere, request) { exchange in
                exchange.response(to: try unmatched(request))
            }
            return request.method == .head ? response.createHeadResponse() : response
        }
        let route = environment.metrics.route(request.method.rawValue, template)
        return await Exchange.run(environment, route, request) { exchange in
            var response = try await next(request, context)
            response.headers[.requestID] = exchange.requestID
            return response
        }
    }

    /// What a browser asks before it lets a page call us (Fetch standard, CORS preflight).
    private func preflight(_ allow: String) -> [(name: String, value: String)] {
        [
            ("Access-Control-Allow-Methods", allow),
            (
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Content-Encoding, Idempotency-Key, If-Match, If-None-Match, Prefer, Audenci-Version"
            ),
            ("Access-Control-Max-Age", "7200"),
        ]
    }

    private func unmatched(_ request: Request) throws(APIError) -> Reply {
        try environment.checkTarget(request)
        let path = request.uri.path
        let matching = routes.filter { $0.template.matches(path) }
        guard let chosen = matching.map(\.template.rank).max(by: { $0.lexicographicallyPrecedes($1) }) else {
            throw APIError(.notFound, "Nothing is at this path. /api/openapi.json lists what there is.")
        }
        // Only what the router would take: /api/webhooks/events has GET, though PUT exists at /api/webhooks/{id}.
        var methods = Set(matching.filter { $0.template.rank == chosen }.map(\.method))
        if methods.contains("GET") { methods.insert("HEAD") }
        methods.insert("OPTIONS")
        let allow = methods.sorted().joined(separator: ", ")
        if request.method == .options { return Reply(status: 204, headers: [("Allow", allow)] + preflight(allow), body: []) }
        throw APIError(.methodNotAllowed, "This path takes \(allow).", headers: [("Allow", allow)])
    }
}
