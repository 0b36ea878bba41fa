import Contract
package import Core
package import Features
import Relational

/// Writes what became of a publication, and of its post when that settles it: rows, journal and events in one
/// transaction.
package struct PublicationRecorder: Sendable {
    package let posts: PostStore
    package let accounts: AccountStore

    package init(posts: PostStore, accounts: AccountStore) {
        self.posts = posts
        self.accounts = accounts
    }

    private var publications: PublicationStore { posts.publications }
    private var engine: any RelationalEngine { posts.engine }
    private var ambient: Ambient { posts.ambient }

    /// Writes ARMED, durably. Only after this returns may the request that makes the post visible be sent.
    /// - Throws: ``LostClaim`` when another worker holds the publication by now: then it must not be sent.
    package func arm(_ publication: Publication, handles: [String], lease: Duration) async throws -> Publication {
        try await engine.write { connection in
            var armed = publication
            armed.wakeAt = ambient.now() + lease
            armed.attempts += 1
            armed.reconciliations = 0
            armed.updatedAt = ambient.now()
            try publications.update(armed, on: connection)
            try publications.append(.armed, handles: handles, to: armed, on: connection)
            return armed
        }
    }

    /// Prolongs the lease of a publication that takes long.
    package func renew(_ publication: Publication, lease: Duration) async throws {
        try await publications.renew(publication, until: ambient.now() + lease)
    }

    /// It is visible: the platform answered so.
    package func published(_ publication: Publication, platformPostID: String, permalink: String?) async throws {
        try await record(publication, journal: .confirmed, detail: platformPostID) {
            show(&$0, as: platformPostID, permalink)
        }
    }

    /// It is visible: a search found it. Unless another publication of the account was recorded as that post meanwhile, as
    /// one with the same words is that was looked for at the same moment: then nothing is written.
    /// - Returns: whether the post is this publication's.
    package func found(
        _ publication: Publication, platformPostID: String, permalink: String?, since: Instant
    ) async throws -> Bool {
        do {
            try await record(
                publication, journal: .confirmed, detail: platformPostID,
                unless: { connection in
                    // A platform may say that it is live and not as what.
                    try !platformPostID.isEmpty
                        && publications.isShown(platformPostID, beside: publication, since: since, on: connection)
                }
            ) { show(&$0, as: platformPostID, permalink) }
            return true
        } catch is AnothersPost {
            return false
        }
    }

    private func show(_ publication: inout Publication, as platformPostID: String, _ permalink: String?) {
        publication.state = .published
        publication.wakeAt = nil
        publication.platformPostID = platformPostID
        publication.permalink = permalink
        publication.publishedAt = ambient.now()
        publication.errorClass = nil
        publication.errorCode = nil
        publication.errorMessage = nil
    }

    private struct AnothersPost: Error {}

    /// It is looked at again at `wakeAt`. `journal` is what is known of the armed request, if there was one.
    package func again(
        _ publication: Publication, at wakeAt: Instant, journal: JournalEntry.State?, because problem: Problem
    ) async throws {
        try await record(publication, journal: journal, detail: problem.message) { publication in
            publication.state = .retrying
            publication.wakeAt = wakeAt
            problem.write(to: &publication)
        }
    }

    /// It will not become visible by itself (FAILED), or nobody knows (NEEDS_ATTENTION).
    package func settled(
        _ publication: Publication, as state: Publication.State, journal: JournalEntry.State?, because problem: Problem
    ) async throws {
        try await record(publication, journal: journal, detail: problem.message) { publication in
            publication.state = state
            publication.wakeAt = nil
            problem.write(to: &publication)
        }
    }

    /// Why it is not visible.
    package struct Problem: Sendable {
        package var errorClass: String
        package var code: String
        package var message: String

        func write(to publication: inout Publication) {
            publication.errorClass = errorClass
            publication.errorCode = code
            publication.errorMessage = message
        }
    }

    private func record(
        _ publication: Publication, journal: JournalEntry.State?, detail: String,
        unless isAnothers: @escaping @Sendable (any RelationalConnection) throws -> Bool = { _ in false },
        change: @escaping @Sendable (inout Publication) -> Void
    ) async throws {
        let state = try await engine.write { connection in
            if try isAnothers(connection) { throw AnothersPost() }
            var changed = publication
            change(&changed)
            changed.updatedAt = ambient.now()
            try publications.update(changed, on: connection)
            if let journal { try publications.append(journal, detail: detail, to: changed, on: connection) }
            if changed.errorClass == "auth", let reason = changed.errorMessage, changed.state == .failed {
                try accounts.markNeedsReconnect(
                    changed.accountID, in: changed.organizationID,
                    because: AccountProblem(code: changed.errorCode ?? "token_rejected", message: reason), on: connection)
            }
            if changed.state.isSettled { try posts.settle(after: changed, by: nil, on: connection) }
            return changed.state
        }
        posts.outbox.wake.signal()
        // What follows it may be due now.
        if state == .published { posts.scheduleWake.signal() }
    }
}
