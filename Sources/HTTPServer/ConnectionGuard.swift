import Contract
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Watches one connection for what happens before, between and beside requests, where no route can answer: requests that
/// are not HTTP, bodies that never end, and `Expect: 100-continue`.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let environment: HTTPEnvironment
    private var unanswered = 0
    private var isReceiving = false
    private var isRefused = false
    private var deadline: Scheduled<Void>?

    init(_ environment: HTTPEnvironment) { self.environment = environment }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            unanswered += 1
            isReceiving = true
            answerExpectation(head, context)
        case .body: break
        case .end:
            isReceiving = false
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    /// Only a request whose end did not come along with its head needs a clock: most never get here with one open.
    func channelReadComplete(context: ChannelHandlerContext) {
        if isReceiving, deadline == nil {
            // The grace is time for the 408 that a route answers; this is for bodies that no route reads.
            let limits = environment.limits
            deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.bodyDeadline + limits.bodyGrace)) {
                context.close(promise: nil)
            }
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered = max(unanswered - 1, 0) }
        context.write(data, promise: promise)
    }

    /// A client that asks first shall not wait for its timer (curl: one second) before it sends the body.
    private func answerExpectation(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        guard unanswered == 1, head.headerFields[.expect]?.lowercased() == "100-continue",
            head.headerFields[.contentLength].flatMap({ Int($0) }) ?? 0 <= environment.limits.maximumBodyBytes
        else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isMalformed = error is HTTPParserError || error is HTTP1TypeConversionError
        guard isMalformed, unanswered == 0, !isRefused else {
            context.fireErrorCaught(error)
            return
        }
        isRefused = true
        refuse(context)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let requestID = environment.requestIDs.next()
        let limit = environment.limits.maximumHeaderBytes
        let error = APIError(.invalidRequest, "This is not a valid HTTP/1.1 request, or its headers exceed \(limit) bytes.")
        let body = error.body(requestID: requestID, publicURL: environment.publicURL)
        var fields = HTTPFields()
        for field in [HTTPField.json, .noStore, .noSniff, .close] { fields.append(field) }
        fields.append(HTTPField(name: .requestID, value: requestID))
        fields.append(HTTPField(name: .contentLength, value: String(body.count)))
        environment.metrics.route("*", "malformed").record(status: 400, microseconds: 0)
        context.write(wrapOutboundOut(.head(HTTPResponse(status: .badRequest, headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // Closing at once, with bytes of the client unread, would make its kernel throw our answer away.
        context.close(mode: .output, promise: nil)
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) { context.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isRefused, let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }
}
