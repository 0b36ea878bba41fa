import Core
import NIOCore

/// The operator's way out: an HTTP proxy that understands CONNECT, or a SOCKS5 proxy. What it is asked to connect to is
/// always an address that was vetted here, never a name.
package struct EgressProxy: Sendable {
    enum Kind: Sendable { case connect, socks5 }

    let kind: Kind
    let host: String
    let port: Int
    let username: String?
    let password: Secret?
    let address: SocketAddress
    private let exempt: [Exemption]

    private enum Exemption: Sendable {
        case host(String)
        case below(String)
        case network(IPNetwork)
    }

    /// A setting that cannot be meant. Never holds the credentials.
    package struct Issue: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - text: `http://[user:password@]host:port` or `socks5://[user:password@]host:port`.
    ///   - exceptions: hosts, `.suffixes`, addresses and networks that are reached directly; comma separated.
    /// - Throws: ``Issue``, also when the proxy's name does not resolve: it is looked up once, here.
    package init(_ text: String, exceptions: String = "") throws(Issue) {
        let rest: Substring
        if text.hasPrefix("http://") {
            kind = .connect
            rest = text.dropFirst(7)
        } else if text.hasPrefix("socks5://") {
            kind = .socks5
            rest = text.dropFirst(9)
        } else {
            throw Issue(description: "allowed is http://host:port or socks5://host:port")
        }
        var authority = rest.last == "/" ? rest.dropLast() : rest
        if let at = authority.lastIndex(of: "@") {
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, parts.allSatisfy({ $0.utf8.count <= 255 }) else {
                throw Issue(description: "credentials are written user:password@")
            }
            username = String(parts[0])
            password = Secret(String(parts[1]))
            authority = authority[authority.index(after: at)...]
        } else {
            username = nil
            password = nil
        }
        guard let colon = authority.lastIndex(of: ":"), let port = Int(authority[authority.index(after: colon)...]),
            (1...65_535).contains(port), colon > authority.startIndex
        else { throw Issue(description: "has no port; allowed is http://host:port or socks5://host:port") }
        host = String(authority[..<colon])
        self.port = port
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw Issue(description: "the proxy's host \(host) cannot be resolved")
        }
        var exempt: [Exemption] = []
        for part in exceptions.split(separator: ",") {
            let entry = part.filter { !$0.isWhitespace }.lowercased()
            if entry.isEmpty { continue }
            if entry.hasPrefix(".") {
                exempt.append(.below(entry))
            } else if let slash = entry.firstIndex(of: "/") {
                guard let base = IPAddress(entry[..<slash]), let prefix = Int(entry[entry.index(after: slash)...]),
                    let network = IPNetwork(base, prefix: prefix)
                else { throw Issue(description: "the exception \(entry) is no network such as 10.0.0.0/8") }
                exempt.append(.network(network))
            } else {
                exempt.append(.host(entry))
            }
        }
        self.exempt = exempt
    }

    /// Whether this target is reached through the proxy.
    func serves(_ host: String, _ address: IPAddress) -> Bool {
        !exempt.contains { exemption in
            switch exemption {
            case .host(let name): name == host || name == address.description
            case .below(let suffix): host.hasSuffix(suffix)
            case .network(let network): network.contains(address)
            }
        }
    }
}
