import Core

/// What counts as a host name, in lower case ASCII.
enum HostName {
    /// Labels of letters, digits, `-` and `_`, 1 to 63 bytes each and 253 in all, none starting or ending with `-`, no
    /// trailing dot, and not something that a resolver would read as a number.
    static func isValid(_ name: some StringProtocol) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        let labels = Array(name.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { $0.isDigit || $0.isLowercaseLetter || "-_".utf8.contains($0) }
        } && !looksNumeric(name)
    }

    /// True when the last label is a number (`1`, `0x7f`): `inet_aton` reads such hosts as IPv4 in decimal, octal,
    /// hexadecimal or short form. (The test of the WHATWG URL standard, "ends in a number".)
    static func looksNumeric(_ name: some StringProtocol) -> Bool {
        let labels = Array(name.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: true)
        guard let last = labels.last else { return false }
        if last.allSatisfy(\.isDigit) { return true }
        return last.starts(with: "0x".utf8) && last.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    /// Names that mean this machine or the local network, whatever a resolver says: single labels, `localhost` and the
    /// zones set aside for local use.
    static func isLocal(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return true }
        return ["localhost", "localdomain", "local", "internal", "lan"].contains(name[name.index(after: dot)...])
            || name.hasSuffix(".home.arpa")
    }
}
