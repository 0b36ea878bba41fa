package import Contract
package import Core
package import PayloadFormats

/// What a request says of a webhook.
package struct WebhookInput: APIInput {
    package var url: String?
    package var description = Change<String>.keep
    package var events: [String]?
    package var headers = Change<NamedValues<String>>.keep
    package var isEnabled: Bool?
    package var retry = Change<RetryInput>.keep
    package var timeoutSeconds: Int?
    package var ordering: WebhookOrdering?
    package var batch = Change<BatchInput>.keep
    package var filter = Change<JSONValue>.keep
    package var format: PayloadFormat?
    package var formatOptions = Change<JSONValue>.keep
    package var payloadVersion: PayloadVersion?
    package var signatureFormat: WebhookOptions.SignatureFormat?
    package var isEd25519Signed: Bool?
    package var ratePerSecond = Change<Double>.keep
    package var concurrency: Int?
    package var finalStatuses = Change<[Int]>.keep
    package var authentication = Change<WebhookAuthenticationInput>.keep

    package init() {}

    package static let name = "WebhookInput"
    package static let fields: [InputField<Self>] =
        [
            InputField("url", "Where deliveries go: an https URL that is reachable from the internet.", .length(1...2048)) {
                $0.url = $1
            },
            InputField("description", "What it is for.", .ifSet(.length(0...500))) { $0.description = $1 },
            InputField("events", "The events it wants: names, `post.*` or `*`.", .count(1...100), .each(.length(1...64))) {
                $0.events = $1
            },
            InputField(
                "headers", "Headers of every delivery, such as Authorization; at most 20.", Rule { headerIssue($0.value) }
            ) {
                $0.headers = $1
            },
            InputField("enabled", "Whether deliveries are sent; true unless said otherwise. While false they are held.") {
                $0.isEnabled = $1
            },
            InputField("retry", "Its own retry schedule; null: the server's.") { $0.retry = $1 },
            InputField("timeoutSeconds", "How long an attempt may take, the answer's body included.", .range(1...30)) {
                $0.timeoutSeconds = $1
            },
        ] + shaping

    private static let shaping: [InputField<Self>] = [
        InputField("format", "What the body looks like; found out from the url of a known service, when absent.") {
            $0.format = $1
        },
        InputField("formatOptions", "What the format needs besides the event, such as a template or a chat id.") {
            $0.formatOptions = $1
        },
        InputField("payloadVersion", "The shape of Audenci's own body; 2026-02 unless said otherwise.") {
            $0.payloadVersion = $1
        },
        InputField(
            "filter", "Which of the events it wants it really gets: brandIds, platforms, campaignIds, socialAccountIds, where."
        ) { $0.filter = $1 },
        InputField("ordering", "none (the default), entity or strict.") { $0.ordering = $1 },
        InputField("batch", "Collect events and send them in one request; not with ordering.") { $0.batch = $1 },
        InputField("ratePerSecond", "At most this many requests in a second: 0.1 to 1000.", .ifSet(.range(0.1...1000))) {
            $0.ratePerSecond = $1
        },
        InputField("concurrency", "At most this many requests at the same time; 8 unless said otherwise.", .range(1...64)) {
            $0.concurrency = $1
        },
        InputField(
            "finalStatuses", "Statuses after which nothing is tried again, such as 400.", .ifSet(.count(0...50)),
            Rule { statusIssue($0.value) }
        ) { $0.finalStatuses = $1 },
        InputField("signatureFormat", "How X-Audenci-Signature is written; hex unless said otherwise.") {
            $0.signatureFormat = $1
        },
        InputField("ed25519", "Add a v1a signature by the server's public key to webhook-signature.") {
            $0.isEd25519Signed = $1
        },
        InputField("authentication", "How deliveries show who they are, beyond their signature; null: not at all.") {
            $0.authentication = $1
        },
    ]

    private static func statusIssue(_ statuses: [Int]?) -> String? {
        statuses?.contains { !(300...599).contains($0) || $0 == 410 } == true
            ? "must hold statuses from 300 to 599 only, without 410, which is final anyway" : nil
    }
    package static let example: JSONValue = [
        "url": "https://your-domain.com/webhook", "events": ["post.published", "post.failed"],
        "headers": ["Authorization": "Bearer YOUR_TOKEN"], "enabled": true,
    ]
}

/// `{"seconds":5,"maximumEvents":100}` in a request.
package struct BatchInput: APIInput {
    package var seconds = 5
    package var maximumEvents = 100

    package init() {}

    package static let name = "WebhookBatchInput"
    package static let fields: [InputField<Self>] = [
        InputField("seconds", "How long events are collected.", required: true, .range(1...60)) { $0.seconds = $1 },
        InputField("maximumEvents", "At most this many in one request; 100 unless said otherwise.", .range(2...100)) {
            $0.maximumEvents = $1
        },
    ]
    package static let example: JSONValue = ["seconds": 5, "maximumEvents": 100]
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
