import Contract
import Core

/// Tests, the log of deliveries, and sending again.
extension WebhooksAPI {
    var working: [Endpoint] {
        let id = PathParameter("id", as: WebhookID.self, "The webhook.")
        let delivery = PathParameter("id", as: DeliveryID.self, "The delivery.")
        return [
            Endpoint(
                "POST", "/api/webhooks/{id}/test", id: "webhooks.test", "Send a signed sample now and show how it went.",
                scope: .readWrite, canRehearse: false, id, JSONBody(TestInput.self, optional: true)
            ) { caller, id, input in
                let webhook = try await webhooks.get(id, for: caller)
                let type = input.event ?? WebhookTest.type
                guard let event = events.first(where: { $0.type == type }) else {
                    let known = events.map { $0.type }.joined(separator: ", ")
                    throw APIError.invalid("event", "must be one of \(known)")
                }
                let envelope = Envelope(
                    timestamp: webhooks.ambient.now(), organizationID: caller.organizationID, brandID: nil,
                    userID: caller.userID)
                return OK(try await tester.test(webhook, type: type, body: Self.sample(of: event, in: envelope), as: .test))
            },
            Endpoint(
                "GET", "/api/webhooks/{id}/deliveries", id: "webhooks.deliveries", "List a webhook's deliveries, newest first.",
                scope: .readOnly, id, QueryParameters(DeliveryFilter.self), PageParameters()
            ) { caller, id, filter, page in
                _ = try await webhooks.get(id, for: caller)
                return Paged(try await deliveries.list(of: id, filter, in: caller.organizationID, page: page))
            },
            Endpoint("GET", "/api/deliveries/{id}", id: "deliveries.get", "Get a delivery.", scope: .readOnly, delivery) {
                caller, id in OK(try await deliveries.get(id, for: caller))
            },
            Endpoint(
                "GET", "/api/deliveries/{id}/attempts", id: "deliveries.attempts", "List a delivery's attempts, in order.",
                scope: .readOnly, delivery, PageParameters()
            ) { caller, id, page in
                Paged(try await deliveries.attempts(of: id, for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/deliveries/{id}/resend", id: "deliveries.resend",
                "Send a delivery again now, with the same event id. It does not use up the schedule.", scope: .readWrite,
                errors: [.conflict], delivery,
                HeaderParameter("Idempotency-Key", "The same key again sends nothing more: 1 to 200 characters.")
            ) { caller, id, key in
                let resent = try await deliveries.resend(id, key: try IdempotencyKey.checked(key), for: caller)
                wake.signal()
                return Accepted(resent)
            },
            Endpoint(
                "GET", "/api/webhooks/{id}/deliveries/export", id: "webhooks.export",
                "Export a webhook's deliveries, oldest first, as NDJSON or CSV.", scope: .readOnly, id,
                QueryParameters(DeliveryExport.self)
            ) { caller, id, export in
                _ = try await webhooks.get(id, for: caller)
                return export.stream(of: id, from: deliveries, in: caller.organizationID)
            },
            Endpoint(
                "GET", "/api/webhooks/{id}/filtered", id: "webhooks.filtered",
                "List the events that the webhook's filter kept back, newest first.", scope: .readOnly, id, PageParameters()
            ) { caller, id, page in
                _ = try await webhooks.get(id, for: caller)
                return Paged(try await webhooks.filtered(by: id, for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/deliveries/{id}/expunge", id: "deliveries.expunge",
                "Erase what a delivery's attempts and event hold of other people's data; the record of it stays.",
                scope: .admin, delivery
            ) { caller, id in OK(try await deliveries.expunge(id, for: caller)) },
        ]
    }
}
