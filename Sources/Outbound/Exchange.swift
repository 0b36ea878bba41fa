import Core
import NIOCore

/// One request on one connection. Its variables belong to the connection's event loop.
final class Exchange: @unchecked Sendable {
    enum Outcome: Sendable {
        case answered(OutboundResponse, ttfb: Double?)
        /// A reused connection ended without a byte of an answer.
        case stale
        case failed(Failure)
    }

    let request: RequestEncoder.Encoded
    let deadline: NIODeadline
    /// For messages.
    let limit: TimeAmount
    let isReused: Bool
    let shot = OneShot<Outcome>()

    // On the event loop only.
    var parser: ResponseParser
    var wroteAt: NIODeadline?
    var firstByteAt: NIODeadline?
    var unsent: ByteBuffer?
    var isCancelled = false

    init(
        _ request: RequestEncoder.Encoded, method: String, maximumBodyBytes: Int, deadline: NIODeadline, limit: TimeAmount,
        isReused: Bool
    ) {
        self.request = request
        self.deadline = deadline
        self.limit = limit
        self.isReused = isReused
        parser = ResponseParser(requestMethod: method, maximumBodyBytes: maximumBodyBytes)
    }

    /// The complete answer.
    func answer(from address: IPAddress) -> Outcome {
        let response = OutboundResponse(
            status: parser.status, headers: parser.headers, body: parser.body, isTruncated: parser.isTruncated,
            remoteAddress: address.description)
        var ttfb: Double?
        if let wroteAt, let firstByteAt { ttfb = (firstByteAt - wroteAt).inMilliseconds }
        return .answered(response, ttfb: ttfb)
    }
}
