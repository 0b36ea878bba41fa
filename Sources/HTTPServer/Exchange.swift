import Contract
import Core
import HTTPTypes
import Hummingbird
import Logging
import Metering

/// One request and its answer: what is learnt on the way and shows in the headers and in the log.
struct Exchange {
    let environment: HTTPEnvironment
    let route: RouteMetrics
    let requestID: String
    let isLogged: Bool
    var caller: Caller?
    var allowance: Allowance?
    var version: APIVersion?
    private let start = ContinuousClock.now

    private init(_ environment: HTTPEnvironment, _ route: RouteMetrics, isLogged: Bool) {
        self.environment = environment
        self.route = route
        self.isLogged = isLogged && environment.logsAccess
        requestID = environment.requestIDs.next()
    }

    /// Lets `body` answer; whatever it throws becomes an error envelope. Counts and logs the result.
    static func run(
        _ environment: HTTPEnvironment, _ route: RouteMetrics, _ request: Request, isLogged: Bool = true,
        _ body: (inout Exchange) async throws -> Response
    ) async -> Response {
        environment.metrics.begin()
        var exchange = Exchange(environment, route, isLogged: isLogged)
        let response: Response
        do {
            response = try await body(&exchange)
        } catch {
            response = exchange.response(to: exchange.apiError(for: error), accept: request.headers[.accept])
        }
        environment.metrics.end()
        exchange.record(request, response)
        return response
    }

    private func record(_ request: Request, _ response: Response) {
        let elapsed = (ContinuousClock.now - start).components
        let microseconds = elapsed.seconds &* 1_000_000 &+ elapsed.attoseconds / 1_000_000_000_000
        route.record(status: response.status.code, microseconds: microseconds)
        guard isLogged else { return }
        // The metadata is built only if the level is on.
        environment.logger.info("request", metadata: accessRecord(request, response, microseconds))
    }

    /// An allowlist: never the body, the query, a header, or the path as sent.
    private func accessRecord(_ request: Request, _ response: Response, _ microseconds: Int64) -> Logger.Metadata {
        var record: Logger.Metadata = [
            "method": .string(LogText.safe(request.method.rawValue)),
            "route": .string(route.template),
            "status": .stringConvertible(response.status.code),
            "ms": .stringConvertible(Double(microseconds) / 1000),
            "bytes": .stringConvertible(request.method == .head ? 0 : response.body.contentLength ?? 0),
            "requestId": .string(requestID),
        ]
        if let caller {
            record["organizationId"] = .string(caller.organizationID.rawValue)
            record["keyId"] = .string(caller.keyID.rawValue)
        }
        return record
    }
}
