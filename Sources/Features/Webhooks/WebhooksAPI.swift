package import Contract
import Core

package struct WebhooksAPI: Sendable {
    let webhooks: WebhookStore
    let deliveries: DeliveryStore
    let urls: any WebhookURLCheck
    let tester: any WebhookTester
    let events: [any Event.Type]
    let wake: WakeSignal

    package init(
        webhooks: WebhookStore, deliveries: DeliveryStore, urls: any WebhookURLCheck, tester: any WebhookTester,
        events: [any Event.Type], outbox: Outbox
    ) {
        self.webhooks = webhooks
        self.deliveries = deliveries
        self.urls = urls
        self.tester = tester
        self.events = events
        wake = outbox.wake
    }

    package var endpoints: [Endpoint] { managing + working }

    private var managing: [Endpoint] {
        let id = PathParameter("id", as: WebhookID.self, "The webhook.")
        let refusals: [ErrorCode] = [.webhookURLNotHTTPS, .webhookURLRefused, .quotaExceeded, .conflict]
        return [
            Endpoint("GET", "/api/webhooks", id: "webhooks.list", "List the webhooks.", scope: .readOnly, PageParameters()) {
                caller, page in Paged(try await webhooks.list(in: caller.organizationID, page: page))
            },
            Endpoint(
                "POST", "/api/webhooks", id: "webhooks.create", "Create a webhook. Its secret is in the answer.",
                scope: .readWrite, errors: refusals, JSONBody(WebhookInput.self)
            ) { caller, input in
                let (url, events) = try await checked(input)
                guard let url, let events else {
                    let missing = [("url", url == nil), ("events", events == nil)].filter(\.1)
                    throw APIError.invalid(missing.map { FieldIssue($0.0, "is required") })
                }
                let new = try await webhooks.create(input, url: url, events: events, for: caller)
                return Created(new, at: "/api/webhooks/\(new.webhook.id)")
            },
            Endpoint(
                "GET", "/api/webhooks/events", id: "webhooks.events", "List the events that webhooks can want.",
                scope: .readOnly,
                PageParameters()
            ) { _, page in
                let rest = events.filter { $0.type > page.after?.key ?? "" }.sorted { $0.type < $1.type }
                return Paged(
                    page.page(Array(rest.prefix(page.limit + 1)).map { CatalogEntry(event: $0) }) { Cursor(key: $0.event.type) }
                )
            },
            Endpoint("GET", "/api/webhooks/{id}", id: "webhooks.get", "Get a webhook.", scope: .readOnly, id) { caller, id in
                OK(try await webhooks.get(id, in: caller.organizationID))
            },
            Endpoint(
                "PUT", "/api/webhooks/{id}", id: "webhooks.update", "Change a webhook; absent fields stay.", scope: .readWrite,
                errors: refusals, id, JSONBody(WebhookInput.self)
            ) { caller, id, input in try await update(caller, id, input) },
            Endpoint(
                "PATCH", "/api/webhooks/{id}", id: "webhooks.patch", "Change a webhook; the same as PUT.", scope: .readWrite,
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
            Endpoint(
                "GET", "/api/webhooks/{id}/secret", id: "webhooks.secret", "Show the key of the signatures.", scope: .admin, id
            ) { caller, id in
                OK(WebhookSecret(secret: try await webhooks.secret(of: id, in: caller.organizationID).secret))
            },
        ]
    }

    private var working: [Endpoint] {
        let id = PathParameter("id", as: WebhookID.self, "The webhook.")
        let delivery = PathParameter("id", as: DeliveryID.self, "The delivery.")
        return [
            Endpoint(
                "POST", "/api/webhooks/{id}/test", id: "webhooks.test", "Send a signed sample now and show how it went.",
                scope: .readWrite, id, JSONBody(TestInput.self, optional: true)
            ) { caller, id, input in
                let webhook = try await webhooks.get(id, in: caller.organizationID)
                let type = input.event ?? WebhookTest.type
                guard let event = events.first(where: { $0.type == type }) else {
                    let known = events.map { $0.type }.joined(separator: ", ")
                    throw APIError.invalid("event", "must be one of \(known)")
                }
                let envelope = Envelope(
                    timestamp: webhooks.ambient.now(), organizationID: caller.organizationID, brandID: nil,
                    userID: caller.userID)
                return OK(try await tester.test(webhook, type: type, body: Self.sample(of: event, in: envelope)))
            },
            Endpoint(
                "GET", "/api/webhooks/{id}/deliveries", id: "webhooks.deliveries", "List a webhook's deliveries, newest first.",
                scope: .readOnly, id, QueryParameters(DeliveryFilter.self), PageParameters()
            ) { caller, id, filter, page in
                _ = try await webhooks.get(id, in: caller.organizationID)
                return Paged(try await deliveries.list(of: id, filter, in: caller.organizationID, page: page))
            },
            Endpoint("GET", "/api/deliveries/{id}", id: "deliveries.get", "Get a delivery.", scope: .readOnly, delivery) {
                caller, id in OK(try await deliveries.get(id, in: caller.organizationID))
            },
            Endpoint(
                "GET", "/api/deliveries/{id}/attempts", id: "deliveries.attempts", "List a delivery's attempts, in order.",
                scope: .readOnly, delivery, PageParameters()
            ) { caller, id, page in
                Paged(try await deliveries.attempts(of: id, in: caller.organizationID, page: page))
            },
            Endpoint(
                "POST", "/api/deliveries/{id}/resend", id: "deliveries.resend",
                "Send a delivery again now, with the same event id. It does not use up the schedule.", scope: .readWrite,
                errors: [.conflict], delivery
            ) { caller, id in
                let resent = try await deliveries.resend(id, for: caller)
                wake.signal()
                return Accepted(resent)
            },
        ]
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
        guard issues.isEmpty else { throw APIError.invalid(issues) }
        if let url = input.url { try await urls.check(url) }
        return (input.url, input.events)
    }

    private static func sample(of event: any Event.Type, in envelope: Envelope) -> [UInt8] {
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
        Property("comingSoon", "Whether it is not sent yet.") { _ in false },
    ]
    static let example = CatalogEntry(event: WebhookTest.self)
}

extension Event {
    /// The data's schema, standing alone.
    static var dataSchema: [JSONValue.Member] { objectSchema.object ?? [] }
}
