package import Contract
import Core
import PayloadFormats

/// REST hooks, as Zapier and its like subscribe: a webhook for each Zap, by one call each.
package struct HooksAPI: Sendable {
    let webhooks: WebhooksAPI

    package init(webhooks: WebhooksAPI) { self.webhooks = webhooks }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "POST", "/api/hooks", id: "hooks.subscribe", "Subscribe a URL to one event (REST hooks).", scope: .readWrite,
                errors: [.webhookURLNotHTTPS, .webhookURLRefused, .quotaExceeded], JSONBody(HookInput.self)
            ) { caller, input in
                guard let url = input.url else { throw APIError.invalid("hookUrl", "is required") }
                var webhook = WebhookInput()
                webhook.url = url
                webhook.events = [input.event]
                webhook.description = .set("REST hook")
                webhook.payloadVersion = .standard
                let new = try await webhooks.subscribe(webhook, for: caller)
                return Created(Hook(webhook: new.webhook), at: "/api/webhooks/\(new.webhook.id)")
            },
            Endpoint(
                "DELETE", "/api/hooks/{id}", id: "hooks.unsubscribe", "Unsubscribe a URL.", scope: .readWrite,
                PathParameter("id", as: WebhookID.self, "The id that the subscription was answered with.")
            ) { caller, id in
                try await webhooks.webhooks.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "GET", "/api/hooks/samples/{event}", id: "hooks.samples",
                "Up to three payloads of an event: real ones, or its sample when there are none.", scope: .readOnly,
                PathParameter("event", as: String.self, "The event's type.")
            ) { caller, type in
                guard let event = webhooks.events.first(where: { $0.type == type }) else { throw APIError.notFound("event") }
                let real = try await webhooks.feed.latest(type, limit: 3, for: caller)
                let bodies = real.map { Self.standard($0.id.rawValue, type, $0.body) }
                return Items(
                    bodies.isEmpty ? [Self.standard("evt_sample", type, OpenAPIDocument.envelopeExample(event).bytes)] : bodies)
            },
        ]
    }

    /// The payload as a hook gets it: Zapier tells events apart by `id`.
    private static func standard(_ id: String, _ type: String, _ body: [UInt8]) -> HookSample {
        HookSample(id: id, type: type, payload: (try? JSONValue(parsing: body)) ?? .null)
    }
}

/// A payload as a REST hook gets it.
struct HookSample: APIObject {
    var id: String
    var type: String
    var payload: JSONValue

    static let name = "HookSample"
    static let properties: [Property<Self>] = [
        Property("id", "The event's id.") { $0.id },
        Property("type", "What happened.") { $0.type },
        Property("timestamp", "When it happened.") { $0.payload["timestamp"]?.string },
        Property("data", "What it is about.") { $0.payload["data"] ?? .null },
        Property("organizationId", "The organization.") { $0.payload["organizationId"]?.string },
        Property("brandId", "The brand, when it is about one.") { $0.payload["brandId"]?.string },
        Property(omittable: "userId", "Who triggered it; absent when the system did.") { $0.payload["userId"]?.string },
    ]
    static let example = HookSample(
        id: "evt_sample", type: PostPublished.type, payload: OpenAPIDocument.envelopeExample(PostPublished.self))
}

/// A subscription by one call. Zapier says `hookUrl` or `target_url`, whatever its app was told.
struct HookInput: APIInput {
    var event = ""
    var url: String?

    init() {}

    static let name = "HookInput"
    static let fields: [InputField<Self>] = [
        InputField("event", "The event.", required: true, .length(1...64)) { $0.event = $1 },
        InputField("hookUrl", "Where it goes.", .length(1...2048)) { $0.url = $1 },
        InputField("target_url", "The same, by another name.", .length(1...2048)) { $0.url = $1 },
        InputField("url", "The same, by another name.", .length(1...2048)) { $0.url = $1 },
    ]
    static let example: JSONValue = ["event": "post.published", "hookUrl": "https://hooks.zapier.com/hooks/standard/1/abc"]
}

/// A subscription.
struct Hook: APIObject {
    var webhook: Webhook

    static let name = "Hook"
    static let properties: [Property<Self>] = [
        Property("id", "Unsubscribe with it.") { $0.webhook.id },
        Property("event", "The event.") { $0.webhook.events.first },
        Property("hookUrl", "Where it goes.") { $0.webhook.url },
    ]
    static let example = Hook(webhook: .example)
}
