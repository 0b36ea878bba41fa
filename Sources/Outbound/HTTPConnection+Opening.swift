import Core
import NIOCore
import NIOSSL
import Synchronization

/// From nothing to a connection that can take a request. On the event loop, unless said otherwise.
extension HTTPConnection {
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

    func failOpening(_ failure: Failure, mayTryNext: Bool) {
        switch phase {
        case .connecting, .securing: break
        case .idle, .busy, .closed: return
        }
        opening.settle(.failed(failure, mayTryNext: mayTryNext))
        finishClosing()
        forceClose()
    }

    /// NIOSSL takes a certificate for the peer's *address* as good for any name. A name must be certified as a name.
    func checkName() {
        if IPAddress(origin.host) == nil {
            let certificate = ssl?.peerCertificate.flatMap(PeerCertificate.init)
            guard let certificate, certificate.matches(host: origin.host) else {
                return failOpening(TLSFailure.hostname(origin: origin, certificate: certificate), mayTryNext: false)
            }
        }
        becomeReady(securedAt: .now())
    }

    func becomeReady(securedAt: NIODeadline?) {
        phase = .idle
        arm(.now() + idleLimit)
        holdsSlot.store(true, ordering: .releasing)
        opening.settle(.opened(connectedAt: connectedAt, securedAt: securedAt))
    }
}
