import Core
import Outbound

/// How a platform says no: what faults need to speak.
protocol SimulatedDialect {
    static var platform: Platform { get }
    static func error(status: Int) -> OutboundResponse
    /// After the effect took place; `status` when the fault names one.
    static func errorAfterEffect(status: Int?) -> OutboundResponse
    static func rateLimited(account: String, now: Instant) -> OutboundResponse
    static func tokenRejected() -> OutboundResponse
}

extension SimulatedDialect {
    /// Runs one step of the API behind the fault that waits for it, if any. A world that fails is a platform that is down.
    static func simulate(
        _ step: String, account: String, in world: any SimulatedWorld, _ effect: () async throws -> OutboundResponse
    ) async -> SimulatedAnswer {
        do {
            let fault = try await world.takeFault(platform: platform, account: account, step: step)
            switch fault?.mode {
            case nil: return .answer(try await effect())
            case .status: return .answer(error(status: fault?.status ?? 503))
            case .timeoutBeforeEffect: return .hang
            case .timeoutAfterEffect:
                _ = try await effect()
                return .hang
            case .errorAfterEffect:
                _ = try await effect()
                return .answer(errorAfterEffect(status: fault?.status))
            case .rateLimit: return .answer(rateLimited(account: account, now: world.now()))
            case .tokenRevoked: return .answer(tokenRejected())
            }
        } catch {
            return .answer(self.error(status: 503))
        }
    }
}

extension OutboundResponse {
    static func json(
        _ value: JSONValue, status: Int = 200, headers: [(name: String, value: String)] = []
    ) -> OutboundResponse {
        OutboundResponse(
            status: status, headers: [("Content-Type", "application/json; charset=utf-8")] + headers, body: value.bytes)
    }
}
