package import Contract
package import Core
import HTTPTypes
package import Hummingbird
package import HummingbirdCore
package import Logging
package import Metering
package import NIOCore

/// The API over HTTP: from declared endpoints to a server.
///
/// In this order, for each request: request id, key (401), rate limit counted, scope (403), rate limit (429), body (400,
/// 408, 413), endpoint; every error is an envelope, every answer is counted and logged.
package struct APIServer: Sendable {
    /// Who holds this key, used from this network address.
    package typealias Authenticate = @Sendable (_ key: Secret, _ address: String?) async throws -> Caller

    private let environment: HTTPEnvironment
    private let endpoints: [Endpoint]
    private let plainRoutes: [PlainRoute]

    /// - Parameters:
    ///   - plainRoutes: health, metrics, set-up and other routes without a key; the error pages are added.
    ///   - authenticate: who holds this key; throws ``APIError`` `unauthorized` for a key that is not valid.
    ///   - ledger: remembers the answers of requests with an `Idempotency-Key`.
    ///   - publicURL: where `docUrl` points, such as `https://social.example.com`.
    ///   - logsAccess: one line at level info for each request.
    ///   - history: the versions of the API that callers may ask for.
    ///   - translate: what the caller is told about errors of lower layers, such as a busy database; nil for the unforeseen,
    ///     which is answered 500 and logged.
    package init(
        endpoints: [Endpoint], plainRoutes: [PlainRoute] = [],
        authenticate: @escaping Authenticate, limiter: RateLimiter, ledger: RepeatLedger, publicURL: String,
        ambient: Ambient, logger: Logger, logsAccess: Bool = true, limits: HTTPLimits = HTTPLimits(),
        metrics: HTTPMetrics = HTTPMetrics(), history: APIHistory = .current,
        translate: @escaping @Sendable (any Error) -> APIError? = { _ in nil }
    ) {
        environment = HTTPEnvironment(
            authenticate: authenticate, limiter: limiter, ledger: ledger, publicURL: publicURL, ambient: ambient,
            logger: logger,
            logsAccess: logsAccess, limits: limits, metrics: metrics, history: history, translate: translate)
        self.endpoints = endpoints
        self.plainRoutes = plainRoutes + ErrorPages.routes
    }

    /// All routes. What is added to the router afterwards gets request id, log, metrics and error envelope too, but neither
    /// authentication nor rate limit. `HEAD` is answered wherever `GET` is.
    package func makeRouter() -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        var known: [(template: RouteTemplate, method: String)] = []
        for endpoint in endpoints {
            let template = RouteTemplate(endpoint.path)
            let responder = EndpointRoute(
                environment: environment, endpoint: endpoint, template: template,
                metrics: environment.metrics.route(endpoint.method, endpoint.path),
                changes: environment.history.changes.filter { $0.operations.contains(endpoint.id) })
            register(router, template, endpoint.method, responder)
            known.append((template, endpoint.method))
        }
        for route in plainRoutes {
            let template = RouteTemplate(route.path)
            let responder = PlainResponder(
                environment: environment, route: route, template: template,
                metrics: environment.metrics.route(route.method, route.path))
            register(router, template, route.method, responder)
            known.append((template, route.method))
        }
        router.add(middleware: Fallback(environment: environment, routes: known))
        return router
    }

    private func register(
        _ router: Router<APIContext>, _ template: RouteTemplate, _ method: String, _ responder: some HTTPResponder<APIContext>
    ) {
        guard let method = HTTPRequest.Method(method) else { preconditionFailure("\(method) is no HTTP method") }
        router.on(RouterPath(template.routerPath), method: method, responder: responder)
    }

    /// HTTP/1.1 with this server's limits. For TLS, wrap it: `.tls(server.makeHTTP1(), tlsConfiguration: ...)`.
    package func makeHTTP1() -> HTTPServerBuilder {
        let limits = environment.limits
        let environment = environment
        return .http1(
            configuration: .init(
                additionalChannelHandlers: [ConnectionGuard(environment)],
                idleTimeout: TimeAmount(limits.idleTimeout),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.maximumHeaderBytes, maxHeaderListSize: limits.maximumHeaderBytes,
                    maxHeaderFieldCount: limits.maximumHeaderCount)))
    }

    /// A service that serves `router` at `address` and, on graceful shutdown, finishes the requests that are running: no new
    /// ones are taken, idle connections are closed at once.
    /// - Parameter builder: for TLS; ``makeHTTP1()`` when nil.
    package func makeApplication(
        router: Router<APIContext>, address: BindAddress, builder: HTTPServerBuilder? = nil,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> Application<RouterResponder<APIContext>> {
        Application(
            router: router, server: builder ?? makeHTTP1(),
            configuration: ApplicationConfiguration(
                address: address,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    environment.limits.maximumConnections, logger: environment.logger)),
            onServerRunning: onServerRunning, logger: environment.logger)
    }
}
