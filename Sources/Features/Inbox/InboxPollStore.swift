package import Contract
package import Core
package import Relational

/// One account whose turn it is, held under a lease.
package struct InboxPoll: Sendable {
    package var organizationID: OrganizationID
    package var accountID: SocialAccountID
    /// Grows with every claim and every request to look at once: a worker whose number is not the present one may move
    /// nothing forward.
    package var fence: Int64
    /// Where the look at mentions goes on, in the platform's own words.
    package var place: String?
    /// Mentions written before this are no news: the account's connection, then the last look.
    package var since: Instant
    package var failures: Int
}

/// One post whose comments are due to be read.
package struct InboxWatch: Sendable {
    package var platformPostID: String
    package var publishedAt: Instant
    package var seenUntil: Instant?

    package init(platformPostID: String, publishedAt: Instant, seenUntil: Instant?) {
        self.platformPostID = platformPostID
        self.publishedAt = publishedAt
        self.seenUntil = seenUntil
    }
}

/// What a look at an account came to, apart from what it found.
package struct InboxLook: Sendable {
    package struct Post: Sendable {
        package var watch: InboxWatch
        package var askedAt: Instant
        /// The platform does not show its comments. It may be gone for good, or the account lack a permission that it gets
        /// tomorrow; platforms say the same of both, so that it is asked again after a while.
        package var isRefused: Bool

        package init(watch: InboxWatch, askedAt: Instant, isRefused: Bool = false) {
            self.watch = watch
            self.askedAt = askedAt
            self.isRefused = isRefused
        }
    }

    /// Posts under which nothing was, or was shown: they are written down together.
    package var quiet: [Post] = []
    /// Mentions before this are known; nil: they could not be read.
    package var since: Instant?
    /// What failed, for people; nil when nothing did.
    package var problem: String?
    /// When the look is tried again, because it failed as a whole.
    package var retryAt: Instant?
    /// The platform does not show the mentions: they are asked for again then, or with an earlier look at a post.
    package var mentionsAt: Instant?
    /// The platform refuses these tokens, and there are no others to be had.
    package var refused: AccountCredential?

    package init() {}
}

/// When which account and which post is looked at. All of it is durable before and after every look, so that a crash
/// anywhere repeats a look and loses none.
extension InboxStore {
    // MARK: Which accounts

    /// Takes accounts in that can be looked at and are not; cheap when there are none. Sandbox accounts are looked at when
    /// something was written there, and only then.
    package func enlist() async throws {
        let missing = try await engine.read { connection in
            try connection.query(
                """
                SELECT a.organization_id, a.id FROM social_account a
                WHERE a.status = 'ACTIVE' AND NOT a.is_sandbox AND NOT EXISTS (
                    SELECT 1 FROM inbox_poll p WHERE p.organization_id = a.organization_id AND p.social_account_id = a.id
                        AND p.next_at IS NOT NULL)
                LIMIT 500
                """
            ) { (organization: $0.id(0, OrganizationID.self), account: $0.id(1, SocialAccountID.self)) }
        }
        guard !missing.isEmpty else { return }
        try await engine.write { connection in
            for (organization, id) in missing {
                guard let account = try accounts.find(id, in: organization, on: connection) else { continue }
                try makeDue(account, on: connection)
            }
        }
    }

    /// Lets the account be looked at now, on the caller's transaction; signal ``wakes`` after its commit. A look that is
    /// under way is followed by another.
    package func makeDue(_ account: SocialAccount, on connection: any RelationalConnection) throws {
        let now = ambient.now()
        // Platforms tell times in whole seconds: what is said in the account's first one counts.
        try connection.execute(
            """
            INSERT INTO inbox_poll (organization_id, social_account_id, lane, next_at, fence, is_claimed, place, since,
                watched_until, failures, last_error, checked_at)
            VALUES (\(account.organizationID), \(account.id), \(InboxLane(of: account)), \(now), 0, FALSE, NULL,
                \(account.createdAt - .seconds(1)), 0, 0, NULL, NULL)
            ON CONFLICT (organization_id, social_account_id) DO UPDATE
            SET next_at = excluded.next_at, fence = inbox_poll.fence + 1, is_claimed = FALSE
            """)
    }

