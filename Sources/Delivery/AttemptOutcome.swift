package import Core
package import Outbound

/// What an attempt means for its delivery: pure.
package struct AttemptOutcome: Sendable, Hashable {
    package enum Verdict: Sendable, Hashable {
        case delivered
        /// Try again; not before this much time has passed, when the receiver said so.
        case retry(notBefore: Duration?)
        /// The webhook names this status as one that another try does not change.
        case final
        /// 410: the receiver is gone and says so; nothing more is sent to it.
        case gone
    }
    package var verdict: Verdict
    package var statusCode: Int?
    package var errorClass: String?
    package var message: String?

    /// Judges what came back.
    package init(_ result: Result<OutboundResponse, OutboundError>, finalStatuses: [Int] = [], now: Instant) {
        switch result {
        case .failure(let error):
            self.init(verdict: .retry(notBefore: nil), errorClass: error.errorClass.rawValue, message: error.message)
        case .success(let response):
            let status = response.status
            switch status {
            case 200..<300: self.init(verdict: .delivered, statusCode: status)
            case 410:
                self.init(
                    verdict: .gone, statusCode: status, errorClass: "http_4xx",
                    message: "The receiver answered 410 Gone; the webhook was disabled.")
            case _ where finalStatuses.contains(status):
                self.init(
                    verdict: .final, statusCode: status, errorClass: Self.errorClass(of: status),
                    message: "The receiver answered \(status), which the webhook names as final: nothing is tried again.")
            case 300..<400:
                let target = response.header("location").map { " to \($0.prefix(500))" } ?? ""
                self.init(
                    verdict: .retry(notBefore: nil), statusCode: status, errorClass: "http_3xx",
                    message: "The receiver redirected\(target); redirects are not followed: change the webhook's URL.")
            default:
                let wait =
                    Self.busyStatuses.contains(status)
                    ? response.header("retry-after").flatMap { Self.retryAfter($0, now: now) } : nil
                self.init(
                    verdict: .retry(notBefore: wait), statusCode: status, errorClass: Self.errorClass(of: status),
                    message: "The receiver answered \(status); a delivery succeeds with 2xx.")
            }
        }
    }

    /// True when the receiver asks for less: 429, and what proxies answer for a receiver that is overloaded.
    package var asksForLess: Bool { statusCode.map(Self.busyStatuses.contains) ?? false }
    private static let busyStatuses = [429, 502, 503, 504]

    private static func errorClass(of status: Int) -> String {
        switch status {
        case 300..<400: "http_3xx"
        case 400..<500: "http_4xx"
        default: "http_5xx"
        }
    }

    private init(verdict: Verdict, statusCode: Int? = nil, errorClass: String? = nil, message: String? = nil) {
        self.verdict = verdict
        self.statusCode = statusCode
        self.errorClass = errorClass
        self.message = message
    }

    /// Longest wait that a receiver can ask for.
    package static let longestWait = Duration.seconds(86_400)

    /// `Retry-After`: seconds, with or without a fraction, or an HTTP date. Nil for anything else; zero for the past; at
    /// most a day.
    package static func retryAfter(_ text: String, now: Instant) -> Duration? {
        let trimmed = text.drop { $0 == " " }
        // Only what RFC 9110 allows, and a fraction: `Double` would also read "0x10", "1e3" and "inf".
        if trimmed.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }), let seconds = Double(trimmed) {
            return min(.milliseconds(Int64(min(seconds, 1e6) * 1000)), longestWait)
        }
        guard let date = HTTPDate.parse(String(trimmed)) else { return nil }
        return min(max(date - now, .zero), longestWait)
    }
}
