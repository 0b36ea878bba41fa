/// The address of a platform's API in the one form in which it is stored and compared.
package enum AccountAddress {
    /// Scheme and host in lower case, no slash at the end; `https://` where no scheme is said. Nil for what has no host, or a
    /// user, query or fragment.
    package static func normalized(_ text: String) -> String? {
        var whole = text.contains("://") ? text : "https://" + text
        while whole.hasSuffix("/") { whole.removeLast() }
        guard let colon = whole.firstRange(of: "://") else { return nil }
        let scheme = whole[..<colon.lowerBound].lowercased()
        let rest = whole[colon.upperBound...]
        let host = rest.prefix { $0 != "/" }
        let isPlain = rest.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !rest.contains { "@?#\\%".contains($0) }
        guard scheme == "https" || scheme == "http", !host.isEmpty, isPlain else { return nil }
        return "\(scheme)://\(host.lowercased())\(rest[host.endIndex...])"
    }

    /// Scheme, host and port of a normalized address: whom it belongs to, whatever version of an API its path names.
    package static func origin(of address: String) -> String {
        guard let colon = address.firstRange(of: "://") else { return address }
        return String(address[..<(address[colon.upperBound...].firstIndex(of: "/") ?? address.endIndex)])
    }
}
