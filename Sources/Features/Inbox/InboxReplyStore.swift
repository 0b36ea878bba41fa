package import Contract
package import Core
import Relational

/// Another worker holds it by now; this one must write nothing more about it.
package struct LostReply: Error {}

/// Replies on their way. A reply is written first and sent by a worker: its row is its journal, and SENDING is durable
/// before the request that makes it visible. What may be visible is never sent again unless the platform itself keeps it
/// from appearing twice.
extension InboxStore {
    /// Writes an answer to an item, to be sent at once.
    package func reply(to id: InboxItemID, _ input: InboxReplyInput, for caller: Caller) async throws -> InboxItem {
        let answered = try await engine.write { connection in
            var item = try get(id, for: caller, on: connection)
            try caller.checkVersion(item.version)
            if caller.role < .manager,
                try organizations.settings(of: caller.organizationID, on: connection).approvalRequired
            {
                throw APIError(
                    .forbidden, "Where posts need an approval, replies are written by managers and above: nobody reviews them.")
            }
            guard item.status != .hidden else {
                throw APIError(
                    .invalidTransition, "A hidden item cannot be answered; show it again first: POST /api/inbox/\(id)/hide.",
                    details: [FieldIssue("status", "must not be HIDDEN")])
            }
            if let issue = platforms.issue(withReply: input.text, to: item) { throw APIError.invalid("text", issue) }
            let isOnItsWay = item.replies.contains {
                ($0.state == .pending || $0.state == .sending) && $0.text == input.text
            }
            guard !isOnItsWay else {
                throw APIError(
                    .conflict, "The same reply is on its way already.",
                    details: [FieldIssue("text", "must not repeat a reply that is PENDING or SENDING")])
            }
            let now = ambient.now()
            let reply = InboxReply(
                id: ambient.newID(), organizationID: item.organizationID, itemID: item.id, accountID: item.accountID,
                userID: caller.userID, text: input.text, state: .pending, attempts: 0, looks: 0, armedAt: nil, fence: 0,
                platformID: nil, errorCode: nil, errorMessage: nil, createdAt: now, updatedAt: now)
            try connection.execute(InboxQueries.insert(reply, wakeAt: now))
            try save(&item, on: connection)
            item.replies.append(reply)
            return item
        }
        wakes.signal(.replies)
        return answered
    }

    // MARK: Working

    /// A reply with what it answers.
    package struct ReplyJob: Sendable {
        package var reply: InboxReply
        package var item: InboxItem
    }

    /// Takes up to `limit` replies that are due, or whose worker's lease has run out.
    package func claimReplies(limit: Int, lease: Duration) async throws -> [ReplyJob] {
        let now = ambient.now()
        guard let next = try await nextReply(), next <= now else { return [] }
        return try await engine.write { connection in
            let claimed = try connection.query(
                """
                UPDATE inbox_reply SET wake_at = \(now + lease), fence = fence + 1, is_claimed = TRUE
                WHERE (organization_id, id) IN (
                    SELECT organization_id, id FROM inbox_reply WHERE wake_at IS NOT NULL AND wake_at <= \(now)
                    ORDER BY wake_at LIMIT \(limit) \(.skipLocked))
                RETURNING \(InboxQueries.replyColumns)
                """, InboxQueries.decodeReply)
            return try claimed.compactMap { reply in
                try connection.first(InboxQueries.find(reply.itemID, in: reply.organizationID), InboxQueries.decode)
                    .map { ReplyJob(reply: reply, item: $0) }
            }
        }
    }

    package func nextReply() async throws -> Instant? {
        try await engine.readByKey { connection in
            try connection.first("SELECT min(wake_at) FROM inbox_reply WHERE wake_at IS NOT NULL") { $0.optionalInstant(0) }
                ?? nil
        }
    }

    /// The platform's ids of what else the account answered at about that time, in whatever words.
    package func others(beside reply: InboxReply, since: Instant) async throws -> Set<String> {
        try await engine.read { connection in
            Set(
                try connection.query(
                    """
                    SELECT platform_id FROM inbox_reply
                    WHERE organization_id = \(reply.organizationID) AND social_account_id = \(reply.accountID)
                        AND platform_id IS NOT NULL AND id <> \(reply.id) AND updated_at >= \(since)
                    """
                ) { $0.text(0) })
        }
    }

    /// Writes SENDING, durably. Only after this returns may the request be sent.
    /// - Throws: ``LostReply`` when another worker holds the reply by now: then it must not be sent.
    package func arm(_ reply: InboxReply, lease: Duration) async throws -> InboxReply {
        let now = ambient.now()
        var armed = reply
        armed.state = .sending
        armed.attempts += 1
        armed.looks = 0
        armed.armedAt = reply.armedAt ?? now
        return try await write(armed, wakeAt: now + lease, isClaimed: true)
    }

    /// It is visible: the item is answered, unless somebody has put it away meanwhile.
    package func sent(_ reply: InboxReply, platformID: String) async throws {
        var sent = reply
        sent.state = .sent
        sent.platformID = platformID
        sent.errorCode = nil
        sent.errorMessage = nil
        _ = try await write(sent, wakeAt: nil, isClaimed: false) { item in
            if item.status == .new || item.status == .read { item.status = .replied }
        }
    }

    /// It is tried again, or looked for again, at `wakeAt`.
    /// - Parameter isArmed: whether it may be visible.
    package func again(_ reply: InboxReply, at wakeAt: Instant, isArmed: Bool, code: String, message: String) async throws {
        var waiting = reply
        waiting.state = isArmed ? .sending : .pending
        if !isArmed { waiting.armedAt = nil }
        waiting.errorCode = code
        waiting.errorMessage = message
        _ = try await write(waiting, wakeAt: wakeAt, isClaimed: false)
    }

    /// It will not become visible by itself (FAILED), or nobody knows (UNKNOWN).
    package func settled(_ reply: InboxReply, as state: InboxReply.State, code: String, message: String) async throws {
        var settled = reply
        settled.state = state
        settled.errorCode = code
        settled.errorMessage = message
        _ = try await write(settled, wakeAt: nil, isClaimed: false) { _ in }
    }

    private func write(
        _ reply: InboxReply, wakeAt: Instant?, isClaimed: Bool,
        touch: (@Sendable (inout InboxItem) -> Void)? = nil
    ) async throws -> InboxReply {
        try await engine.write { connection in
            var written = reply
            written.updatedAt = ambient.now()
            guard try connection.execute(InboxQueries.update(written, wakeAt: wakeAt, isClaimed: isClaimed)) == 1 else {
                throw LostReply()
            }
            if let touch,
                var item = try connection.first(
                    InboxQueries.find(reply.itemID, in: reply.organizationID), InboxQueries.decode)
            {
                touch(&item)
                try save(&item, on: connection)
            }
            return written
        }
    }
}
