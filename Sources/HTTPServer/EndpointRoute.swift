import Contract
import Core
import HTTPTypes
import Hummingbird
import Metering

/// An endpoint behind the router. One function from key to answer instead of a chain of middleware: each link of a chain
/// costs several allocations, and here the order can be read.
struct EndpointRoute: HTTPResponder {
    let environment: HTTPEnvironment
    let endpoint: Endpoint
    let template: RouteTemplate
    let metrics: RouteMetrics
    /// How older versions of the API differ here.
    let changes: [APIChange]

    func respond(to request: Request, context: APIContext) async throws -> Response {
        await Exchange.run(environment, metrics, request) { exchange in
            try environment.checkTarget(request)
            let address = context.channel.remoteAddress?.ipAddress
            var caller = try await environment.authenticate(try BearerToken.read(request.headers), address)
            exchange.caller = caller
            exchange.version = caller.version
            let allowance = try await environment.limiter.take(for: caller.organizationID, limit: caller.requestsPerHour)
            exchange.allowance = allowance
            try requireScope(caller)
            guard allowance.isAllowed else { throw overLimit(allowance, exchange) }
            let version = try version(of: request, caller)
            exchange.version = version
            let bridge = VersionBridge(changes, from: version)
            let input = try await environment.read(
                request, context, template, requestID: exchange.requestID, bodyLimit: endpoint.bodyLimit)
            guard endpoint.isWrite else {
                return exchange.response(to: bridge.downgraded(try await endpoint.respond(caller, input)), for: input)
            }
            caller.precondition = try input.header("if-match").map { header throws(APIError) in
                try Precondition(ifMatch: header)
            }
            let scope = try RequestScope(caller, endpoint, input, address: address)
            let upgraded = bridge.upgraded(input)
            let reply = try await environment.ledger.answer(scope) { try await endpoint.respond(caller, upgraded) }
            return exchange.response(to: bridge.downgraded(reply), for: input)
        }
    }

    /// The version that the request asks for, or else the one that its key is pinned to.
    private func version(of request: Request, _ caller: Caller) throws(APIError) -> APIVersion {
        guard let date = request.headers[.apiVersion] else { return caller.version }
        return try environment.history.version(date, field: APIHistory.header)
    }

    private func requireScope(_ caller: Caller) throws(APIError) {
        let needed = endpoint.scope.rawValue
        guard caller.scope >= endpoint.scope else {
            throw APIError(
                .insufficientScope, "This needs a key of scope \(needed); the key's scope is \(caller.scope.rawValue).",
                headers: [("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"\(needed)\"")])
        }
        guard caller.role >= endpoint.role else {
            throw APIError(
                .forbidden,
                "This needs the role \(endpoint.role.rawValue) or more; the member who made this key is \(caller.role.rawValue)."
            )
        }
    }

    private func overLimit(_ allowance: Allowance, _ exchange: Exchange) -> APIError {
        let seconds = max(exchange.secondsToReset(allowance), 1)
        return APIError(
            .rateLimited,
            "The organization has used up its \(allowance.limit) requests of this hour; try again in \(seconds) seconds.",
            headers: [("Retry-After", String(seconds))])
    }
}

/// The key in `Authorization: Bearer KEY`.
enum BearerToken {
    /// - Throws: 401 when there is none.
    static func read(_ headers: HTTPFields) throws(APIError) -> Secret {
        guard let value = headers[.authorization] else {
            throw APIError(.unauthorized, "There is no API key; send Authorization: Bearer YOUR_API_KEY.")
        }
        let scheme = value.prefix(7)
        let token = value.dropFirst(7).drop { $0 == " " }
        guard scheme.lowercased() == "bearer ", !token.isEmpty, value.utf8.count <= 1024 else {
            throw APIError(.unauthorized, "The Authorization header is not of the form Bearer YOUR_API_KEY.")
        }
        return Secret(String(token))
    }
}