    /// The same, with one of the account's posts before all others.
    func makeDue(_ account: SocialAccount, post: String, on connection: any RelationalConnection) throws {
        try makeDue(account, on: connection)
        try watchNewPosts(of: account, on: connection)
        try connection.execute(
            """
            UPDATE inbox_watch SET next_at = 0 WHERE organization_id = \(account.organizationID)
                AND social_account_id = \(account.id) AND platform_post_id = \(post)
            """)
    }

    private func active(
        _ id: SocialAccountID?, for caller: Caller, on connection: any RelationalConnection
    ) throws -> [SocialAccount] {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", "status = 'ACTIVE'"]
        if let id { conditions.append("id = \(id)") }
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        if caller.isDevelopment { conditions.append("is_sandbox") }
        let ids = try connection.query(
            "SELECT id FROM social_account WHERE \(Query.all(conditions)) ORDER BY id LIMIT 200"
        ) { $0.id(0, SocialAccountID.self) }
        return try ids.compactMap { try accounts.find($0, in: caller.organizationID, on: connection) }
    }

    /// Lets the caller's accounts be looked at now; one that was looked at in the last minute waits for its minute.
    /// - Returns: the inbox in numbers, with the times at which accounts are looked at.
    package func refresh(_ id: SocialAccountID?, for caller: Caller) async throws -> InboxSummary {
        let found = try await engine.write { connection in
            let chosen = try active(id, for: caller, on: connection)
            if id != nil, chosen.isEmpty { throw APIError.invalid("socialAccountId", "names no account that is ACTIVE") }
            let recent = ambient.now() - InboxPlan.leastPause
            for account in chosen {
                let isFresh = try connection.exists(
                    """
                    SELECT 1 FROM inbox_poll WHERE organization_id = \(account.organizationID)
                        AND social_account_id = \(account.id) AND (is_claimed OR checked_at > \(recent))
                    """)
                guard account.isSandbox || !isFresh else { continue }
                try makeDue(account, on: connection)
                try connection.execute(
                    """
                    UPDATE inbox_watch SET next_at = \(ambient.now())
                    WHERE organization_id = \(account.organizationID) AND social_account_id = \(account.id)
                        AND next_at > \(ambient.now())
                    """)
            }
            return chosen
        }
        for lane in Set(found.map { InboxLane(of: $0) }) { wakes.signal(lane) }
        return try await summary(InboxFilter(), for: caller)
    }

    func states(for caller: Caller, on connection: any RelationalConnection) throws -> [InboxAccountState] {
        var conditions: [Query] = ["p.organization_id = \(caller.organizationID)", "a.status <> 'DISCONNECTED'"]
        if !caller.brandIDs.isEmpty { conditions.append("a.brand_id IN (\(list: caller.brandIDs))") }
        if caller.isDevelopment { conditions.append("a.is_sandbox") }
        return try connection.query(
            """
            SELECT p.social_account_id, p.checked_at, p.next_at, p.last_error FROM inbox_poll p JOIN social_account a
                ON a.organization_id = p.organization_id AND a.id = p.social_account_id
            WHERE \(Query.all(conditions)) ORDER BY p.social_account_id LIMIT 200
            """
        ) { row in
            InboxAccountState(
                accountID: row.id(0), checkedAt: row.optionalInstant(1), nextCheckAt: row.optionalInstant(2),
                lastError: row.optionalText(3))
        }
    }

    // MARK: Working

    /// Takes up to `limit` accounts of a lane that are due, or whose worker's lease has run out.
    package func claimPolls(_ lane: InboxLane, limit: Int, lease: Duration) async throws -> [InboxPoll] {
        let now = ambient.now()
        guard let next = try await nextPoll(lane), next <= now else { return [] }
        return try await engine.write { connection in
            try connection.query(
                """
                UPDATE inbox_poll SET next_at = \(now + lease), fence = fence + 1, is_claimed = TRUE
                WHERE (organization_id, social_account_id) IN (
                    SELECT organization_id, social_account_id FROM inbox_poll
                    WHERE lane = \(lane) AND next_at IS NOT NULL AND next_at <= \(now)
                    ORDER BY next_at LIMIT \(limit) \(.skipLocked))
                RETURNING organization_id, social_account_id, fence, place, since, failures
                """
            ) { row in
                InboxPoll(
                    organizationID: row.id(0), accountID: row.id(1), fence: row.int(2), place: row.optionalText(3),
                    since: row.instant(4), failures: Int(row.int(5)))
            }
        }
    }

