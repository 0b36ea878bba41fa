import Contract
import Core
import Logging
import Metering

/// What all routes share. One object, so that a route holds one reference instead of a copy.
final class HTTPEnvironment: Sendable {
    let authenticate: APIServer.Authenticate
    let limiter: RateLimiter
    let ledger: RepeatLedger
    /// Without a slash at its end.
    let publicURL: String
    let ambient: Ambient
    let logger: Logger
    let logsAccess: Bool
    let limits: HTTPLimits
    let metrics: HTTPMetrics
    let translate: @Sendable (any Error) -> APIError?
    let history: APIHistory
    let requestIDs: RequestIDs

    init(
        authenticate: @escaping APIServer.Authenticate, limiter: RateLimiter, ledger: RepeatLedger, publicURL: String,
        ambient: Ambient, logger: Logger, logsAccess: Bool, limits: HTTPLimits, metrics: HTTPMetrics,
        history: APIHistory, translate: @escaping @Sendable (any Error) -> APIError?
    ) {
        self.authenticate = authenticate
        self.limiter = limiter
        self.ledger = ledger
        self.publicURL = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        self.ambient = ambient
        self.logger = logger
        self.logsAccess = logsAccess
        self.limits = limits
        self.metrics = metrics
        self.translate = translate
        self.history = history
        requestIDs = RequestIDs(ambient)
    }
}
