package import Contract
package import Core

/// An event as the feed and `GET /api/events/{id}` show it.
package struct EventView: APIObject {
    package var event: EventRecord

    package init(_ event: EventRecord) { self.event = event }

    package static let name = "Event"
    package static let properties: [Property<Self>] = [
        Property("id", "The event's id: the `webhook-id` header of its deliveries.") { $0.event.id },
        Property("type", "What happened.") { $0.event.type },
        Property("createdAt", "When it happened.") { $0.event.createdAt },
        Property("test", "Whether it did not really happen: POST /api/events/trigger makes such events.") { $0.event.isTest },
        Property("payload", "The body, as webhooks get it.") {
            RawJSON<AnyPayload>(String(decoding: $0.event.body, as: UTF8.self))
        },
    ]
    package static let example = EventView(
        EventRecord(
            id: ID("cmb2k7q0x0000000000000009"), organizationID: ID("clx789xyz"), brandID: ID("clx456def"), userID: nil,
            type: "webhook.test",
            body: Envelope(
                timestamp: Instant(seconds: 1_770_114_600), organizationID: ID("clx789xyz"), brandID: ID("clx456def"),
                userID: nil
            ).bytes(of: WebhookTest.example), scope: EventScope(), isTest: false,
            createdAt: Instant(seconds: 1_770_114_600)))
}

/// The envelope of any event.
package struct AnyPayload: SchemaValue {
    package static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "event": ["type": "string"], "timestamp": ["type": "string", "format": "date-time"], "data": ["type": "object"],
            "organizationId": ["type": "string"], "brandId": ["type": ["string", "null"]], "userId": ["type": "string"],
        ],
        "required": ["event", "timestamp", "data", "organizationId", "brandId"],
    ]
}

/// A page of the feed. Unlike other lists it always has a cursor: there will be more.
package struct EventFeed: APIObject {
    package var entries: [EventView]
    package var next: FeedPosition

    package static let name = "EventFeed"
    package static let properties: [Property<Self>] = [
        Property("data", "Events, oldest first.") { $0.entries },
        Property("pagination", "Where to go on.") { $0.next },
    ]
    package static let example = EventFeed(entries: [.example], next: .example)
}

/// Where the feed goes on.
package struct FeedPosition: APIObject {
    package var cursor: Cursor
    package var hasMore: Bool

    package static let name = "FeedPosition"
    package static let properties: [Property<Self>] = [
        Property("nextCursor", "Keep it: ask with it again, at once or later, and no event is missed or repeated.") {
            $0.cursor.text
        },
        Property("hasMore", "Whether there is more right now.") { $0.hasMore },
    ]
    package static let example = FeedPosition(cursor: Cursor(key: "42"), hasMore: false)
}
