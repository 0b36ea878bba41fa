import Contract
package import Core
import Relational

/// What a platform's webhook brought: kept before it is answered, worked through afterwards.
package struct InboxNotice: Sendable {
    package var digest: String
    package var body: String
    package var attempts: Int
}

extension InboxStore {
    /// More than this many are not kept; the platform tries again later.
    private static let maximumNotices = 10_000
    /// After so many tries what cannot be looked up is let go; polls find most of it all the same.
    private static let maximumAttempts = 8

    /// Keeps a verified body. The same bytes again are the same notice.
    /// - Throws: ``APIError`` `unavailable` when too many wait.
    package func keep(notice body: String) async throws {
        let now = ambient.now()
        try await engine.write { connection in
            let waiting = try connection.first("SELECT count(*) FROM inbox_notice") { $0.int(0) } ?? 0
            guard waiting < Self.maximumNotices else {
                throw APIError(
                    .unavailable, "Too many notifications wait; send it again later.", headers: [("Retry-After", "60")])
            }
            try connection.execute(
                """
                INSERT INTO inbox_notice (digest, body, attempts, next_at, created_at)
                VALUES (\(Signature.sha256(body.utf8)), \(body), 0, \(now), \(now)) ON CONFLICT (digest) DO NOTHING
                """)
        }
        wakes.signal(.notices)
    }

    /// Takes up to `limit` notices that are due, held for `lease`.
    package func claimNotices(limit: Int, lease: Duration) async throws -> [InboxNotice] {
        let now = ambient.now()
        guard let next = try await nextNotice(), next <= now else { return [] }
        return try await engine.write { connection in
            try connection.query(
                """
                UPDATE inbox_notice SET next_at = \(now + lease), attempts = attempts + 1
                WHERE digest IN (SELECT digest FROM inbox_notice WHERE next_at <= \(now)
                    ORDER BY next_at LIMIT \(limit) \(.skipLocked))
                RETURNING digest, body, attempts
                """
            ) { InboxNotice(digest: $0.text(0), body: $0.text(1), attempts: Int($0.int(2))) }
        }
    }

    package func nextNotice() async throws -> Instant? {
        try await engine.readByKey { connection in
            try connection.first("SELECT min(next_at) FROM inbox_notice") { $0.optionalInstant(0) } ?? nil
        }
    }

    /// The accounts, of whatever organization, that a platform's webhook speaks of. Those that wait for a new token are among
    /// them: some things are told by webhook only, and only once.
    package func recipients(on platform: Platform, externalID: String) async throws -> [SocialAccount] {
        try await engine.read { connection in
            let rows = try connection.query(
                """
                SELECT organization_id, id FROM social_account
                WHERE platform = \(platform) AND external_id = \(externalID) AND status IN ('ACTIVE', 'NEEDS_RECONNECT')
                """
            ) { (organization: $0.id(0, OrganizationID.self), id: $0.id(1, SocialAccountID.self)) }
            return try rows.compactMap { try accounts.find($0.id, in: $0.organization, on: connection) }
                .filter { platforms.isToldByWebhooks($0) }
        }
    }

    /// Keeps what a notice brought for an account.
    package func receive(_ remarks: [IncomingRemark], for account: SocialAccount) async throws {
        let count = try await engine.write { try receive(remarks, for: account, on: $0) }
        if count > 0 { outbox.wake.signal() }
    }

    /// The notice is done with, or is tried again later because something in it could not be looked up.
    package func finish(_ notice: InboxNotice, isDone: Bool) async throws {
        let next = ambient.now() + InboxPlan.pause(afterFailures: notice.attempts)
        try await engine.write { connection in
            if isDone || notice.attempts >= Self.maximumAttempts {
                try connection.execute("DELETE FROM inbox_notice WHERE digest = \(notice.digest)")
            } else {
                try connection.execute("UPDATE inbox_notice SET next_at = \(next) WHERE digest = \(notice.digest)")
            }
        }
    }
}
