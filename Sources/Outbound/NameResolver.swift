package import Core

#if canImport(Glibc)
    import Glibc
#endif

/// Turns names into addresses. Blocking: the client calls it on a bounded set of threads of its own, caches what it says
/// and never asks twice at once for one name.
package protocol NameResolver: Sendable {
    /// Every address of `host` (lower case, never a literal), in the order in which they should be tried.
    func addresses(of host: String) throws(ResolutionFailure) -> [IPAddress]
}

/// A name without an address, and what is known about why.
package struct ResolutionFailure: Error, Hashable, Sendable {
    /// True when the name does not exist (or has no address); false when nobody could say.
    package let isUnknownName: Bool
    /// Completes "host: ".
    package let message: String

    package init(isUnknownName: Bool, _ message: String) {
        self.isUnknownName = isUnknownName
        self.message = message
    }
}

/// The system's own resolver, `getaddrinfo`: hosts file, resolv.conf and NSS as on the rest of the machine, answers
/// sorted by RFC 6724.
package struct SystemResolver: NameResolver {
    package init() {}

    package func addresses(of host: String) throws(ResolutionFailure) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            // -2 and -5 are EAI_NONAME and EAI_NODATA; the latter is not visible without _GNU_SOURCE.
            let isUnknown = code == -2 || code == -5
            let message = isUnknown ? "the name does not exist or has no address" : String(cString: gai_strerror(code))
            throw ResolutionFailure(isUnknownName: isUnknown, message)
        }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next {
            if let address = IPAddress(entry: entry.pointee), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }
}

extension IPAddress {
    fileprivate init?(entry: addrinfo) {
        guard let address = entry.ai_addr else { return nil }
        // Family and port take four bytes; IPv6 has its flow label before the address. (The members of these structs are
        // hidden here, as Swift ascribes them to a module of NIO's.)
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
        let number = { (range: Range<Int>) in bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        switch entry.ai_family {
        case AF_INET where bytes.count >= 8: self = .v4(UInt32(truncatingIfNeeded: number(4..<8)))
        case AF_INET6 where bytes.count >= 24: self = .v6(high: number(8..<16), low: number(16..<24))
        default: return nil
        }
    }
}
