import Contract
import Core

/// Why something was sent or not, what would be sent, and how it goes in general.
extension WebhooksAPI {
    var insight: [Endpoint] {
        let id = PathParameter("id", as: WebhookID.self, "The webhook.")
        return [
            Endpoint(
                "POST", "/api/webhooks/{id}/filter/explain", id: "webhooks.explain",
                "Say whether an event reaches the webhook, and why not.", scope: .readOnly, id, JSONBody(ExplainInput.self)
            ) { caller, id, input in OK(try await explain(id, input, for: caller)) },
            Endpoint(
                "POST", "/api/webhooks/{id}/preview", id: "webhooks.preview",
                "Show the request that an event would make, without sending it.", scope: .readOnly, id,
                JSONBody(PreviewInput.self, optional: true)
            ) { caller, id, input in OK(try await preview(id, input, for: caller)) },
            Endpoint(
                "GET", "/api/webhooks/{id}/stats", id: "webhooks.stats", "Count a webhook's deliveries and time them.",
                scope: .readOnly, id, QueryParameters(StatsQuery.self)
            ) { caller, id, query in
                _ = try await webhooks.get(id, for: caller)
                return OK(try await deliveries.statistics(of: id, hours: query.hours, in: caller.organizationID))
            },
            Endpoint(
                "GET", "/api/webhooks/{id}/gaps", id: "webhooks.gaps",
                "Name the deliveries whose sequence numbers a receiver has not seen.", scope: .readOnly, id,
                QueryParameters(GapQuery.self)
            ) { caller, id, query in
                _ = try await webhooks.get(id, for: caller)
                if let issue = query.issue { throw APIError.invalid([issue]) }
                return OK(try await deliveries.gaps(of: id, query, in: caller.organizationID))
            },
        ]
    }

    private func explain(_ id: WebhookID, _ input: ExplainInput, for caller: Caller) async throws -> FilterExplanation {
        let webhook = try await webhooks.get(id, for: caller)
        let event = try await self.feed.get(input.eventID, for: caller)
        let filter: WebhookFilter?
        do throws(PredicateIssue) {
            filter = try (input.filter ?? webhook.filter).map { json throws(PredicateIssue) in try WebhookFilter(json) }
        } catch {
            throw APIError.invalid([error.issue])
        }
        let findings = filter?.explanation(of: event) ?? []
        let delivery = try await deliveries.find(event: event.id, webhook: id, in: caller.organizationID)
        return FilterExplanation(
            isSubscribed: EventPattern.matches(webhook.events, event.type), findings: findings, delivery: delivery,
            webhook: webhook, event: event)
    }

    private func preview(_ id: WebhookID, _ input: PreviewInput, for caller: Caller) async throws -> WebhookPreview {
        var webhook = try await webhooks.get(id, for: caller)
        if let changes = input.changes { try webhooks.apply(changes, to: &webhook) }
        let event: EventRecord
        if let eventID = input.eventID {
            event = try await feed.get(eventID, for: caller)
        } else {
            let type = input.event ?? webhook.events.first { name in events.contains { $0.type == name } } ?? PostPublished.type
            guard let known = events.first(where: { $0.type == type }) else {
                throw APIError.invalid("event", "must be one of \(events.map { $0.type }.joined(separator: ", "))")
            }
            let now = webhooks.ambient.now()
            event =
                try await feed.latest(type, limit: 1, for: caller).first
                ?? EventRecord(
                    id: ID("sample"), organizationID: caller.organizationID, brandID: nil, userID: caller.userID, type: type,
                    body: Self.sample(
                        of: known,
                        in: Envelope(
                            timestamp: now, organizationID: caller.organizationID, brandID: nil, userID: caller.userID)),
                    scope: EventScope(), isTest: true, createdAt: now)
        }
        let preview = try await tester.preview(webhook, event)
        // The body may be of the caller's own making: whoever may not have it sent must not have it signed either.
        return caller.scope >= .readWrite ? preview : preview.unsigned
    }
}
