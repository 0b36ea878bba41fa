import Core

/// The operator's exceptions to "public addresses only": the setting `AUDENCI_OUTBOUND_ALLOW`.
///
/// A comma separated list of hosts (`mastodon.lan`), hosts with a port (`mastodon.lan:3000`), addresses (`10.1.2.3`,
/// `fd00::5`), addresses with a port (`10.1.2.3:8080`, `[fd00::5]:8080`) and networks (`10.1.0.0/16`).
/// Names are exact: neither their siblings nor what is below them is meant.
package struct OutboundAllowList: Sendable, Hashable {
    /// An entry that cannot be meant, and how to write it.
    package struct Issue: Error, Hashable, Sendable, CustomStringConvertible {
        package let entry: String
        package let message: String
        package var description: String { "AUDENCI_OUTBOUND_ALLOW: \"\(entry)\" \(message)" }
    }

    private struct HostAndPort: Hashable, Sendable {
        let host: String
        let port: Int
    }

    private var hosts: Set<String> = []
    private var hostsWithPort: Set<HostAndPort> = []
    private var addresses: Set<IPAddress> = []
    private var endpoints: Set<AddressPolicy.Endpoint> = []
    private var networks: [IPNetwork] = []

    private init() {}

    /// No exceptions.
    package static let none = OutboundAllowList()

    /// Reads the setting. Spaces around entries and empty entries are ignored.
    package init(_ text: String) throws(Issue) {
        for part in text.split(separator: ",") {
            var entry = part
            while let first = entry.first, first.isWhitespace { entry.removeFirst() }
            while let last = entry.last, last.isWhitespace { entry.removeLast() }
            if !entry.isEmpty { try add(String(entry)) }
        }
    }

    func contains(host: String) -> Bool { hosts.contains(host) }
    func contains(host: String, port: Int) -> Bool { hostsWithPort.contains(HostAndPort(host: host, port: port)) }
    func contains(_ address: IPAddress, port: Int) -> Bool { endpoints.contains(.init(address, port: port)) }
    func contains(_ address: IPAddress) -> Bool {
        addresses.contains(address) || networks.contains { $0.contains(address) }
    }
    /// Named as a single address, with or without this port.
    func containsExactly(_ address: IPAddress, port: Int) -> Bool {
        addresses.contains(address) || contains(address, port: port)
    }

    private mutating func add(_ entry: String) throws(Issue) {
        func refuse(_ message: String) -> Issue { Issue(entry: entry, message: message) }
        guard entry.utf8.count <= 300 else { throw Issue(entry: String(entry.prefix(40)), message: "is too long.") }
        if entry.contains("://") { throw refuse("is a URL: write only the host, or host:port.") }
        if entry.contains("*") { throw refuse("has a wildcard: list each host, or the network as 10.1.0.0/16.") }
        if entry.contains("%") { throw refuse("has a zone: zones are not supported.") }
        if let slash = entry.firstIndex(of: "/") {
            guard let address = IPAddress(entry[..<slash]) else {
                throw refuse("is not a network: write it as 10.1.0.0/16 or fd00::/8.")
            }
            let digits = entry[entry.index(after: slash)...]
            let widest = address.isV6 ? 128 : 32
            guard digits.utf8.allSatisfy(\.isDigit), let prefix = Int(digits), prefix <= widest else {
                throw refuse("is not a network: the number after the slash is 0 to \(widest).")
            }
            guard let network = IPNetwork(address, prefix: prefix) else {
                throw refuse("has bits behind its prefix: write \(IPNetwork.masked(address, to: prefix))/\(prefix).")
            }
            if network.isSingle { addresses.insert(address) } else { networks.append(network) }
        } else if let address = IPAddress(entry) {
            addresses.insert(address)
        } else if entry.hasPrefix("[") {
            guard let close = entry.firstIndex(of: "]"),
                let address = IPAddress(entry[entry.index(after: entry.startIndex)..<close]), address.isV6
            else { throw refuse("is not an IPv6 address in brackets.") }
            let rest = entry[entry.index(after: close)...]
            if rest.isEmpty { addresses.insert(address); return }
            guard rest.first == ":", let port = Self.port(rest.dropFirst()) else {
                throw refuse("needs a port from 1 to 65535 after the bracket.")
            }
            endpoints.insert(.init(address, port: port))
        } else if let colon = entry.lastIndex(of: ":") {
            guard let port = Self.port(entry[entry.index(after: colon)...]) else {
                throw refuse("needs a port from 1 to 65535 after the colon.")
            }
            let name = entry[..<colon].lowercased()
            if let address = IPAddress(name), !address.isV6 {
                endpoints.insert(.init(address, port: port))
            } else {
                guard HostName.isValid(name) else { throw refuse("is not host:port, ip:port or [ipv6]:port.") }
                hostsWithPort.insert(HostAndPort(host: name, port: port))
            }
        } else {
            let name = entry.lowercased()
            guard HostName.isValid(name) else { throw refuse("is neither a host, an address nor a network.") }
            hosts.insert(name)
        }
    }

    private static func port(_ digits: some StringProtocol) -> Int? {
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit), let port = Int(digits),
            (1...65_535).contains(port)
        else { return nil }
        return port
    }
}
