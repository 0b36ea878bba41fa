import Contract

/// Which headers a webhook may have: none that belong to the delivery itself.
extension WebhookInput {
    private static let reserved: Set<String> = [
        "host", "connection", "transfer-encoding", "te", "trailer", "upgrade", "expect", "user-agent", "keep-alive",
        "traceparent",
    ]
    private static let reservedPrefixes = ["content-", "proxy-", "webhook-", "x-audenci-"]

    static func headerIssue(_ headers: NamedValues<String>?) -> String? {
        guard let pairs = headers?.pairs else { return nil }
        if pairs.count > 20 { return "has \(pairs.count) headers; allowed are at most 20" }
        if pairs.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) > 16_384 {
            return "has more than 16 KiB together"
        }
        var seen: Set<String> = []
        for (name, value) in pairs {
            let lower = name.lowercased()
            let isToken = !name.isEmpty && name.utf8.count <= 128 && name.utf8.allSatisfy(isTokenByte)
            if !isToken { return "has a name that HTTP does not allow; allowed are 1 to 128 letters, digits and hyphens" }
            if reserved.contains(lower) || reservedPrefixes.contains(where: lower.hasPrefix) {
                return "must not set \(name): it belongs to the delivery itself"
            }
            if !seen.insert(lower).inserted { return "names \(name) twice" }
            if value.utf8.count > 4096 { return "has a value of more than 4096 bytes at \(name)" }
            if value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                return "has a control character or line break in the value of \(name)"
            }
        }
        return nil
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
