package import Contract
import Core

/// The feed of events: for warehouses, for programs that cannot be called from outside, and for looking.
package struct EventsAPI: Sendable {
    let store: EventStore
    let events: [any Event.Type]
    /// True once the server is going down: whoever waits is let go.
    let isStopping: @Sendable () -> Bool
    /// False once a caller's key was revoked or has expired, or sees less: a stream outlives the request that it began with.
    let isValid: @Sendable (Caller) async throws -> Bool

    package init(
        store: EventStore, events: [any Event.Type], isStopping: @escaping @Sendable () -> Bool,
        isValid: @escaping @Sendable (Caller) async throws -> Bool
    ) {
        self.store = store
        self.events = events
        self.isStopping = isStopping
        self.isValid = isValid
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "GET", "/api/events", id: "events.list",
                "Read the feed of events, oldest first; with wait, until there is one.", scope: .readOnly,
                QueryParameters(FeedQuery.self), PageParameters(isBound: false)
            ) { caller, query, page in OK(try await feed(query, page, for: caller)) },
            Endpoint(
                "GET", "/api/events/stream", id: "events.stream", "Follow the feed as server-sent events.", scope: .readOnly,
                QueryParameters(StreamQuery.self),
                HeaderParameter("Last-Event-ID", "Where to go on: what EventSource sends when it connects again.")
            ) { caller, query, lastID in try await stream(query, lastID, for: caller) },
            Endpoint(
                "POST", "/api/events/trigger", id: "events.trigger",
                "Send an event's sample to every webhook that wants it, marked as a test.", scope: .readWrite,
                JSONBody(TriggerInput.self)
            ) { caller, input in
                guard let event = events.first(where: { $0.type == input.event }) else {
                    let known = events.map { $0.type }.joined(separator: ", ")
                    throw APIError.invalid("event", "must be one of \(known)")
                }
                return Accepted(EventView(try await store.trigger(event, brand: input.brandID, for: caller)))
            },
            Endpoint(
                "GET", "/api/events/{id}", id: "events.get", "Get an event.", scope: .readOnly,
                PathParameter("id", as: EventID.self, "The event.")
            ) { caller, id in OK(EventView(try await store.get(id, for: caller))) },
        ]
    }

    private func feed(_ query: FeedQuery, _ page: PageRequest, for caller: Caller) async throws -> EventFeed {
        let first = query.isFromEnd ? try await store.end(in: caller.organizationID) : 0
        var start = try page.after.map { try Self.position(of: $0) } ?? first
        let end = ContinuousClock.now + .seconds(query.wait)
        while true {
            let stretch = try await store.feed(
                after: start, types: query.types, since: query.since, limit: page.limit + 1, for: caller)
            let entries = stretch.entries
            if !entries.isEmpty || ContinuousClock.now >= end || isStopping() || Task.isCancelled {
                let shown = entries.prefix(page.limit)
                let hasMore = entries.count > page.limit
                let end = hasMore ? shown.last?.position ?? start : stretch.end
                return EventFeed(
                    entries: shown.map { EventView($0.event) },
                    next: FeedPosition(cursor: Cursor(key: String(end)), hasMore: hasMore))
            }
            start = stretch.end
            await store.change()
            guard try await isValid(caller) else {
                throw APIError(.unauthorized, "The API key was revoked, has expired or sees less since this request began.")
            }
        }
    }

    private func stream(
        _ query: StreamQuery, _ lastID: String?, for caller: Caller
    ) async throws -> Streamed<ServerSentEvents> {
        let given = lastID.flatMap { $0.isEmpty ? nil : $0 } ?? query.cursor
        let start: Int64
        if let given {
            guard let cursor = Cursor(text: given) else {
                throw APIError.invalid("cursor", "must be the id of an earlier event")
            }
            start = try Self.position(of: cursor)
        } else {
            start = try await store.end(in: caller.organizationID)
        }
        return Streamed(ServerSentEvents.self, headers: [("X-Accel-Buffering", "no")]) { send in
            var position = start
            var lastSent = ContinuousClock.now
            try await send(Array(": connected\nretry: 2000\n\n".utf8))
            while !isStopping(), !Task.isCancelled, try await isValid(caller) {
                let stretch = try await store.feed(
                    after: position, types: query.types, since: nil, limit: 100, for: caller)
                position = stretch.end
                for entry in stretch.entries {
                    try await send(Self.message(entry))
                    lastSent = .now
                }
                if stretch.entries.isEmpty {
                    // A comment now and then keeps proxies from closing the connection, and finds out that the reader is gone.
                    if ContinuousClock.now - lastSent >= .seconds(15) {
                        try await send(Array(": still here\n\n".utf8))
                        lastSent = .now
                    }
                    await store.change()
                }
            }
        }
    }

    private static func message(_ entry: EventStore.Entry) -> [UInt8] {
        var text = Array("id: \(Cursor(key: String(entry.position)).text)\nevent: \(entry.event.type)\ndata: ".utf8)
        text += EventView(entry.event).jsonBytes
        text += [0x0A, 0x0A]
        return text
    }

    private static func position(of cursor: Cursor) throws -> Int64 {
        guard let position = Int64(cursor.key), position >= 0 else {
            throw APIError.invalid("cursor", "must be a nextCursor of an earlier answer of this list")
        }
        return position
    }
}

/// What is wanted of the feed.
struct FeedQuery: APIQuery {
    var types: [String] = []
    var since: Instant?
    var wait = 0
    var isFromEnd = false

    enum Origin: String, Sendable, CaseIterable, APIEnum, QueryValue { case start, end }

    static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "type", "Only events of this type.") { $0.types = $1 },
        QueryParameter("since", "None before this instant.") { $0.since = $1 },
        QueryParameter("from", "Where to begin without a cursor: start (the default), or end, for what happens from now on.") {
            (query: inout Self, origin: Origin) in query.isFromEnd = origin == .end
        },
        QueryParameter("wait", "When there is none, wait up to this many seconds for one: 0 to 30.") {
            $0.wait = min(max($1, 0), 30)
        },
    ]
}

/// What is wanted of the stream.
struct StreamQuery: APIQuery {
    var types: [String] = []
    var cursor: String?

    static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "type", "Only events of this type.") { $0.types = $1 },
        QueryParameter("cursor", "Where to begin: the id of the last message seen; with the next event, when absent.") {
            $0.cursor = $1
        },
    ]
}

/// Which event is to be sent as a test.
struct TriggerInput: APIInput {
    var event = ""
    var brandID: BrandID?

    init() {}

    static let name = "TriggerInput"
    static let fields: [InputField<Self>] = [
        InputField("event", "The event whose sample is sent.", required: true, .length(1...64)) { $0.event = $1 },
        InputField("brandId", "The brand that it is about.") { $0.brandID = $1 },
    ]
    static let example: JSONValue = ["event": "post.published"]
}
