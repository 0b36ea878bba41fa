/// A block of addresses: all that share the first `prefix` bits.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    package let prefix: Int

    /// Nil when the prefix does not fit the family (0 to 32, 0 to 128) or the address has bits beyond it.
    package init?(_ address: IPAddress, prefix: Int) {
        guard (0...(address.isV6 ? 128 : 32)).contains(prefix), Self.masked(address, to: prefix) == address else { return nil }
        self.address = address
        self.prefix = prefix
    }

    package init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, prefix: Int) {
        address = .v4(UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d))
        self.prefix = prefix
    }

    /// A block named by its upper 64 bits.
    package init(v6 high: UInt64, prefix: Int) {
        address = .v6(high: high, low: 0)
        self.prefix = prefix
    }

    package func contains(_ other: IPAddress) -> Bool {
        address.isV6 == other.isV6 && Self.masked(other, to: prefix) == address
    }

    /// True when the block is one address.
    package var isSingle: Bool { prefix == (address.isV6 ? 128 : 32) }

    package var description: String { "\(address)/\(prefix)" }

    /// `address` with everything after its first `prefix` bits cleared. (Shifting by the full width gives zero in Swift.)
    package static func masked(_ address: IPAddress, to prefix: Int) -> IPAddress {
        switch address {
        case .v4(let bits): .v4(bits & (UInt32.max << UInt32(32 - prefix)))
        case .v6(let high, let low):
            .v6(
                high: high & (UInt64.max << UInt64(max(64 - prefix, 0))),
                low: low & (UInt64.max << UInt64(min(128 - prefix, 64))))
        }
    }
}

extension IPNetwork {
    /// Reads an address or a network in CIDR form, such as `10.1.0.0/16` or `fd00::5`.
    package init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first), parts.count <= 2 else { return nil }
        guard parts.count == 2 else { self.init(address, prefix: address.isV6 ? 128 : 32); return }
        guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy(\.isDigit), let prefix = Int(parts[1]) else { return nil }
        self.init(address, prefix: prefix)
    }
}
