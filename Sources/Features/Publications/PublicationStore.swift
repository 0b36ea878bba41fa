import Contract
package import Core
package import Relational

/// Reads and writes publications and their journal.
package struct PublicationStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    // MARK: Planning, on the post's transaction

    /// One publication for each of the post's accounts, due at `due` or when an override says; those of other accounts are
    /// cancelled. What follows the post, its thread and first comment, has publications too: each is due when the part
    /// before it is visible.
    /// - Parameter isNow: true to publish everywhere at once, whatever overrides say.
    /// - Throws: 409 when nothing is left to publish: every account shows it already. Such a post would wait for ever.
    func plan(_ post: Post, due: Instant, isNow: Bool = false, on connection: any RelationalConnection) throws {
        let now = ambient.now()
        try connection.execute(PublicationQueries.cancelOpen(of: post, except: post.accountIDs, now: now))
        let isHeld = try !isNow && isCampaignPaused(of: post, on: connection)
        var planned = 0
        for account in post.accountIDs {
            let platform = try connection.first(
                "SELECT platform FROM social_account WHERE organization_id = \(post.organizationID) AND id = \(account)"
            ) { try $0.value(0, Platform.self) }
            guard let platform else { throw APIError.invalid("socialAccountIds", "names no account: \(account)") }
            let time = isNow ? due : post.overrides.first { $0.accountID == account }?.scheduledFor ?? due
            for part in 0...post.followUpCount {
                let waits = isHeld || part > 0
                planned += try connection.execute(
                    PublicationQueries.plan(
                        ambient.newID(), of: post, part: part, on: account, platform: platform,
                        due: waits ? PublicationQueries.never : time, now: now))
            }
        }
        guard planned > 0 || post.accountIDs.isEmpty else {
            throw APIError(
                .invalidTransition,
                "Every account of this post shows it already; POST /api/posts/\(post.id)/duplicate makes a new one.",
                details: [FieldIssue("status", "nothing is left to publish")])
        }
        if post.followUpCount > 0 { try releaseFollowUps(of: post.id, in: post.organizationID, on: connection) }
    }

    private func releaseFollowUps(
        of post: PostID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws {
        try connection.execute(PublicationQueries.releaseFollowUps(of: post, in: organization, now: ambient.now()))
    }

    /// Makes due, or takes back, what follows a publication that has just settled: on the transaction that says so.
    func goOn(after publication: Publication, on connection: any RelationalConnection) throws {
        if publication.state == .published, publication.platformPostID.map({ !$0.hasPrefix("container:") }) ?? false {
            return try releaseFollowUps(of: publication.postID, in: publication.organizationID, on: connection)
        }
        let reason =
            publication.state == .published
            ? "The platform did not tell the id of what is visible, so nothing can follow it."
            : "What it follows is not visible."
        try connection.execute(
            PublicationQueries.cancelFollowUps(of: publication, because: reason, now: ambient.now()))
    }

    /// The platform's ids of the parts of the publication's post that are visible on its account, by number.
    package func visibleParts(beside publication: Publication) async throws -> [Int: String] {
        let rows = try await engine.read { connection in
            try connection.query(PublicationQueries.visibleParts(of: publication)) { (Int($0.int(0)), $0.text(1)) }
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    private func isCampaignPaused(of post: Post, on connection: any RelationalConnection) throws -> Bool {
        guard let campaign = post.campaignID else { return false }
        return try connection.exists(
            "SELECT 1 FROM campaign WHERE organization_id = \(post.organizationID) AND id = \(campaign) AND status = 'PAUSED'")
    }

    /// Holds what has not begun of a post, or gives each account its own time back: on the transaction that pauses the
    /// post's campaign or lets it go on. What is due by now is under way already; what follows the post waits for it anyway.
    func setHeld(_ isHeld: Bool, _ post: Post, on connection: any RelationalConnection) throws {
        let now = ambient.now()
        for publication in try ofPost(post.id, in: post.organizationID, on: connection)
        where publication.part == 0 && publication.state == .pending {
            let isWaiting = publication.wakeAt == PublicationQueries.never
            if isHeld, let due = publication.wakeAt, due > now, !isWaiting {
                try connection.execute(PublicationQueries.wake(publication, at: PublicationQueries.never, now: now))
            } else if !isHeld, isWaiting {
                let due = post.adapted(to: publication.accountID).scheduledFor ?? now
                try connection.execute(PublicationQueries.wake(publication, at: due, now: now))
            }
        }
    }

    /// Does by a post what its campaign demands, when it has just come to another one.
    func followCampaign(of post: Post, on connection: any RelationalConnection) throws {
        try setHeld(try isCampaignPaused(of: post, on: connection), post, on: connection)
    }

    /// Takes back what has not begun.
    func cancelOpen(of post: Post, on connection: any RelationalConnection) throws {
        try connection.execute(PublicationQueries.cancelOpen(of: post, except: [], now: ambient.now()))
    }

    // MARK: Reading

    package func list(of post: Post, page: PageRequest) async throws -> Page<PublicationView> {
        try await engine.read { connection in
            let publications = try connection.query(
                PublicationQueries.ofPost(post.id, in: post.organizationID), PublicationQueries.decode)
            return try page.page(of: publications) { Cursor($0.id) }.map {
                PublicationView(publication: $0, journal: try journal(of: $0, on: connection))
            }
        }
    }

    /// The publications of several posts, with their journals, in two queries.
    package func list(of posts: [Post], in organization: OrganizationID) async throws -> [PostID: [PublicationView]] {
        let ids = posts.map(\.id)
        return try await engine.read { connection in
            let publications = try connection.query(
                PublicationQueries.ofPosts(ids, in: organization), PublicationQueries.decode)
            let entries = try connection.query(PublicationQueries.journals(of: ids, in: organization)) { row in
                (publication: row.id(6, PublicationID.self), entry: try PublicationQueries.decodeEntry(row))
            }
            let journals = Dictionary(grouping: entries, by: \.publication)
            let views = publications.map {
                PublicationView(publication: $0, journal: (journals[$0.id] ?? []).map(\.entry))
            }
            return Dictionary(grouping: views, by: \.publication.postID)
        }
    }

    package func ofPost(
        _ post: PostID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> [Publication] {
        try connection.query(PublicationQueries.ofPost(post, in: organization), PublicationQueries.decode)
    }

    /// One publication, whatever its state.
    package func find(
        _ id: PublicationID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> Publication? {
        try connection.first(PublicationQueries.find(id, in: organization), PublicationQueries.decode)
    }

    package func journal(of publication: Publication, on connection: any RelationalConnection) throws -> [JournalEntry] {
        try connection.query(
            PublicationQueries.journal(of: publication.id, in: publication.organizationID), PublicationQueries.decodeEntry)
    }

    // MARK: Working

    /// Takes up to `limit` publications that are due, or whose worker's lease has run out, on the caller's transaction.
    package func claim(limit: Int, lease: Duration, on connection: any RelationalConnection) throws -> [Publication] {
        let now = ambient.now()
        return try connection.query(
            PublicationQueries.claim(now: now, leaseUntil: now + lease, limit: limit), PublicationQueries.decode)
    }

    /// Prolongs the claim of the publication, which its worker may have changed meanwhile.
    /// - Throws: ``LostClaim``.
    package func renew(_ publication: Publication, until lease: Instant) async throws {
        let changed = try await engine.write { connection in
            try connection.execute(
                """
                UPDATE publication SET wake_at = \(lease)
                WHERE organization_id = \(publication.organizationID) AND id = \(publication.id)
                  AND fencing_token = \(publication.fencingToken) AND state = 'PUBLISHING'
                """)
        }
        guard changed == 1 else { throw LostClaim() }
    }

    /// Makes every claimed publication due now: their workers are gone, and a worker that is not may write nothing more,
    /// for the next claim moves the fencing token on.
    package func releaseAll() async throws {
        let now = ambient.now()
        try await engine.write { connection in
            try connection.execute(
                "UPDATE publication SET wake_at = \(now) WHERE wake_at IS NOT NULL AND wake_at > \(now) AND state = 'PUBLISHING'"
            )
        }
    }

    /// The platform's ids of what other publications showed on the same account: so that two posts with the same text are
    /// told apart when one of them is looked for.
    package func platformPostIDs(beside publication: Publication, since: Instant) async throws -> Set<String> {
        let ids = try await engine.read { connection in
            try connection.query(
                """
                SELECT platform_post_id FROM publication
                WHERE organization_id = \(publication.organizationID) AND social_account_id = \(publication.accountID)
                  AND published_at >= \(since) AND id <> \(publication.id) AND platform_post_id IS NOT NULL
                ORDER BY published_at DESC LIMIT 5000
                """
            ) { $0.text(0) }
        }
        return Set(ids)
    }

    /// Whether another publication of the same account is that post.
    package func isShown(
        _ platformPostID: String, beside publication: Publication, since: Instant, on connection: any RelationalConnection
    ) throws -> Bool {
        try connection.exists(
            """
            SELECT 1 FROM publication
            WHERE organization_id = \(publication.organizationID) AND social_account_id = \(publication.accountID)
              AND published_at >= \(since) AND id <> \(publication.id) AND platform_post_id = \(platformPostID)
            """)
    }

    /// When the next publication is due.
    package func nextWake() async throws -> Instant? {
        try await engine.readByKey { connection in
            try connection.first(PublicationQueries.nextWake) { $0.optionalInstant(0) } ?? nil
        }
    }

    /// Writes the publication, unless another worker has claimed it since.
    /// - Throws: ``LostClaim``.
    package func update(_ publication: Publication, on connection: any RelationalConnection) throws {
        guard try connection.execute(PublicationQueries.update(publication)) == 1 else { throw LostClaim() }
        // Figures are the post's: what follows it is part of them.
        guard publication.part == 0, publication.state == .published, publication.platformPostID != nil,
            let at = publication.publishedAt
        else { return }
        try connection.execute(InsightQueries.enroll(publication, at: PollPlan.next(publishedAt: at, after: at)))
    }

    /// Adds a line to the journal of a publication that the caller holds.
    package func append(
        _ state: JournalEntry.State, handles: [String] = [], detail: String? = nil, to publication: Publication,
        on connection: any RelationalConnection
    ) throws {
        let last = try journal(of: publication, on: connection).last?.sequence ?? 0
        let entry = JournalEntry(
            sequence: last + 1, state: state, fencingToken: publication.fencingToken, handles: handles, detail: detail,
            at: ambient.now())
        try connection.execute(PublicationQueries.append(entry, to: publication))
    }
}

extension PublicationStore {
    /// Writes what a person says of a publication in NEEDS_ATTENTION, and notes in the journal that a person said it.
    func resolve(
        _ publication: Publication, isLive: Bool, permalink: String?, on connection: any RelationalConnection
    ) throws -> Publication {
        var settled = publication
        let now = ambient.now()
        settled.state = isLive ? .published : .failed
        settled.permalink = isLive ? permalink : nil
        settled.publishedAt = isLive ? now : nil
        settled.errorClass = isLive ? nil : "final"
        settled.errorCode = isLive ? nil : "not_live"
        settled.errorMessage = isLive ? nil : "A person looked: it is not visible. It can be published again."
        settled.updatedAt = now
        let written = try connection.execute(
            """
            UPDATE publication SET state = \(settled.state), permalink = \(settled.permalink),
                published_at = \(settled.publishedAt), error_class = \(settled.errorClass), error_code = \(settled.errorCode),
                error_message = \(settled.errorMessage), updated_at = \(now)
            WHERE organization_id = \(settled.organizationID) AND id = \(settled.id) AND state = 'NEEDS_ATTENTION'
            """)
        guard written == 1 else { throw LostClaim() }
        try append(isLive ? .confirmed : .refused, detail: "A person looked.", to: settled, on: connection)
        return settled
    }
}

/// The publication belongs to another worker by now; this one must write nothing more about it.
package struct LostClaim: Error, CustomStringConvertible {
    package var description: String { "the publication was claimed by another worker" }
}
