import Core
import NIOCore
import NIOHTTP1

/// One connection of a ``TestReceiver``: collects requests, plays answers.
final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let future: EventLoopFuture<TestReceiver>
    private var number = 0
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ receiver: EventLoopFuture<TestReceiver>) { future = receiver }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        future.hop(to: context.eventLoop).whenSuccess { this.value.number = $0.opened(channel) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        future.hop(to: context.eventLoop).whenSuccess { $0.closed(this.value.number) }
        context.fireChannelInactive()
    }

    /// What is no HTTP gets the answer that real servers give.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.close(promise: nil) }
        write(Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8), closes: true, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes): body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head else { return }
            let request = (
                method: head.method.rawValue, target: head.uri, headers: head.headers.map { (name: $0.name, value: $0.value) },
                body: body
            )
            let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            future.hop(to: context.eventLoop).whenSuccess { receiver in
                let (handler, context) = this.value
                let received = TestReceiver.Received(
                    method: request.method, target: request.target, headers: request.headers, body: request.body,
                    at: Ambient.live.now(), connection: handler.number)
                handler.play(receiver.record(received), context)
            }
        }
    }

    private func play(_ answer: TestAnswer, _ context: ChannelHandlerContext) {
        let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        if let gate = answer.gate {
            gate.opened.hop(to: context.eventLoop).whenSuccess { this.value.0.playNow(answer, this.value.1) }
            return
        }
        guard answer.delay > .zero else { return playNow(answer, context) }
        context.eventLoop.scheduleTask(in: .milliseconds(answer.delay.inMilliseconds)) {
            this.value.0.playNow(answer, this.value.1)
        }
    }

    private func playNow(_ answer: TestAnswer, _ context: ChannelHandlerContext) {
        switch answer.kind {
        case .respond(let status, let headers, let body):
            var text = "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n"
            for header in headers { text += "\(header.name): \(header.value)\r\n" }
            if status != 204, status != 304 { text += "Content-Length: \(body.count)\r\n" }
            if answer.closes { text += "Connection: close\r\n" }
            write(Array((text + "\r\n").utf8) + body, closes: answer.closes, context)
        case .raw(let bytes): write(bytes, closes: answer.closes, context)
        case .hang: break
        case .nothing: context.close(promise: nil)
        case .drip(let status, let step):
            write(Array("HTTP/1.1 \(status) OK\r\nContent-Length: 1000000\r\n\r\n".utf8), closes: false, context)
            drip(.milliseconds(step.inMilliseconds), context)
        case .endless:
            write(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8), closes: false, context)
            pour(context)
        }
    }

    private func write(_ bytes: [UInt8], closes: Bool, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        if closes { context.close(promise: nil) }
    }

    private func drip(_ step: TimeAmount, _ context: ChannelHandlerContext) {
        let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: step) {
            let (handler, context) = this.value
            guard context.channel.isActive else { return }
            handler.write([0x2E], closes: false, context)
            handler.drip(step, context)
        }
    }

    /// Writes the next chunk when the last one is on its way.
    private func pour(_ context: ChannelHandlerContext) {
        let chunk = Array("8000\r\n".utf8) + Array(repeating: 0x61, count: 0x8000) + [0x0D, 0x0A]
        let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: chunk))).whenSuccess {
            // Not in this call: a write that is done at once would recurse without end.
            this.value.1.eventLoop.execute { this.value.0.pour(this.value.1) }
        }
    }
}
