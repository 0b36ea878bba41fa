import NIOCore

/// One request and its answer. On the event loop, unless said otherwise.
extension HTTPConnection {
    /// Runs one exchange. Before this returns, the connection is back in the pool or closed.
    func perform(_ exchange: Exchange) async -> Exchange.Outcome {
        eventLoop.execute { self.start(exchange) }
        return await exchange.shot.value { [self] in
            eventLoop.execute { self.cancel(exchange) }
        }
    }

    func start(_ exchange: Exchange) {
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
    func sendMore(_ exchange: Exchange, _ context: ChannelHandlerContext) {
        while context.channel.isWritable, case .busy(let current) = phase, current === exchange, var rest = exchange.unsent {
            let portion = rest.readSlice(length: min(65_536, rest.readableBytes))
            exchange.unsent = rest.readableBytes > 0 ? rest : nil
            if let portion { context.writeAndFlush(wrapOutboundOut(portion), promise: nil) }
        }
    }

    func complete(_ exchange: Exchange) {
        finish(exchange, exchange.answer(from: address), keeps: exchange.parser.keepsConnection && exchange.unsent == nil)
    }

    func cancel(_ exchange: Exchange) {
        exchange.isCancelled = true
        if case .busy(let current) = phase, current === exchange {
            finish(exchange, .failed(.cancelled(isBeforeEffect: false)), keeps: false)
        }
    }

    /// Ends the exchange. The connection is returned or closed first, so that the caller's next request finds it.
    func finish(_ exchange: Exchange, _ outcome: Exchange.Outcome, keeps: Bool) {
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

    func timeout(_ exchange: Exchange) -> Failure {
        let limit = exchange.limit.text
        if exchange.wroteAt == nil { return before(.timeout, "took \(limit) to connect to, so that nothing was sent.") }
        guard exchange.parser.hasHead else { return after(.timeout, "did not answer within \(limit).") }
        let status = exchange.parser.status
        return after(.body_timeout, "answered with status \(status), but the answer's body did not end within \(limit).")
    }

    /// A failure before the request was sent; `what` is said of the peer.
    func before(_ errorClass: OutboundError.Class, _ what: String) -> Failure {
        Failure(errorClass, "\(origin.name) \(what)", isBeforeEffect: true)
    }

    /// A failure after at least a part of the request was sent.
    func after(_ errorClass: OutboundError.Class, _ what: String) -> Failure {
        Failure(errorClass, "\(origin.name) \(what)", isBeforeEffect: false)
    }
}
