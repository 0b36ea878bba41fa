package import Contract
import Core

package struct WebhooksAPI: Sendable {
    let webhooks: WebhookStore
    let deliveries: DeliveryStore
    let urls: any WebhookURLCheck
    let tester: any WebhookTester
    let events: [any Event.Type]
    let feed: EventStore
    let wake: WakeSignal

    package init(
        webhooks: WebhookStore, deliveries: DeliveryStore, feed: EventStore, urls: any WebhookURLCheck,
        tester: any WebhookTester, events: [any Event.Type]
    ) {
        self.webhooks = webhooks
        self.deliveries = deliveries
        self.urls = urls
        self.tester = tester
        self.events = events
        self.feed = feed
        wake = feed.outbox.wake
    }

    package var endpoints: [Endpoint] { managing + secrets + insight + working }

    private var managing: [Endpoint] {
        let id = PathParameter("id", as: WebhookID.self, "The webhook.")
        let refusals: [ErrorCode] = [.webhookURLNotHTTPS, .webhookURLRefused, .quotaExceeded, .conflict]
        return [
            Endpoint("GET", "/api/webhooks", id: "webhooks.list", "List the webhooks.", scope: .readOnly, PageParameters()) {
                caller, page in Paged(try await webhooks.list(for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/webhooks", id: "webhooks.create", "Create a webhook. Its secret is in the answer.",
                scope: .readWrite, errors: refusals, JSONBody(WebhookInput.self)
            ) { caller, input in
                let new = try await subscribe(input, for: caller)
                return Created(new, at: "/api/webhooks/\(new.webhook.id)")
            },
            Endpoint(
                "GET", "/api/webhooks/events", id: "webhooks.events", "List the events that webhooks can want.",
                scope: .readOnly,
                PageParameters()
            ) { _, page in
                let catalog = events.sorted { $0.type < $1.type }.map { CatalogEntry(event: $0) }
                return Paged(page.page(of: catalog) { Cursor(key: $0.event.type) })
            },
            Endpoint("GET", "/api/webhooks/{id}", id: "webhooks.get", "Get a webhook.", scope: .readOnly, id) { caller, id in
                OK(try await webhooks.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/webhooks/{id}", id: "webhooks.update", "Change a webhook; absent fields stay.", scope: .readWrite,
                errors: refusals, id, JSONBody(WebhookInput.self)
            ) { caller, id, input in try await update(caller, id, input) },
            Endpoint(
                "DELETE", "/api/webhooks/{id}", id: "webhooks.delete", "Delete a webhook; what is open is cancelled.",
                scope: .readWrite, id
            ) { caller, id in
                try await webhooks.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "POST", "/api/webhooks/{id}/enable", id: "webhooks.enable", "Enable a webhook and recover what was held.",
                scope: .readWrite, id, JSONBody(EnableInput.self, optional: true)
            ) { caller, id, input in
                let webhook = try await webhooks.enable(id, input, for: caller)
                wake.signal()
                return OK(webhook)
            },
            Endpoint(
                "POST", "/api/webhooks/{id}/disable", id: "webhooks.disable", "Disable a webhook; events are held.",
                scope: .readWrite, id
            ) { caller, id in OK(try await webhooks.disable(id, for: caller)) },
        ]
    }

    /// Adds a webhook, once what is said of it is known to be usable.
    func subscribe(_ input: WebhookInput, for caller: Caller) async throws -> NewWebhook {
        let (url, events) = try await checked(input)
        guard let url, let events else {
            let missing = [("url", url == nil), ("events", events == nil)].filter(\.1)
            throw APIError.invalid(missing.map { FieldIssue($0.0, "is required") })
        }
        return try await webhooks.create(input, url: url, events: events, for: caller)
    }

    private func update(_ caller: Caller, _ id: WebhookID, _ input: WebhookInput) async throws -> OK<Webhook> {
        _ = try await checked(input)
        let webhook = try await webhooks.update(id, with: input, for: caller)
        wake.signal()
        return OK(webhook)
    }

    /// The URL and the events, once they are known to be usable.
    private func checked(_ input: WebhookInput) async throws -> (url: String?, events: [String]?) {
        let known = events.map { $0.type }
        let issues = (input.events ?? []).enumerated().compactMap { index, pattern in
            EventPattern.issue(pattern, known: known).map { FieldIssue("events[\(index)]", $0) }
        }
        guard issues.isEmpty, input.issues.isEmpty else { throw APIError.invalid(issues + input.issues) }
        if let url = input.url { try await urls.check(url) }
        if let authentication = input.authentication.value?.value {
            try await urls.check(authentication, now: webhooks.ambient.now())
        }
        return (input.url, input.events)
    }

    static func sample(of event: any Event.Type, in envelope: Envelope) -> [UInt8] {
        func bytes<E: Event>(_: E.Type) -> [UInt8] { envelope.bytes(of: E.example) }
        return bytes(event)
    }
}

/// An event, as the catalogue shows it.
struct CatalogEntry: APIObject {
    var event: any Event.Type

    static let name = "CatalogEntry"
    static let properties: [Property<Self>] = [
        Property("type", "The word to subscribe to.") { $0.event.type },
        Property("summary", "What happened.") { $0.event.summary },
        Property("schema", "JSON Schema of the event's data.") { JSONValue.object($0.event.dataSchema) },
        Property("sample", "A payload as it would be sent.") { OpenAPIDocument.envelopeExample($0.event) },
    ]
    static let example = CatalogEntry(event: WebhookTest.self)
}

extension Event {
    /// The data's schema, standing alone.
    static var dataSchema: [JSONValue.Member] { objectSchema.object ?? [] }
}
