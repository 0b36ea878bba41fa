import Core

extension SMTPSettings {
    /// Reads `smtp://user:password@mail.example.org:587` or `smtps://...:465`; user, password and port may be left out.
    ///
    /// Options after `?`, joined by `&`: `tls=none` (for `smtp:` only) does without TLS, `hello=name` is what this server
    /// calls itself. User and password are percent-encoded.
    package init(url: String) throws(SMTPSettingsIssue) {
        guard url.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }), url.utf8.count <= 2_048 else { throw .badCharacter }
        let (security, rest) = try Self.scheme(of: url)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        // A password with a bare / or ? would otherwise be taken for a host and an option.
        guard !rest[end...].contains("@") else { throw .unencodedLogin }
        let authority = rest[..<end]
        let (login, place) = try Self.login(in: authority)
        let (host, port) = try Self.hostAndPort(place, default: security == .tls ? 465 : 587)
        let options = try Self.options(rest[end...])
        guard !(options.isWithoutTLS && security == .tls) else { throw .contradictoryTLS }
        self.init(
            host: host, port: port, security: options.isWithoutTLS ? .none : security, login: login, helloName: options.hello)
    }

    private static func scheme(of url: String) throws(SMTPSettingsIssue) -> (Security, Substring) {
        let lowercased = url.prefix(8).lowercased()
        if lowercased.hasPrefix("smtps://") { return (.tls, url.dropFirst(8)) }
        if lowercased.hasPrefix("smtp://") { return (.startTLS, url.dropFirst(7)) }
        throw .badScheme
    }

    private static func login(in authority: Substring) throws(SMTPSettingsIssue) -> (Login?, Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts.first, let last = parts.last, !first.isEmpty, !last.isEmpty else {
            throw .incompleteLogin
        }
        guard !authority[..<at].contains("@"), !last.contains(":"), let user = percentDecoded(first),
            let password = percentDecoded(last)
        else { throw .unencodedLogin }
        // NUL separates the parts of AUTH PLAIN.
        guard !user.utf8.contains(0), !password.utf8.contains(0) else { throw .badCharacter }
        return (Login(user: user, password: Secret(password)), authority[authority.index(after: at)...])
    }

    private static func hostAndPort(
        _ text: Substring, default port: Int
    ) throws(SMTPSettingsIssue) -> (host: String, port: Int) {
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { throw .badHost }
            let host = text[text.index(after: text.startIndex)..<close].lowercased()
            guard ServerName.isIPAddress(host), host.contains(":") else { throw .badHost }
            return (host, try Self.port(text[text.index(after: close)...], default: port))
        }
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let host = text[..<colon].lowercased()
        guard !host.isEmpty else { throw .noHost }
        guard ServerName.isIPAddress(host) || ServerName.isHostName(host) else { throw .badHost }
        return (host, try Self.port(text[colon...], default: port))
    }

    /// `text` is empty or a colon and a number.
    private static func port(_ text: Substring, default port: Int) throws(SMTPSettingsIssue) -> Int {
        guard !text.isEmpty else { return port }
        let digits = text.dropFirst()
        guard text.first == ":", (1...5).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }),
            let number = Int(digits), (1...65_535).contains(number)
        else { throw .badPort }
        return number
    }

    private static func options(_ text: Substring) throws(SMTPSettingsIssue) -> (isWithoutTLS: Bool, hello: String?) {
        var rest = text
        if rest.first == "/" { rest.removeFirst() }
        guard let mark = rest.popFirst() else { return (false, nil) }
        guard mark == "?" else { throw .unexpectedPath }
        var isWithoutTLS = false
        var hello: String?
        for option in rest.split(separator: "&", omittingEmptySubsequences: false) {
            if option == "tls=none" {
                isWithoutTLS = true
            } else if option.hasPrefix("hello="), ServerName.isHostName(String(option.dropFirst(6))) {
                hello = String(option.dropFirst(6))
            } else {
                throw .badOption
            }
        }
        return (isWithoutTLS, hello)
    }

    /// Nil when a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(Substring(rest.prefix(2)))
            guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
