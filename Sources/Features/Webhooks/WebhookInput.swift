package import Contract
package import Core

/// What a request says of a webhook.
package struct WebhookInput: APIInput {
    package var url: String?
    package var description = Change<String>.keep
    package var events: [String]?
    package var headers = Change<NamedValues<String>>.keep
    package var isEnabled: Bool?
    package var retry = Change<RetryInput>.keep
    package var timeoutSeconds: Int?

    package init() {}

    package static let name = "WebhookInput"
    package static let fields: [InputField<Self>] = [
        InputField("url", "Where deliveries go: an https URL that is reachable from the internet.", .length(1...2048)) {
            $0.url = $1
        },
        InputField("description", "What it is for.", .ifSet(.length(0...500))) { $0.description = $1 },
        InputField("events", "The events it wants: names, `post.*` or `*`.", .count(1...100), .each(.length(1...64))) {
            $0.events = $1
        },
        InputField("headers", "Headers of every delivery, such as Authorization; at most 20.", Rule { headerIssue($0.value) }) {
            $0.headers = $1
        },
        InputField("enabled", "Whether deliveries are sent; true unless said otherwise. While false they are held.") {
            $0.isEnabled = $1
        },
        InputField("retry", "Its own retry schedule; null: the server's.") { $0.retry = $1 },
        InputField("timeoutSeconds", "How long an attempt may take, the answer's body included.", .range(1...30)) {
            $0.timeoutSeconds = $1
        },
    ]
    package static let example: JSONValue = [
        "url": "https://your-domain.com/webhook", "events": ["post.published", "post.failed"],
        "headers": ["Authorization": "Bearer YOUR_TOKEN"], "enabled": true,
    ]

    private static let reserved: Set<String> = [
        "host", "connection", "transfer-encoding", "te", "trailer", "upgrade", "expect", "user-agent", "keep-alive",
        "traceparent",
    ]
    private static let reservedPrefixes = ["content-", "proxy-", "webhook-", "x-audenci-"]

    private static func headerIssue(_ headers: NamedValues<String>?) -> String? {
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

/// What becomes of held deliveries when a webhook is enabled.
package struct EnableInput: APIInput {
    package enum Recover: String, Sendable, CaseIterable, APIEnum { case all, latest, none }
    package var recover = Recover.all
    package var count = 100

    package init() {}

    package static let name = "EnableInput"
    package static let fields: [InputField<Self>] = [
        InputField("recover", "all: send what was held; latest: the last `count` of it; none: cancel it.") { $0.recover = $1 },
        InputField("count", "How many, for latest.", .range(1...100_000)) { $0.count = $1 },
    ]
    package static let example: JSONValue = ["recover": "all"]
}

/// Which event a test sends.
package struct TestInput: APIInput {
    package var event: String?

    package init() {}

    package static let name = "WebhookTestInput"
    package static let fields: [InputField<Self>] = [
        InputField("event", "The event whose sample is sent; webhook.test unless said otherwise.") { $0.event = $1 }
    ]
    package static let example: JSONValue = ["event": "post.published"]
}
