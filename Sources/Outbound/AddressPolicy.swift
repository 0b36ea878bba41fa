package import Core

/// Which addresses may be reached. Pure: a decision over decoded bytes.
///
/// Everything is refused that is not global unicast; the operator's list opens exceptions; the server's own listening
/// addresses are refused even to those, unless named with their port.
package struct AddressPolicy: Sendable {
    /// Why an address may not be reached; `reason` completes the sentence "the address is ...".
    package struct Denial: Error, Hashable, Sendable {
        package let reason: String
    }

    /// An address with a port, such as one that this server listens on.
    package struct Endpoint: Hashable, Sendable {
        package let address: IPAddress
        package let port: Int

        package init(_ address: IPAddress, port: Int) {
            self.address = address
            self.port = port
        }
    }

    package let allow: OutboundAllowList
    /// Whether `http:` may be used at all. Even then it is for exact `host:port` entries of the allow list only.
    package let allowsPlainHTTP: Bool
    private let deny: Set<Endpoint>

    /// - Parameters:
    ///   - allow: the operator's exceptions, `AUDENCI_OUTBOUND_ALLOW`.
    ///   - deny: where this server listens itself; ``OwnAddresses`` lists it.
    package init(allow: OutboundAllowList = .none, deny: [Endpoint] = [], allowsPlainHTTP: Bool = false) {
        self.allow = allow
        self.deny = Set(deny)
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// Public addresses over TLS, no exceptions.
    package static let publicOnly = AddressPolicy()

    /// Decides about one address.
    /// - Parameter host: the name that resolved to it, for exact host entries of the allow list.
    /// - Returns: nil when it may be reached.
    package func denial(of address: IPAddress, port: Int, host: String? = nil) -> Denial? {
        let isNamedWithPort = host.map { allow.contains(host: $0, port: port) } ?? false || allow.contains(address, port: port)
        // Metadata services hand out credentials to whoever asks, so neither a name (its owner chooses the address) nor
        // a network opens the way to them: only the address itself does.
        if Self.isMetadataService(address) {
            return allow.containsExactly(address, port: port) ? nil : Denial(reason: "the cloud's metadata service")
        }
        if deny.contains(Endpoint(address, port: port)), !isNamedWithPort {
            return Denial(reason: "this server itself")
        }
        if isNamedWithPort || allow.contains(address) || host.map({ allow.contains(host: $0) }) ?? false { return nil }
        return Self.denial(of: address)
    }

    /// Whether a port may be used: 443, 8443 and everything from 1024, and any that the operator named with its host.
    package func allowsPort(_ port: Int, host: String) -> Bool {
        port == 443 || port == 8443 || (1024...65_535).contains(port) || namesExactly(host: host, port: port)
    }

    /// True when the allow list has this very `host:port` or `ip:port`.
    package func namesExactly(host: String, port: Int) -> Bool {
        allow.contains(host: host, port: port) || IPAddress(host).map { allow.contains($0, port: port) } ?? false
    }
}

extension AddressPolicy {
    /// The decision without any exceptions: nil for global unicast, which IPv4 is when no block below holds it, and IPv6
    /// when it is in 2000::/3 outside the blocks below and carries no IPv4 address inside.
    package static func denial(of address: IPAddress) -> Denial? {
        if let (_, reason) = denied.first(where: { $0.network.contains(address) }) { return Denial(reason: reason) }
        guard address.isV6 else { return nil }
        if address.isUnspecified { return Denial(reason: "not a destination") }
        if address == .v6(high: 0, low: 1) { return Denial(reason: "loopback") }
        if address.embeddedV4 != nil { return Denial(reason: "an IPv6 address with an IPv4 address inside") }
        return globalUnicast.contains(address) ? nil : Denial(reason: "not a public IPv6 address")
    }

    /// 169.254.169.254 (AWS, Google, Azure and most others), 100.100.100.200 (Alibaba), 168.63.129.16 (Azure's host) and
    /// fd00:ec2::254 (AWS), also when wrapped in IPv6.
    package static func isMetadataService(_ address: IPAddress) -> Bool {
        metadata.contains(address) || address.embeddedV4.map(metadata.contains) ?? false
    }

    private static let metadata: Set<IPAddress> = [
        .v4(0xA9FE_A9FE), .v4(0x6464_64C8), .v4(0xA83F_8110), .v6(high: 0xFD00_0EC2_0000_0000, low: 0x0254),
    ]

    private static let globalUnicast = IPNetwork(v6: 0x2000_0000_0000_0000, prefix: 3)

    /// The special-purpose registries of IANA (RFC 6890 and successors), minus what is globally reachable there.
    private static let denied: [(network: IPNetwork, reason: String)] = [
        (IPNetwork(0, 0, 0, 0, prefix: 8), "not a destination"),
        (IPNetwork(10, 0, 0, 0, prefix: 8), "in a private network"),
        (IPNetwork(100, 64, 0, 0, prefix: 10), "in a carrier's private network"),
        (IPNetwork(127, 0, 0, 0, prefix: 8), "loopback"),
        (IPNetwork(168, 63, 129, 16, prefix: 32), "the cloud's metadata service"),
        (IPNetwork(169, 254, 0, 0, prefix: 16), "link-local"),
        (IPNetwork(172, 16, 0, 0, prefix: 12), "in a private network"),
        (IPNetwork(192, 0, 0, 0, prefix: 24), "reserved for protocols"),
        (IPNetwork(192, 0, 2, 0, prefix: 24), "reserved for documentation"),
        (IPNetwork(192, 88, 99, 0, prefix: 24), "reserved for relays"),
        (IPNetwork(192, 168, 0, 0, prefix: 16), "in a private network"),
        (IPNetwork(198, 18, 0, 0, prefix: 15), "reserved for benchmarks"),
        (IPNetwork(198, 51, 100, 0, prefix: 24), "reserved for documentation"),
        (IPNetwork(203, 0, 113, 0, prefix: 24), "reserved for documentation"),
        (IPNetwork(224, 0, 0, 0, prefix: 4), "multicast"),
        (IPNetwork(240, 0, 0, 0, prefix: 4), "reserved"),
        (IPNetwork(v6: 0x0100_0000_0000_0000, prefix: 64), "a sink"),
        (IPNetwork(v6: 0x2001_0000_0000_0000, prefix: 23), "reserved for protocols and tunnels"),
        (IPNetwork(v6: 0x2001_0DB8_0000_0000, prefix: 32), "reserved for documentation"),
        (IPNetwork(v6: 0x2002_0000_0000_0000, prefix: 16), "a 6to4 tunnel"),
        (IPNetwork(v6: 0x3FFF_0000_0000_0000, prefix: 20), "reserved for documentation"),
        (IPNetwork(v6: 0x5F00_0000_0000_0000, prefix: 16), "reserved for routing"),
        (IPNetwork(v6: 0xFC00_0000_0000_0000, prefix: 7), "in a private network"),
        (IPNetwork(v6: 0xFE80_0000_0000_0000, prefix: 10), "link-local"),
        (IPNetwork(v6: 0xFEC0_0000_0000_0000, prefix: 10), "in a private network"),
        (IPNetwork(v6: 0xFF00_0000_0000_0000, prefix: 8), "multicast"),
    ]
}