    package func nextPoll(_ lane: InboxLane) async throws -> Instant? {
        try await engine.readByKey { connection in
            try connection.first("SELECT min(next_at) FROM inbox_poll WHERE lane = \(lane) AND next_at IS NOT NULL") {
                $0.optionalInstant(0)
            } ?? nil
        }
    }

    /// The posts of the account whose comments are due, those of the longest wait first.
    package func dueWatches(of account: SocialAccount) async throws -> [InboxWatch] {
        let now = ambient.now()
        let hasNew = try await engine.read { try !newPosts(of: account, on: $0).isEmpty }
        if hasNew { try await engine.write { try watchNewPosts(of: account, on: $0) } }
        return try await engine.read { connection in
            try connection.query(
                """
                SELECT platform_post_id, published_at, seen_until FROM inbox_watch
                WHERE organization_id = \(account.organizationID) AND social_account_id = \(account.id)
                    AND next_at IS NOT NULL AND next_at <= \(now)
                ORDER BY next_at LIMIT \(InboxPlan.postsPerLook)
                """
            ) { InboxWatch(platformPostID: $0.text(0), publishedAt: $0.instant(1), seenUntil: $0.optionalInstant(2)) }
        }
    }

    private struct NewPost {
        var platformID: String
        var post: PostID
        var publishedAt: Instant
    }

    private func newPosts(of account: SocialAccount, on connection: any RelationalConnection) throws -> [NewPost] {
        let place: Query = "organization_id = \(account.organizationID) AND social_account_id = \(account.id)"
        let until =
            try connection.first("SELECT watched_until FROM inbox_poll WHERE \(place)") { $0.instant(0) }
            ?? Instant(milliseconds: 0)
        // Far enough back for a publication whose transaction was long.
        return try connection.query(
            """
            SELECT platform_post_id, post_id, published_at FROM publication
            WHERE \(place) AND published_at IS NOT NULL AND published_at >= \(until - InboxPlan.overlap) AND part = 0
                AND platform_post_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM inbox_watch WHERE inbox_watch.organization_id = publication.organization_id
                        AND inbox_watch.social_account_id = publication.social_account_id
                        AND inbox_watch.platform_post_id = publication.platform_post_id)
            ORDER BY published_at
            """
        ) { NewPost(platformID: $0.text(0), post: $0.id(1), publishedAt: $0.instant(2)) }
    }

    /// Takes in what the account has published since it was last asked.
    func watchNewPosts(of account: SocialAccount, on connection: any RelationalConnection) throws {
        let posts = try newPosts(of: account, on: connection)
        guard let newest = posts.last?.publishedAt else { return }
        for post in posts {
            // Due from the start, unless it is too old or the account is not asked by itself.
            let next = nextLook(at: post.publishedAt, of: account).map { _ in post.publishedAt }
            try connection.execute(
                """
                INSERT INTO inbox_watch (organization_id, social_account_id, platform_post_id, post_id, published_at, next_at)
                VALUES (\(account.organizationID), \(account.id), \(post.platformID), \(post.post), \(post.publishedAt), \(next))
                ON CONFLICT (organization_id, social_account_id, platform_post_id) DO NOTHING
                """)
        }
        try connection.execute(
            """
            UPDATE inbox_poll SET watched_until = \(newest)
            WHERE organization_id = \(account.organizationID) AND social_account_id = \(account.id)
                AND watched_until < \(newest)
            """)
    }

    /// When a post that was read now is read again; nil: not by itself.
    private func nextLook(at publishedAt: Instant, of account: SocialAccount) -> Instant? {
        guard !account.isSandbox else { return nil }
        let now = ambient.now()
        return InboxPlan.pause(postAge: now - publishedAt).map { now + $0 }
    }

    /// Keeps what a look at mentions found, and where the next one goes on.
    package func found(_ remarks: [IncomingRemark], place: String?, poll: InboxPoll, of account: SocialAccount) async throws {
        try await keep(remarks, poll: poll, of: account) { connection in
            try connection.execute(
                """
                UPDATE inbox_poll SET place = \(place)
                WHERE organization_id = \(poll.organizationID) AND social_account_id = \(poll.accountID)
                """)
        }
    }

