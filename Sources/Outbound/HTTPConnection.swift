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

    private enum Phase {
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

    private let pool: ConnectionPool
    private let now: @Sendable () -> Instant
    private let tlsLimit: TimeAmount
    private let idleLimit: TimeAmount
    private let deadline: NIODeadline
    private let opening = OneShot<Opening>()

    private var phase = Phase.connecting
    private var context: ChannelHandlerContext?
    private var ssl: NIOSSLClientHandler?
    private var connectedAt = NIODeadline.distantPast
    private var endedUncleanly = false
    /// Why the peer ended an unused connection, if it said so.
    private var refusal: Failure?
    private var dueAt = NIODeadline.distantFuture
    private var timer: (task: Scheduled<Void>, firesAt: NIODeadline)?

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

    // MARK: Opening

    /// Puts TLS (verified against the host's name, or the address when the URL holds one) and this handler into a new channel.
    func install(in channel: any Channel, tls: NIOSSLContext?, serverName: String?) throws {
        if let tls {
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: serverName)
            ssl = handler
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        try channel.pipeline.syncOperations.addHandler(self)
    }

    /// Waits until the connection is ready for a request or has failed. The pool's slot stays with the caller until it is
    /// ready.
    func opened() async -> Opening {
        await opening.value { [self] in
            eventLoop.execute { self.failOpening(.cancelled(isBeforeEffect: true), mayTryNext: false) }
        }
    }

    /// The system's answer to the attempt to connect.
    func connectFailed(_ error: any Error, limit: TimeAmount) {
        failOpening(ConnectFailure.classify(error, origin: origin, limit: limit), mayTryNext: true)
    }

    private func failOpening(_ failure: Failure, mayTryNext: Bool) {
        switch phase {
        case .connecting, .securing: break
        case .idle, .busy, .closed: return
        }
        opening.settle(.failed(failure, mayTryNext: mayTryNext))
        finishClosing()
        forceClose()
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
        guard context.remoteAddress.flatMap(IPAddress.init(socketAddress:)) == address else {
            return failOpening(before(.blocked_address, "was reached at an address that was not checked."), mayTryNext: false)
        }
        guard ssl != nil else { return becomeReady(securedAt: nil) }
        phase = .securing
        arm(min(connectedAt + tlsLimit, deadline))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event, case .securing = phase { checkName() }
    }

    /// NIOSSL takes a certificate for the peer's *address* as good for any name. A name must be certified as a name.
    private func checkName() {
        if IPAddress(origin.host) == nil {
            let certificate = ssl?.peerCertificate.flatMap(PeerCertificate.init)
            guard let certificate, certificate.matches(host: origin.host) else {
                return failOpening(TLSFailure.hostname(origin: origin, certificate: certificate), mayTryNext: false)
            }
        }
        becomeReady(securedAt: .now())
    }

    private func becomeReady(securedAt: NIODeadline?) {
        phase = .idle
        arm(.now() + idleLimit)
        holdsSlot.store(true, ordering: .releasing)
        opening.settle(.opened(connectedAt: connectedAt, securedAt: securedAt))
    }

    // MARK: Exchanges

    /// Runs one exchange. Before this returns, the connection is back in the pool or closed.
    func perform(_ exchange: Exchange) async -> Exchange.Outcome {
        eventLoop.execute { self.start(exchange) }
        return await exchange.shot.value { [self] in
            eventLoop.execute { self.cancel(exchange) }
        }
    }

    private func start(_ exchange: Exchange) {
        guard case .idle = phase, let context, context.channel.isActive else {
            // Closed between leaving the pool and now: nothing was written.
            let failure = refusal ?? before(.connection_reset, "closed the connection at once.")
            exchange.shot.settle(exchange.isReused ? .stale : .failed(failure))
            return
        }
        guard !exchange.isCancelled, exchange.deadline > .now() else {
            pool.release(self)
            exchange.shot.settle(.failed(exchange.isCancelled ? .cancelled(isBeforeEffect: true) : timeout(exchange)))
            return
        }
        phase = .busy(exchange)
        arm(exchange.deadline)
        exchange.wroteAt = .now()
        exchange.unsent = exchange.request.body
        context.writeAndFlush(wrapOutboundOut(exchange.request.head), promise: nil)
        sendMore(exchange, context)
    }

    /// Feeds a large body in portions, as fast as the peer takes it.
    private func sendMore(_ exchange: Exchange, _ context: ChannelHandlerContext) {
        while context.channel.isWritable, case .busy(let current) = phase, current === exchange, var rest = exchange.unsent {
            let portion = rest.readSlice(length: min(65_536, rest.readableBytes))
            exchange.unsent = rest.readableBytes > 0 ? rest : nil
            if let portion { context.writeAndFlush(wrapOutboundOut(portion), promise: nil) }
        }
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
        case .connecting, .closed: forceClose()
        }
    }

    private func complete(_ exchange: Exchange) {
        finish(exchange, exchange.answer(from: address), keeps: exchange.parser.keepsConnection && exchange.unsent == nil)
    }

    private func cancel(_ exchange: Exchange) {
        exchange.isCancelled = true
        if case .busy(let current) = phase, current === exchange {
            finish(exchange, .failed(.cancelled(isBeforeEffect: false)), keeps: false)
        }
    }

    /// Ends the exchange. The connection is returned or closed first, so that the caller's next request finds it.
    private func finish(_ exchange: Exchange, _ outcome: Exchange.Outcome, keeps: Bool) {
        if keeps, context?.channel.isActive == true {
            phase = .idle
            arm(.now() + idleLimit)
            pool.release(self)
        } else {
            finishClosing()
            pool.closed(self)
            forceClose()
        }
        exchange.shot.settle(outcome)
    }

    // MARK: Closing and time

    /// Closes an idle connection with TLS's farewell; no request may be on its way. From any thread.
    func closeIdle() {
        eventLoop.execute {
            guard case .idle = self.phase else { return }
            self.finishClosing()
            self.context?.channel.close(promise: nil)
        }
    }

    /// Ends whatever goes on. From any thread.
    func abort() {
        eventLoop.execute {
            if case .busy(let exchange) = self.phase {
                let failure = Failure(.connection_reset, "This server is shutting down.", isBeforeEffect: false)
                self.finish(exchange, .failed(failure), keeps: false)
            } else {
                self.forceClose()
            }
        }
    }

    private func finishClosing() {
        phase = .closed
        timer?.task.cancel()
        timer = nil
    }

    /// Closes the socket at once. Waiting for the peer's farewell would keep the socket of one who never ends.
    private func forceClose() {
        guard let context else { return }
        if let below = ssl.flatMap({ try? context.pipeline.syncOperations.context(handler: $0) }) {
            below.close(promise: nil)
        } else {
            context.close(promise: nil)
        }
    }

    /// Sets when time is up. The timer is only moved when it would fire too late; firing early, it is set again. So a
    /// busy connection schedules one timer in many requests.
    private func arm(_ deadline: NIODeadline) {
        dueAt = deadline
        if let timer, timer.firesAt <= deadline { return }
        timer?.task.cancel()
        schedule(deadline)
    }

    private func schedule(_ deadline: NIODeadline) {
        timer = (eventLoop.scheduleTask(deadline: deadline) { self.timerFired() }, deadline)
    }

    private func timerFired() {
        timer = nil
        if NIODeadline.now() < dueAt { return schedule(dueAt) }
        switch phase {
        case .securing:
            let limit = dueAt - connectedAt
            failOpening(before(.tls_error, "did not finish the TLS handshake within \(limit.text)."), mayTryNext: false)
        case .busy(let exchange): finish(exchange, .failed(timeout(exchange)), keeps: false)
        case .idle: if pool.removeIdle(self) { closeIdle() }
        case .connecting, .closed: break
        }
    }

    private func timeout(_ exchange: Exchange) -> Failure {
        let limit = exchange.limit.text
        if exchange.wroteAt == nil { return before(.timeout, "took \(limit) to connect to, so that nothing was sent.") }
        guard exchange.parser.hasHead else { return after(.timeout, "did not answer within \(limit).") }
        let status = exchange.parser.status
        return after(.body_timeout, "answered with status \(status), but the answer's body did not end within \(limit).")
    }

    /// A failure before the request was sent; `what` is said of the peer.
    private func before(_ errorClass: OutboundError.Class, _ what: String) -> Failure {
        Failure(errorClass, "\(origin.name) \(what)", isBeforeEffect: true)
    }

    /// A failure after at least a part of the request was sent.
    private func after(_ errorClass: OutboundError.Class, _ what: String) -> Failure {
        Failure(errorClass, "\(origin.name) \(what)", isBeforeEffect: false)
    }
}
