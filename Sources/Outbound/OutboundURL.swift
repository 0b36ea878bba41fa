package import Core

/// A URL that passed the checks, taken apart once by this one strict parser; only the parts are used afterwards, so no
/// second parser can read it differently.
package struct OutboundURL: Hashable, Sendable {
    /// True for `https:`.
    package let isTLS: Bool
    /// Lower case name, or the canonical text of an address without brackets.
    package let host: String
    /// The host's address when the URL holds a literal.
    package let address: IPAddress?
    package let port: Int
    /// Path and query as they stand in the request line; at least `/`.
    package let target: String

    /// Longest URL that a webhook may have, in bytes.
    package static let maximumLength = 2_048

    /// Parses and checks `text` without any look-up: use it when a URL is entered.
    /// - Parameters:
    ///   - policy: decides about address literals, ports and plain HTTP.
    ///   - maximumLength: in bytes.
    package init(
        _ text: String, policy: AddressPolicy = .publicOnly, maximumLength: Int = OutboundURL.maximumLength
    ) throws(OutboundURLIssue) {
        let bytes = Array(text.utf8)
        guard bytes.count <= maximumLength else {
            throw OutboundURLIssue(.tooLong, "The URL is longer than \(maximumLength) characters.")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            throw OutboundURLIssue(.malformed, "The URL must be absolute: it begins with https://.")
        }
        switch String(decoding: bytes[..<colon], as: UTF8.self).lowercased() {
        case "https": isTLS = true
        case "http": isTLS = false
        default: throw OutboundURLIssue(.notHTTPS, "The URL must begin with https://.")
        }
        let rest = bytes[(colon + 3)...]
        let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
        let authority = try Self.parseAuthority(rest[..<end], defaultPort: isTLS ? 443 : 80)
        (host, address, port) = (authority.host, authority.address, authority.port)
        target = try Self.parseTarget(rest[end...])
        try check(against: policy)
    }

    /// `host`, with the port when it is not the scheme's own, as the `Host` header has it.
    package var hostHeader: String {
        let name = address?.urlText ?? host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    private func check(against policy: AddressPolicy) throws(OutboundURLIssue) {
        if !isTLS, !(policy.allowsPlainHTTP && policy.namesExactly(host: host, port: port)) {
            throw OutboundURLIssue(.notHTTPS, "The URL must begin with https://.")
        }
        guard policy.allowsPort(port, host: host) else {
            throw OutboundURLIssue(.badPort, "Port \(port) may not be used: use 443, 8443 or one from 1024 to 65535.")
        }
        if let address {
            if let denial = policy.denial(of: address, port: port, host: host) {
                throw OutboundURLIssue(.privateAddress, "The address \(address) is \(denial.reason). \(Self.advice)")
            }
        } else if HostName.isLocal(host), !policy.allow.contains(host: host), !policy.namesExactly(host: host, port: port) {
            throw OutboundURLIssue(.localName, "\(host) is a name of the local network. \(Self.advice)")
        }
    }

    private static let advice = "Use a host that is reachable from the internet."

    private static func parseAuthority(
        _ bytes: ArraySlice<UInt8>, defaultPort: Int
    ) throws(OutboundURLIssue) -> (host: String, address: IPAddress?, port: Int) {
        func bad(_ message: String) -> OutboundURLIssue { OutboundURLIssue(.badHost, message) }
        if bytes.contains(UInt8(ascii: "@")) {
            throw OutboundURLIssue(.hasCredentials, "The URL must not hold a user name or password: send them in a header.")
        }
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            throw bad("The host has letters outside ASCII: give it in its ASCII form, which begins with xn--.")
        }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "%") }) else {
            throw bad("The host must not have spaces, control characters, backslashes or percent signs.")
        }
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")),
                let address = IPAddress(String(decoding: bytes[(bytes.startIndex + 1)..<close], as: UTF8.self)), address.isV6
            else { throw bad("The host in brackets is not an IPv6 address.") }
            let rest = bytes[(close + 1)...]
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { throw bad("Only a port may follow the IPv6 address.") }
            return (address.description, address, try parsePort(rest.dropFirst(), default: rest.isEmpty ? defaultPort : nil))
        }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        let host = String(decoding: bytes[..<(colon ?? bytes.endIndex)], as: UTF8.self).lowercased()
        let port = try parsePort(colon.map { bytes[($0 + 1)...] } ?? [], default: colon == nil ? defaultPort : nil)
        guard !host.isEmpty else { throw bad("The URL has no host.") }
        if let address = IPAddress(host) { return (host, address, port) }
        if HostName.looksNumeric(host) { throw bad("Write an IPv4 address as four decimal numbers, such as 203.0.114.7.") }
        if host.hasSuffix(".") { throw bad("Leave out the dot at the end of the host.") }
        guard HostName.isValid(host) else { throw bad("The host is not a valid host name.") }
        return (host, nil, port)
    }

    private static func parsePort(_ digits: ArraySlice<UInt8>, default value: Int?) throws(OutboundURLIssue) -> Int {
        if let value { return value }
        guard (1...5).contains(digits.count), digits.allSatisfy(\.isDigit),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { throw OutboundURLIssue(.badPort, "The port must be a number from 1 to 65535.") }
        return port
    }

    private static func parseTarget(_ bytes: ArraySlice<UInt8>) throws(OutboundURLIssue) -> String {
        if bytes.contains(UInt8(ascii: "#")) {
            throw OutboundURLIssue(.hasFragment, "Leave out the part from # on: it is never sent to a server.")
        }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\\\"<>".utf8.contains($0) }) else {
            throw OutboundURLIssue(
                .malformed,
                "Path and query must be ASCII without spaces, quotes, backslashes and angle brackets: percent-encode them.")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("/") ? text : "/" + text
    }
}
