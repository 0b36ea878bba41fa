public import Foundation

extension APIClient {
    /// The feed of everything that happened: `client.events`.
    public var events: Events { Events(client: self) }

    /// What can be done with events.
    public struct Events: Sendable {
        let client: APIClient

        /// One page of events, oldest first.
        /// - Parameters:
        ///   - wait: how many seconds to wait for something to happen, at most 30.
        ///   - cursor: `pagination.nextCursor` of the page before; keep it, and nothing is missed or repeated.
        public func list(
            type: [EventType] = [], since: Date? = nil, wait: Int? = nil, limit: Int? = nil, cursor: String? = nil
        ) async throws -> Page<Event> {
            var query = filter(type, since)
            query["wait"] = wait.map(String.init)
            query["limit"] = limit.map(String.init)
            query["cursor"] = cursor
            let request = APIRequest(.get, ["events"], query: query, timeout: .seconds(60 + max(wait ?? 0, 0)))
            return try await client.send(request, as: Page<Event>.self).value
        }

        /// Every event until now, oldest first, page by page.
        public func all(type: [EventType] = [], since: Date? = nil) -> PagedSequence<Event> {
            client.all(["events"], filter(type, since))
        }

        /// Page after page of the feed, for ever: waits while nothing happens.
        ///
        /// ```swift
        /// for try await page in client.events.follow(after: saved) {
        ///     for event in page.data { try store(event) }
        ///     saved = page.pagination.nextCursor
        /// }
        /// ```
        /// - Parameter cursor: where to go on; nil: now.
        public func follow(type: [EventType] = [], after cursor: String? = nil) -> EventPages {
            EventPages(events: self, type: type, cursor: cursor)
        }

        /// One event.
        public func get(_ id: String) async throws -> Event { try await client.get(["events", id]) }

        /// Makes an event happen that did not, marked as a test, to see what it sets off.
        @discardableResult
        public func trigger(_ type: EventType, brandId: String? = nil, idempotencyKey: String? = nil) async throws -> Event {
            var body = ["event": type.rawValue]
            body["brandId"] = brandId
            return try await client.write(.post, ["events", "trigger"], body, idempotencyKey: idempotencyKey)
        }

        private func filter(_ type: [EventType], _ since: Date?) -> [String: String] {
            var query = Query()
            query.add("type", type)
            query.add("since", since.map(AudenciJSON.text))
            return query.parameters
        }

        /// Where the feed ends now.
        fileprivate func end(_ type: [EventType]) async throws -> Page<Event> {
            var query = filter(type, nil)
            query["from"] = "end"
            return try await client.get(["events"], query)
        }
    }
}

/// Pages of the feed, for as long as they are read. A page can be empty: then nothing happened for a while.
public struct EventPages: AsyncSequence, Sendable {
    fileprivate let events: APIClient.Events
    fileprivate let type: [EventType]
    fileprivate let cursor: String?

    public func makeAsyncIterator() -> Iterator { Iterator(pages: self, cursor: cursor) }

    /// Asks for a page when it is wanted.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let pages: EventPages
        fileprivate var cursor: String?

        public mutating func next() async throws -> Page<Event>? {
            let page =
                cursor == nil
                ? try await pages.events.end(pages.type)
                : try await pages.events.list(type: pages.type, wait: 25, limit: 100, cursor: cursor)
            // Without a place to go on, the next request would read the same again.
            guard let next = page.pagination.nextCursor else {
                throw AudenciError(.unreadableAnswer, "the feed does not say where it goes on")
            }
            cursor = next
            return page
        }
    }
}
