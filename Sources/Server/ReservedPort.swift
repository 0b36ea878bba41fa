import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A free port that the system chose, before anything listens on it: with port 0, links that are made before the server
/// listens name the right one too.
///
/// As long as this object lives, a socket that is bound and does not listen keeps others from being given the port. The
/// server's own may reuse addresses, as this one may, and is not kept from it (on Linux; elsewhere the port is let go at once).
final class ReservedPort: Sendable {
    let port: Int
    private let descriptor: Int32

    /// - Throws: ``SettingError`` when that host cannot be listened on.
    init(on host: String) throws {
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: 0)
        } catch {
            throw SettingError("AUDENCI_HOST=\(host) is no address of this machine: \(error)")
        }
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let descriptor = socket(address.protocol == .inet6 ? AF_INET6 : AF_INET, kind, 0)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let isBound = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) == 0 }
        guard isBound, let port = Self.port(of: descriptor) else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw SettingError("AUDENCI_HOST=\(host) cannot be listened on: \(reason)")
        }
        self.port = port
        self.descriptor = descriptor
        #if !os(Linux)
            close(descriptor)
        #endif
    }

    deinit {
        #if os(Linux)
            close(descriptor)
        #endif
    }

    private static func port(of descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        // Both families have the port at the same place, highest byte first.
        return code == 0 ? withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) } : nil
    }
}
