import NIOCore
import NIOSSL

/// Ends and times. On the event loop, unless said otherwise.
extension HTTPConnection {
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

    func finishClosing() {
        phase = .closed
        timer?.task.cancel()
        timer = nil
    }

    /// Closes the socket at once. Waiting for the peer's farewell would keep the socket of one who never ends.
    func forceClose() {
        guard let context else { return }
        if let below = ssl.flatMap({ try? context.pipeline.syncOperations.context(handler: $0) }) {
            below.close(promise: nil)
        } else {
            context.close(promise: nil)
        }
    }

    /// Sets when time is up. The timer is only moved when it would fire too late; firing early, it is set again. So a
    /// busy connection schedules one timer in many requests.
    func arm(_ deadline: NIODeadline) {
        dueAt = deadline
        if let timer, timer.firesAt <= deadline { return }
        timer?.task.cancel()
        schedule(deadline)
    }

    func schedule(_ deadline: NIODeadline) {
        timer = (eventLoop.scheduleTask(deadline: deadline) { self.timerFired() }, deadline)
    }

    func timerFired() {
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
}
