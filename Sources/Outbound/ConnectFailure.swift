import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// Turns what the system says about a failed connect into a class and a sentence.
enum ConnectFailure {
    static func classify(_ error: any Error, origin: Origin, limit: TimeAmount) -> Failure {
        func fail(_ errorClass: OutboundError.Class, _ message: String) -> Failure {
            Failure(errorClass, message, isBeforeEffect: true)
        }
        if let error = error as? ChannelError, case .connectTimeout = error {
            return fail(.connect_timeout, "\(origin.name) did not accept a connection within \(limit.text).")
        }
        switch (error as? IOError)?.errnoCode {
        case ECONNREFUSED:
            return fail(.connect_refused, "\(origin.name) refused the connection: nothing listens on port \(origin.port).")
        case ETIMEDOUT: return fail(.connect_timeout, "\(origin.name) did not accept a connection in time.")
        case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, ENETDOWN, EHOSTDOWN, EACCES, EPERM:
            return fail(.network_unreachable, "There is no route to \(origin.name).")
        case ECONNRESET, EPIPE: return fail(.connection_reset, "\(origin.name) reset the connection at once.")
        case EMFILE, ENFILE: return fail(.network_unreachable, "This server has no file descriptors left for a connection.")
        default: return fail(.network_unreachable, "The connection to \(origin.name) could not be made.")
        }
    }

    /// A reset while TLS comes up; nil for every other error.
    static func resetDuringHandshake(_ error: any Error, origin: Origin) -> Failure? {
        guard let code = (error as? IOError)?.errnoCode, code == ECONNRESET || code == EPIPE else { return nil }
        return Failure(.connection_reset, "\(origin.name) reset the connection during the TLS handshake.", isBeforeEffect: true)
    }
}
