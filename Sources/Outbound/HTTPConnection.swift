import Core
import NIOCore
import NIOSSL
import NIOTLS
import Synchronization

/// One connection: TLS comes up, then one exchange at a time. Everything but `holdsSlot` and the constants belongs to the
/// event loop, which is why the class may be sent between threads.
final class HTTPConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Opening: Sendable {
        case opened(connectedAt: NIODeadline, securedAt: NIODeadline?)
        case failed(Failure, mayTryNext: Bool)
    }

    enum Phase {
        case connecting
        case securing
        case idle
        case busy(Exchange)
        case closed
    }

    let origin: Origin
    let address: IPAddress
    let eventLoop: any EventLoop
    /// Whether one of the pool's slots is taken by this connection (before it is ready, the slot is its opener's).
    /// Whoever sets it to false gives the slot back.
    let holdsSlot = Atomic(false)

    let pool: ConnectionPool
    let now: @Sendable () -> Instant
    let tlsLimit: TimeAmount
    let idleLimit: TimeAmount
    let deadline: NIODeadline
    let opening = OneShot<Opening>()

    /// True when the connection goes to the operator's proxy, which connects on to the vetted address. Set before it opens.
    var isProxied = false
    var phase = Phase.connecting
    var context: ChannelHandlerContext?
    var ssl: NIOSSLClientHandler?
    var connectedAt = NIODeadline.distantPast
    var endedUncleanly = false
    /// Why the peer ended an unused connection, if it said so.
    var refusal: Failure?
    var dueAt = NIODeadline.distantFuture
    var timer: (task: Scheduled<Void>, firesAt: NIODeadline)?

    init(
        origin: Origin, address: IPAddress, eventLoop: any EventLoop, pool: ConnectionPool, limits: OutboundLimits,
        deadline: NIODeadline, now: @escaping @Sendable () -> Instant
    ) {
        self.origin = origin
        self.address = address
        self.eventLoop = eventLoop
        self.pool = pool
        self.now = now
        self.deadline = deadline
        tlsLimit = limits.tls.timeAmount
        idleLimit = limits.idle.timeAmount
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if case .closed = phase { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        ssl = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        guard case .connecting = phase else { return forceClose() }
        connectedAt = .now()
        // What getpeername says must be what was vetted; it always is, as nothing but the address was ever connected to.
        guard isProxied || context.remoteAddress.flatMap(IPAddress.init(socketAddress:)) == address else {
            return failOpening(before(.blocked_address, "was reached at an address that was not checked."), mayTryNext: false)
        }
        guard ssl != nil else { return becomeReady(securedAt: nil) }
        phase = .securing
        arm(min(connectedAt + tlsLimit, deadline))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event, case .securing = phase { checkName() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .busy(let exchange) = phase { sendMore(exchange, context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        switch phase {
        case .busy(let exchange):
            if exchange.firstByteAt == nil { exchange.firstByteAt = .now() }
            do throws(ResponseParser.Fault) {
                if try exchange.parser.feed(bytes) { complete(exchange) }
            } catch {
                finish(exchange, .failed(after(.invalid_response, "answered \(error.explanation)")), keeps: false)
            }
        case .idle:
            // Bytes that answer nothing would be taken for the next answer.
            forceClose()
        case .connecting, .securing, .closed: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let wasOpening: Bool
        switch phase {
        case .connecting, .securing: wasOpening = true
        case .busy(let exchange):
            wasOpening = false
            if exchange.parser.end(isClean: !endedUncleanly) {
                finish(exchange, exchange.answer(from: address), keeps: false)
            } else if exchange.isReused, !exchange.parser.hasBytes {
                finish(exchange, .stale, keeps: false)
            } else {
                let part = exchange.parser.hasBytes ? "in the middle of the answer" : "without an answer"
                finish(exchange, .failed(after(.connection_reset, "closed the connection \(part).")), keeps: false)
            }
        case .idle, .closed: wasOpening = false
        }
        if wasOpening {
            failOpening(before(.connection_reset, "closed the connection before a request was sent."), mayTryNext: false)
        } else {
            finishClosing()
            pool.closed(self)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch phase {
        case .securing:
            if let failure = ConnectFailure.resetDuringHandshake(error, origin: origin) {
                failOpening(failure, mayTryNext: false)
            } else {
                let failure = TLSFailure.classify(error, origin: origin, certificate: ssl?.peerCertificate, now: now())
                failOpening(failure, mayTryNext: false)
            }
        case .busy(let exchange):
            endedUncleanly = true
            // The end itself follows with channelInactive; anything else ends the exchange here.
            if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
            if error is BoringSSLError {
                let failure = TLSFailure.classify(error, origin: origin, certificate: nil, now: now())
                finish(exchange, .failed(Failure(failure.errorClass, failure.message, isBeforeEffect: false)), keeps: false)
            } else {
                forceClose()
            }
        case .idle:
            // With TLS 1.3 the peer's refusal (say, for want of a client certificate) comes when our handshake is done.
            if error is BoringSSLError { refusal = TLSFailure.classify(error, origin: origin, certificate: nil, now: now()) }
            forceClose()
        case .connecting:
            // Only a proxy has anything to say before the connection is up; another address may fare better.
            if let failure = error as? Failure { failOpening(failure, mayTryNext: true) } else { forceClose() }
        case .closed: forceClose()
        }
    }
}
