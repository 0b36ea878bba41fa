import Core

/// What Instagram's and Facebook's inboxes share: lists of comments, newest first, and answers to them.
struct GraphInbox {
    let session: PlatformSession
    let platform: Platform
    let account: InboxAccount

    /// At 50 entries a page: what one look at a list reads at most. Meta's webhooks bring the rest.
    private static let maximumPages = 10

    private var graph: GraphAPI { GraphAPI(session: session, platform: platform) }

    /// Reads an edge page by page until it is older than `since`. One entry may stand for several messages.
    func list(
        _ id: String, _ edge: String, fields: String, query: [(name: String, value: String)] = [], since: Instant,
        read: (JSONValue) -> [InboxMessage]
    ) async throws(PublishFailure) -> [InboxMessage] {
        var messages: [InboxMessage] = []
        var cursor: String?
        for _ in 0..<Self.maximumPages {
            let page = try await graph.page(id, edge, fields: fields, query: query + [("limit", "50")], after: cursor)
            let found = page.entries.prefix(100).map(read)
            guard page.entries.isEmpty || found.contains(where: { !$0.isEmpty }) else {
                throw PublishFailure(
                    .beforeEffect, code: "platform_answer_invalid",
                    message: "\(platform.properName)'s list of \(edge) holds nothing that can be read.")
            }
            messages += found.joined()
            if let oldest = found.last(where: { !$0.isEmpty })?.first, oldest.createdAt < since { break }
            guard let next = page.next else { break }
            cursor = next
        }
        return messages
    }

    func outcome(_ read: () async throws(PublishFailure) -> [InboxMessage]) async -> InboxOutcome {
        do throws(PublishFailure) {
            let messages = try await read()
            return .read(messages.filter { !account.wrote(id: $0.authorID, handle: $0.authorHandle) }, cursor: nil)
        } catch {
            return .failed(error)
        }
    }

    func reply(_ path: [String], _ form: [(name: String, value: String)]) async -> ReplyOutcome {
        do throws(PublishFailure) {
            let id = try await graph.create(.visible) { () async throws(PublishFailure) -> JSONValue in
                try await graph.post(path, form: form, .visible)
            }
            return .sent(platformID: id)
        } catch {
            return .failed(error)
        }
    }

    func find(
        _ reply: ReplyRequest, _ edge: String, fields: String, read: (JSONValue) -> InboxMessage?
    ) async -> ReplySearch {
        do throws(PublishFailure) {
            let page = try await graph.page(
                reply.itemID, edge, fields: fields, query: [("limit", "100")], after: nil)
            let match = page.entries.compactMap(read).first {
                account.wrote(id: $0.authorID, handle: $0.authorHandle)
                    && reply.matches(id: $0.id, text: $0.text, createdAt: $0.createdAt)
            }
            return match.map { .found(platformID: $0.id) } ?? .notFound
        } catch {
            return .failed(error)
        }
    }

    /// Graph answers `{"success": true}`; hiding what is hidden is a success too.
    func set(_ field: String, _ value: Bool, of id: String) async -> PublishFailure? {
        do throws(PublishFailure) {
            let json = try await graph.post([id], form: [(field, value ? "true" : "false")], .invisible)
            let isDone = json["success"]?.bool == true
            return isDone ? nil : PublishFailure(unreadable: 200, from: platform, reach: .invisible)
        } catch {
            return error
        }
    }

    func get(_ id: String, fields: String) async throws(PublishFailure) -> JSONValue {
        try await graph.get(id, fields: fields)
    }
}

extension JSONValue {
    /// Graph's times are ISO 8601 in answers and seconds since 1970 in webhooks.
    func graphTime(_ key: String) -> Instant? {
        if let text = self[key]?.string { return Instant(iso8601: text) }
        guard let seconds = self[key]?.int, (0..<253_370_764_800).contains(seconds) else { return nil }
        return Instant(seconds: seconds)
    }
}
