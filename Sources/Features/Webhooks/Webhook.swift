package import Contract
package import Core
import PayloadFormats

/// An endpoint that wants events.
package struct Webhook: Sendable {
    package var id: WebhookID
    package var organizationID: OrganizationID
    package var url: String
    package var description: String?
    /// Names and patterns; see ``EventPattern``.
    package var events: [String]
    package var isEnabled: Bool
    package var disabledReason: String?
    /// Sent with every delivery. Their values are secrets: shown as their last four characters.
    package var headers: [(name: String, value: Secret)]
    /// Its own schedule; nil: the server's.
    package var retrySchedule: RetrySchedule?
    package var timeoutSeconds: Int
    package var ordering: WebhookOrdering
    /// How long events are collected for one request; 0: every event has its own.
    package var batchSeconds: Int
    /// As it was written; nil: everything that matches ``events``.
    package var filter: JSONValue?
    package var options: WebhookOptions
    package var authentication: WebhookAuthentication?
    /// While it fails; nil: it does not.
    package var health: WebhookHealth?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

/// Batches as replies show them.
package struct BatchView: APIObject {
    package var seconds: Int
    package var maximumEvents: Int

    package static let name = "WebhookBatch"
    package static let properties: [Property<Self>] = [
        Property("seconds", "How long events are collected.") { $0.seconds },
        Property("maximumEvents", "At most this many in one request.") { $0.maximumEvents },
    ]
    package static let example = BatchView(seconds: 5, maximumEvents: 100)
}

/// A retry schedule as replies show it.
package struct RetryView: APIObject {
    package var schedule: RetrySchedule

    package static let name = "Retry"
    package static let properties: [Property<Self>] = [
        Property("preset", "Its name, when it has one.") { view in
            RetrySchedule.presets.first { $0.schedule == view.schedule }?.name.rawValue
        },
        Property("schedule", "The waits after each failed attempt.") { $0.schedule.delays.map { "\($0.components.seconds)s" } },
    ]
    package static let example = RetryView(schedule: RetrySchedule(delays: [.seconds(5), .seconds(30)]))
}

extension Webhook: APIObject {
    package static let name = "Webhook"
    package var entityVersion: Int64? { version }
    package static var isVolatile: Bool { true }
    package static let properties: [Property<Self>] = [
        Property("id", "The webhook's id.") { $0.id },
        Property("url", "Where deliveries go.") { $0.url },
        Property("description", "What it is for.") { $0.description },
        Property("events", "The events it wants.") { $0.events },
        Property("headers", "Headers of every delivery; values are shown as their last four characters.") { webhook in
            NamedValues(webhook.headers.map { (name: $0.name, value: masked($0.value)) })
        },
        Property("enabled", "Whether deliveries are sent; while not, they are held.") { $0.isEnabled },
        Property("disabledReason", "Why it was disabled, when the server did it.") { $0.disabledReason },
        Property("retry", "Its own retry schedule; null: the server's.") { $0.retrySchedule.map { RetryView(schedule: $0) } },
        Property("timeoutSeconds", "How long an attempt may take, the answer's body included.") { $0.timeoutSeconds },
        Property("format", "What the body looks like: Audenci's own, or what a service such as Slack understands.") {
            $0.options.format
        },
        Property("formatOptions", "What the format needs besides the event.") { $0.options.formatOptions.json },
        Property("payloadVersion", "The shape of Audenci's own body.") { $0.options.payloadVersion },
        Property("filter", "Which of the events it wants it really gets; null: all.") { $0.filter },
        Property("ordering", "none, entity (in order for each post, campaign or account) or strict (one after the other).") {
            $0.ordering
        },
        Property("batch", "Several events in one request, as a JSON array; null: one each.") { webhook in
            webhook.batchSeconds > 0
                ? BatchView(seconds: webhook.batchSeconds, maximumEvents: webhook.options.batchSize) : nil
        },
        Property("ratePerSecond", "At most this many requests in a second; null: as many as it takes.") {
            $0.options.ratePerSecond
        },
        Property("concurrency", "At most this many requests at the same time.") { $0.options.concurrency },
        Property("finalStatuses", "Statuses after which nothing is tried again, besides 410.") { $0.options.finalStatuses },
        Property("signatureFormat", "How X-Audenci-Signature is written.") { $0.options.signatureFormat },
        Property("ed25519", "Whether webhook-signature also carries a v1a signature by the server's public key.") {
            $0.options.isEd25519Signed
        },
        Property("authentication", "How deliveries show who they are, beyond their signature; secrets are masked.") {
            $0.authentication
        },
        Property("health", "While it fails: since when, and what follows; null: it does not.") { $0.health },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]

    /// What stands for the part of a header's value that is not shown.
    static let mask = "••••"

    /// A URL for logs and events: query strings often carry tokens, so they only show that there is one.
    package static func shown(_ url: String) -> String {
        guard let mark = url.firstIndex(of: "?") else { return url }
        return url[..<mark] + "?[redacted]"
    }

    /// The last four characters, of values that are long enough to keep the rest to themselves.
    static func masked(_ value: Secret) -> String {
        let text = value.reveal()
        return text.count >= 12 ? mask + text.suffix(4) : mask
    }

    package static let example = Webhook(
        id: ID("cmb2k7q0x0000000000000007"), organizationID: ID("clx789xyz"), url: "https://your-domain.com/webhook",
        description: "CRM sync", events: ["post.published", "post.failed"], isEnabled: true, disabledReason: nil,
        headers: [("Authorization", Secret("Bearer 0123456789abcdef"))], retrySchedule: nil, timeoutSeconds: 15,
        ordering: .none, batchSeconds: 0, filter: nil, options: WebhookOptions(), authentication: nil, health: nil,
        createdAt: Instant(seconds: 1_770_114_600), updatedAt: Instant(seconds: 1_770_114_600), version: 1)
}

/// A webhook with its secret: the 201 answer, and nothing else.
package struct NewWebhook: APIObject {
    package var webhook: Webhook
    package var secret: Secret

    package static let name = "NewWebhook"
    package static let properties: [Property<Self>] =
        Webhook.properties.map { property in property.lifted { $0.webhook } } + [
            Property("secret", "The key of the signatures. Store it now; GET .../secret shows it again to admin keys.") {
                $0.secret.reveal()
            }
        ]
    package static let example = NewWebhook(webhook: .example, secret: Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
}