    /// Keeps what a look at a post found; the next one is planned by the post's age.
    package func found(
        _ remarks: [IncomingRemark], under look: InboxLook.Post, poll: InboxPoll, of account: SocialAccount
    ) async throws {
        try await keep(remarks, poll: poll, of: account) { try plan([look], of: account, on: $0) }
    }

    /// Items are kept whoever found them; places move forward only while the claim holds.
    private func keep(
        _ remarks: [IncomingRemark], poll: InboxPoll, of account: SocialAccount,
        advance: @escaping @Sendable (any RelationalConnection) throws -> Void
    ) async throws {
        let count = try await engine.write { connection in
            let count = try receive(remarks, for: account, on: connection)
            if try isHeld(poll, on: connection) { try advance(connection) }
            return count
        }
        if count > 0 { outbox.wake.signal() }
    }

    private func isHeld(_ poll: InboxPoll, on connection: any RelationalConnection) throws -> Bool {
        try connection.exists(
            """
            SELECT 1 FROM inbox_poll WHERE organization_id = \(poll.organizationID)
                AND social_account_id = \(poll.accountID) AND fence = \(poll.fence) AND is_claimed
            """)
    }

    private func plan(
        _ looks: [InboxLook.Post], of account: SocialAccount, on connection: any RelationalConnection
    ) throws {
        for look in looks {
            let planned = nextLook(at: look.watch.publishedAt, of: account)
            let next = look.isRefused ? planned.map { max($0, look.askedAt + InboxPlan.refusedPause) } : planned
            let seen = look.isRefused ? look.watch.seenUntil : look.askedAt
            try connection.execute(
                """
                UPDATE inbox_watch SET seen_until = \(seen), next_at = \(next)
                WHERE organization_id = \(account.organizationID) AND social_account_id = \(account.id)
                    AND platform_post_id = \(look.watch.platformPostID)
                """)
        }
    }

    /// Ends a look and plans the next; without an account, which was not looked at, there is none unless the look says when.
    /// Changes nothing when the account was asked for again meanwhile: it is due then.
    package func finish(_ poll: InboxPoll, _ look: InboxLook, of account: SocialAccount?) async throws {
        let now = ambient.now()
        let checkedAt = account == nil ? nil : now
        try await engine.write { connection in
            guard try isHeld(poll, on: connection) else { return }
            var next = look.retryAt
            if let account {
                try plan(look.quiet, of: account, on: connection)
                if next == nil {
                    next = InboxPlan.next(
                        after: now, nextPost: try nextPost(of: poll, on: connection), isSandbox: account.isSandbox,
                        mentionsAt: look.mentionsAt)
                }
            }
            let hasFailed = look.retryAt != nil || look.mentionsAt != nil
            try connection.execute(
                """
                UPDATE inbox_poll SET next_at = \(next), is_claimed = FALSE, checked_at = coalesce(\(checkedAt), checked_at),
                    last_error = \(look.problem), failures = \(hasFailed ? poll.failures + 1 : 0),
                    since = \(look.since ?? poll.since)
                WHERE organization_id = \(poll.organizationID) AND social_account_id = \(poll.accountID)
                """)
            if let refused = look.refused, let problem = look.problem {
                let problem = AccountProblem(code: "token_rejected", message: problem)
                try accounts.refuse(refused, because: problem, on: connection)
            }
        }
        if look.refused != nil { accounts.signal() }
    }

    private func nextPost(of poll: InboxPoll, on connection: any RelationalConnection) throws -> Instant? {
        try connection.first(
            """
            SELECT min(next_at) FROM inbox_watch WHERE organization_id = \(poll.organizationID)
                AND social_account_id = \(poll.accountID) AND next_at IS NOT NULL
            """
        ) { $0.optionalInstant(0) } ?? nil
    }

    /// Makes every claim of a process that is gone due at once. Only for a start that holds the data folder's lock.
    package func releaseAbandoned() async throws {
        let now = ambient.now()
        try await engine.write { connection in
            try connection.execute(
                "UPDATE inbox_poll SET next_at = \(now), is_claimed = FALSE, fence = fence + 1 WHERE is_claimed AND next_at > \(now)"
            )
            try connection.execute(
                "UPDATE inbox_reply SET wake_at = \(now), is_claimed = FALSE, fence = fence + 1 WHERE is_claimed AND wake_at > \(now)"
            )
            try connection.execute("UPDATE inbox_notice SET next_at = \(now) WHERE next_at > \(now)")
        }
    }
}
