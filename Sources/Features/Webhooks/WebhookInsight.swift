package import Contract
import Core

/// Which event is to be explained, and by which filter.
struct ExplainInput: APIInput {
    var eventID = EventID("")
    var filter: JSONValue?

    init() {}

    static let name = "ExplainInput"
    static let fields: [InputField<Self>] = [
        InputField("eventId", "The event: the webhook-id header, or an id from GET /api/events.", required: true) {
            $0.eventID = $1
        },
        InputField("filter", "A filter to try instead of the webhook's own.") { $0.filter = $1 },
    ]
    static let example: JSONValue = ["eventId": "cmb2k7q0x0000000000000009"]
}

/// Why an event reaches a webhook, or does not.
package struct FilterExplanation: APIObject {
    var isSubscribed: Bool
    var findings: [FilterFinding]
    var delivery: Delivery?
    var webhook: Webhook
    var event: EventRecord

    /// One sentence: the first thing that stands in the way.
    var reason: String {
        if !isSubscribed {
            return "The webhook does not subscribe to \(event.type); it wants \(webhook.events.joined(separator: ", "))."
        }
        if let failed = findings.first(where: { !$0.holds }) {
            return "The filter keeps it back: \(failed.part): \(failed.detail)."
        }
        guard let delivery else {
            return event.createdAt < webhook.createdAt
                ? "The webhook did not exist yet when it happened; POST /api/webhooks/{id}/replay with states [\"missed\"] sends it."
                : "It matches, but had no delivery: the webhook or its filter was changed since. A replay of \"missed\" sends it."
        }
        switch delivery.state {
        case .succeeded: return "It was delivered."
        case .pending:
            return delivery.wakeAt == Delivery.blocked
                ? "It waits for earlier deliveries of its entity." : "It is about to be sent."
        case .inFlight: return "It is being sent at this moment."
        case .retrying:
            return
                "The last attempt failed (\(delivery.lastErrorClass ?? "unknown")); the next is due at \(delivery.wakeAt.map { "\($0)" } ?? "")."
        case .failed:
            return "All \(delivery.attempts) attempts failed, the last with \(delivery.lastErrorClass ?? "unknown"); resend it."
        case .held: return "The webhook is disabled; the delivery is held until it is enabled."
        case .filtered: return "The filter kept it back."
        case .cancelled: return "It was cancelled."
        }
    }

    package static let name = "FilterExplanation"
    package static let properties: [Property<Self>] = [
        Property("matches", "Whether the webhook wants it.") { $0.isSubscribed && $0.findings.allSatisfy(\.holds) },
        Property("reason", "In one sentence.") { $0.reason },
        Property("subscribed", "Whether `events` names it.") { $0.isSubscribed },
        Property("filter", "Each part of the filter and how the event fared with it.") { $0.findings },
        Property("delivery", "What became of it; null when there is no delivery.") { $0.delivery },
    ]
    package static let example = FilterExplanation(
        isSubscribed: true, findings: [.example], delivery: nil, webhook: .example, event: EventView.example.event)
}

/// What is to be previewed.
struct PreviewInput: APIInput {
    var event: String?
    var eventID: EventID?
    var changes: WebhookInput?

    init() {}

    static let name = "PreviewInput"
    static let fields: [InputField<Self>] = [
        InputField("event", "An event's type: its newest event, or its sample when there is none.") { $0.event = $1 },
        InputField("eventId", "A particular event.") { $0.eventID = $1 },
        InputField("webhook", "Changes to try, such as another format; nothing is saved.") { $0.changes = $1 },
    ]
    static let example: JSONValue = ["event": "post.published"]
}

/// A request that is not sent.
package struct WebhookPreview: APIObject {
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: String

    package init(method: String, url: String, headers: [(name: String, value: String)], body: String) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    package static let name = "WebhookPreview"
    package static let properties: [Property<Self>] = [
        Property("method", "Its method.") { $0.method },
        Property("url", "Where it would go; a query is redacted.") { $0.url },
        Property("headers", "Its headers, in order; values of your own are redacted, and signatures for read-only keys.") {
            NamedValues($0.headers)
        },
        Property("body", "Its body, byte for byte.") { $0.body },
        Property("curl", "The same as a command.") { $0.curl },
    ]
    package static let example = WebhookPreview(
        method: "POST", url: "https://your-domain.com/webhook", headers: [("Content-Type", "application/json")],
        body: #"{"event":"post.published"}"#)

    /// The same without what would make a receiver believe it.
    var unsigned: Self {
        var unsigned = self
        unsigned.headers = headers.map { header in
            let isSignature = Self.signatures.contains(header.name.lowercased())
            return (name: header.name, value: isSignature ? "[redacted]" : header.value)
        }
        return unsigned
    }
    private static let signatures = ["x-audenci-signature", "x-audenci-signature-next", "webhook-signature"]

    /// A command that sends the same; what is redacted has to be filled in.
    var curl: String {
        func quoted(_ text: String) -> String {
            "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        let parts = headers.map { "-H " + quoted("\($0.name): \($0.value)") }
        let data = body.isEmpty ? [] : ["--data-binary " + quoted(body)]
        return (["curl -X \(method) " + quoted(url)] + parts + data).joined(separator: " \\\n  ")
    }
}
