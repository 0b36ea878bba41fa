/// An IPv4 or IPv6 address as its bits: decisions are made on these, never on text, because one address has many spellings.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Parses dotted decimal IPv4 (four numbers, no leading zeros) or RFC 4291 IPv6 without brackets or zone.
    /// Nil for every other spelling: decimal, octal, hexadecimal and short IPv4 included.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if let address = Self.parseV4(bytes[...]) {
            self = .v4(address)
        } else if let (high, low) = Self.parseV6(bytes[...]) {
            self = .v6(high: high, low: low)
        } else {
            return nil
        }
    }

    package var isV6: Bool {
        switch self {
        case .v4: false
        case .v6: true
        }
    }

    /// 4 or 16 bytes, in network order.
    package var bytes: [UInt8] {
        func bytes(_ bits: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
            stride(from: bits.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> $0) }
        }
        switch self {
        case .v4(let bits): return bytes(bits)
        case .v6(let high, let low): return bytes(high) + bytes(low)
        }
    }

    /// 0.0.0.0 or `::`, which as a listening address means every interface.
    package var isUnspecified: Bool { self == .v4(0) || self == .v6(high: 0, low: 0) }

    /// The IPv4 address that travels inside this IPv6 one: mapped, compatible, translated, NAT64, 6to4 or ISATAP.
    package var embeddedV4: IPAddress? {
        guard case .v6(let high, let low) = self else { return nil }
        let last = UInt32(truncatingIfNeeded: low)
        let isISATAP = low >> 32 == 0x5EFE || low >> 32 == 0x0200_5EFE
        switch (high, low >> 32) {
        case (0, 0), (0, 0xFFFF), (0, 0xFFFF_0000), (0x0064_FF9B_0000_0000, 0): return .v4(last)
        case _ where high >> 48 == 0x2002: return .v4(UInt32(truncatingIfNeeded: high >> 16))
        case _ where high >> 16 == 0x0064_FF9B_0001: return .v4(last)
        default: return isISATAP ? .v4(last) : nil
        }
    }

    package static func parseV4(_ text: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var count = 0
        for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...3).contains(part.count), part.allSatisfy(\.isDigit), part.count == 1 || part.first != UInt8(ascii: "0"),
                let number = UInt8(String(decoding: part, as: UTF8.self))
            else { return nil }
            value = value << 8 | UInt32(number)
            count += 1
        }
        return count == 4 ? value : nil
    }

    private static func parseV6(_ text: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
        let colon = UInt8(ascii: ":")
        guard text.count <= 45, text.contains(colon) else { return nil }
        var groups: [UInt16]
        if let gap = text.indices.first(where: { text[$0...].starts(with: [colon, colon]) }) {
            guard let before = parseGroups(text[..<gap], isTail: false),
                let after = parseGroups(text[(gap + 2)...], isTail: true), before.count + after.count <= 7
            else { return nil }
            groups = before + Array(repeating: 0, count: 8 - before.count - after.count) + after
        } else {
            guard let all = parseGroups(text, isTail: true), all.count == 8 else { return nil }
            groups = all
        }
        let high = groups.prefix(4).reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        let low = groups.suffix(4).reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        return (high, low)
    }

    /// - Parameter isTail: the text ends the address, so its last part may be dotted IPv4.
    private static func parseGroups(_ text: ArraySlice<UInt8>, isTail: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if isTail, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let address = parseV4(part) else { return nil }
                groups += [UInt16(truncatingIfNeeded: address >> 16), UInt16(truncatingIfNeeded: address)]
            } else {
                guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}

extension IPAddress: CustomStringConvertible {
    /// The one canonical spelling: dotted decimal, or RFC 5952 without brackets.
    package var description: String {
        switch self {
        case .v4(let bits):
            return [24, 16, 8, 0].map { String(bits >> UInt32($0) & 0xFF) }.joined(separator: ".")
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> UInt64($0) & 0xFFFF } }
            // The longest run of at least two zero groups, the first of equals, is written as `::`.
            var best = 0..<0
            var start = 0
            for index in 0...8 where index == 8 || groups[index] != 0 {
                if index - start > max(best.count, 1) { best = start..<index }
                start = index + 1
            }
            let text = groups.map { String($0, radix: 16) }
            if best.isEmpty { return text.joined(separator: ":") }
            return text.prefix(best.lowerBound).joined(separator: ":") + "::"
                + text.suffix(8 - best.upperBound).joined(separator: ":")
        }
    }

    /// As it stands in a URL's authority: IPv6 in brackets.
    package var urlText: String { isV6 ? "[\(self)]" : description }
}
