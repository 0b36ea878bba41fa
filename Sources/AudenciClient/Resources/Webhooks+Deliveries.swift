extension APIClient.Webhooks {
    /// A webhook's deliveries, newest first, page by page.
    public func deliveries(
        _ id: String, state: [DeliveryState] = [], event: EventType? = nil, eventId: String? = nil
    ) -> PagedSequence<Delivery> {
        var query = Query()
        query.add("state", state)
        query.add("event", event?.rawValue)
        query.add("eventId", eventId)
        return client.all(["webhooks", id, "deliveries"], query.parameters)
    }

    /// One delivery.
    public func delivery(_ id: String) async throws -> Delivery { try await client.get(["deliveries", id]) }

    /// Every request of a delivery, with its answer.
    public func attempts(of deliveryID: String) -> PagedSequence<Attempt> {
        client.all(["deliveries", deliveryID, "attempts"])
    }

    /// Sends one delivery again, besides its schedule.
    @discardableResult
    public func resend(_ deliveryID: String, idempotencyKey: String? = nil) async throws -> Delivery {
        try await client.write(.post, ["deliveries", deliveryID, "resend"], idempotencyKey: idempotencyKey)
    }

    /// Sends many deliveries again, or counts them.
    public func replay(_ id: String, _ wish: ReplayWish, idempotencyKey: String? = nil) async throws -> Replay {
        try await client.write(.post, ["webhooks", id, "replay"], wish, idempotencyKey: idempotencyKey)
    }

    /// How far a replay is.
    public func replayProgress(_ replayID: String) async throws -> Replay {
        try await client.get(["webhook-replays", replayID])
    }

    /// Holds a replay up.
    @discardableResult
    public func pauseReplay(_ replayID: String) async throws -> Replay {
        try await client.write(.post, ["webhook-replays", replayID, "pause"])
    }

    /// Goes on with a replay.
    @discardableResult
    public func resumeReplay(_ replayID: String) async throws -> Replay {
        try await client.write(.post, ["webhook-replays", replayID, "resume"])
    }

    /// Ends a replay.
    @discardableResult
    public func cancelReplay(_ replayID: String) async throws -> Replay {
        try await client.write(.post, ["webhook-replays", replayID, "cancel"])
    }
}
