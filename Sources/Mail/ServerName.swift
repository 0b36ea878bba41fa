import NIOCore
import NIOSSL

/// What a mail server is called, and whether its certificate says the same.
enum ServerName {
    static func isIPAddress(_ host: String) -> Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }

    /// Whether `host` can be looked up: labels of letters, digits, hyphens and underscores, the last with a letter (else it
    /// is a number that some look-ups take for an address).
    static func isHostName(_ host: String) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return false
        }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
    }

    /// Whether `certificate` is for the name `host` (lower case): NIOSSL also takes one for the peer's *address* as good for
    /// any name, which whoever answers look-ups could use. `*` stands for the whole first label (RFC 6125).
    static func isCertified(_ host: String, by certificate: NIOSSLCertificate) -> Bool {
        certificate._subjectAlternativeNames().contains { name in
            guard name.nameType == .dnsName else { return false }
            let pattern = String(decoding: Array(name.contents), as: UTF8.self).lowercased()
            guard pattern.hasPrefix("*.") else { return pattern == host }
            guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
            return host[dot...] == pattern.dropFirst() && pattern.dropFirst(2).contains(".")
        }
    }
}
