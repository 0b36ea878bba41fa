import Core
import NIOCore

/// Asks a proxy for a connection to an address, before anything else is said on a channel. The handlers behind it see the
/// channel become active once the proxy has agreed.
final class ProxyHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Step { case connecting, greeting, authenticating, asking, done }

    private let proxy: EgressProxy
    private let target: IPAddress
    private let port: Int
    private let limit: TimeAmount
    private var step = Step.connecting
    private var received: [UInt8] = []
    private var timer: Scheduled<Void>?

    /// Longest answer that a proxy may give, in bytes.
    private static let maximumAnswer = 8192

    init(_ proxy: EgressProxy, target: IPAddress, port: Int, limit: TimeAmount) {
        self.proxy = proxy
        self.target = target
        self.port = port
        self.limit = limit
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: limit) {
            handler.value.fail(.connect_timeout, "did not answer in time", bound.value)
        }
        switch proxy.kind {
        case .connect:
            step = .asking
            let authority = target.isV6 ? "[\(target)]:\(port)" : "\(target):\(port)"
            var lines = ["CONNECT \(authority) HTTP/1.1", "Host: \(authority)"]
            if let username = proxy.username {
                let pair = "\(username):\(proxy.password?.reveal() ?? "")"
                lines.append("Proxy-Authorization: Basic \(Base64.encode(pair.utf8))")
            }
            send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), context)
        case .socks5:
            step = .greeting
            send(proxy.username == nil ? [5, 1, 0] : [5, 2, 0, 2], context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard step != .done else { return context.fireChannelRead(data) }
        received += unwrapInboundIn(data).readableBytesView
        guard received.count <= Self.maximumAnswer else { return fail(.invalid_response, "answered too much", context) }
        advance(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if step != .done { fail(.connection_reset, "closed the connection", context) }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    private func advance(_ context: ChannelHandlerContext) {
        switch (proxy.kind, step) {
        case (_, .connecting), (_, .done): return
        case (.connect, _): readConnectAnswer(context)
        case (.socks5, .greeting):
            guard received.count >= 2 else { return }
            let (version, method) = (received[0], received[1])
            received.removeFirst(2)
            switch (version, method) {
            case (5, 0): ask(context)
            case (5, 2):
                guard let username = proxy.username, let password = proxy.password else {
                    return fail(.invalid_response, "asks for credentials", context)
                }
                step = .authenticating
                let name = Array(username.utf8)
                let word = Array(password.reveal().utf8)
                send([1, UInt8(name.count)] + name + [UInt8(word.count)] + word, context)
            default: fail(.invalid_response, "accepts none of our ways to authenticate", context)
            }
        case (.socks5, .authenticating):
            guard received.count >= 2 else { return }
            let isAccepted = received[1] == 0
            received.removeFirst(2)
            if isAccepted { ask(context) } else { fail(.invalid_response, "refused the credentials", context) }
        case (.socks5, .asking): readSocksAnswer(context)
        }
    }

    private func ask(_ context: ChannelHandlerContext) {
        step = .asking
        let address = target.bytes
        send([5, 1, 0, target.isV6 ? 4 : 1] + address + [UInt8(port >> 8 & 0xFF), UInt8(port & 0xFF)], context)
    }

    private func readSocksAnswer(_ context: ChannelHandlerContext) {
        guard received.count >= 5 else { return }
        guard received[0] == 5, received[1] == 0 else {
            return fail(.connect_refused, "could not connect (SOCKS reply \(received[1]))", context)
        }
        let length: Int
        switch received[3] {
        case 1: length = 10
        case 4: length = 22
        case 3: length = 7 + Int(received[4])
        default: return fail(.invalid_response, "answered with something that is not SOCKS5", context)
        }
        guard received.count >= length else { return }
        received.removeFirst(length)
        finish(context)
    }

    private func readConnectAnswer(_ context: ChannelHandlerContext) {
        let end: [UInt8] = [13, 10, 13, 10]
        guard let head = received.indices.first(where: { received[$0...].starts(with: end) }) else { return }
        let line = String(decoding: received[..<head], as: UTF8.self).prefix { $0 != "\r\n" }
        let parts = line.split(separator: " ")
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
            return fail(.invalid_response, "answered with something that is not HTTP", context)
        }
        guard (200..<300).contains(status) else {
            return fail(status == 407 ? .invalid_response : .connect_refused, "answered \(status) to CONNECT", context)
        }
        received.removeFirst(head + end.count)
        finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        step = .done
        timer?.cancel()
        let rest = received
        received = []
        context.fireChannelActive()
        if !rest.isEmpty { context.fireChannelRead(wrapInboundOut(context.channel.allocator.buffer(bytes: rest))) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func fail(_ errorClass: OutboundError.Class, _ what: String, _ context: ChannelHandlerContext) {
        guard step != .done else { return }
        step = .done
        timer?.cancel()
        context.fireErrorCaught(
            Failure(errorClass, "The egress proxy \(proxy.host):\(proxy.port) \(what).", isBeforeEffect: true))
        context.close(promise: nil)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }
}
