import NIOCore

/// An ``OutboundError`` before its phases are known.
struct Failure: Error, Sendable {
    let errorClass: OutboundError.Class
    let message: String
    let isBeforeEffect: Bool

    init(_ errorClass: OutboundError.Class, _ message: String, isBeforeEffect: Bool) {
        self.errorClass = errorClass
        self.message = message
        self.isBeforeEffect = isBeforeEffect
    }

    static func cancelled(isBeforeEffect: Bool) -> Failure {
        Failure(.timeout, "The request was cancelled before an answer came.", isBeforeEffect: isBeforeEffect)
    }
}

extension ResponseParser.Fault {
    /// Completes "host answered ".
    var explanation: String {
        switch self {
        case .notHTTP: "with something that is not HTTP/1.1."
        case .lineEnding: "with a header line that does not end in CR LF."
        case .headTooLarge: "with more than \(ResponseParser.maximumHeadBytes / 1_024) KiB of headers."
        case .tooManyHeaders: "with more than \(ResponseParser.maximumHeaders) headers."
        case .badStatusLine: "with a malformed status line."
        case .badHeader: "with a malformed header."
        case .lengthAndCoding: "with both Content-Length and Transfer-Encoding, which is not allowed."
        case .badLength: "with a malformed or repeated Content-Length."
        case .badCoding: "with a Transfer-Encoding other than chunked."
        case .badChunk: "with a malformed chunked body."
        case .tooManyInterim: "with too many interim answers."
        case .switchedProtocols: "by switching to another protocol."
        }
    }
}

extension Duration {
    /// For NIO: whole nanoseconds between 1 ms and a day, which no deadline here exceeds.
    var timeAmount: TimeAmount {
        let clamped = Swift.min(Swift.max(self, .milliseconds(1)), .seconds(86_400))
        let (seconds, attoseconds) = clamped.components
        return .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension TimeAmount {
    var inMilliseconds: Double { Double(nanoseconds) / 1_000_000 }

    /// `15 s`, `0.3 s`.
    var text: String {
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
