package import Core
package import Relational

/// The memory of the built-in simulators. A post becomes visible here durably, or not at all.
package struct SandboxStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    /// An id such as these platforms give: decimal digits, ordered by time.
    package func newID() -> String {
        let random = ambient.randomBytes(3).reduce(0) { $0 << 8 | Int64($1) }
        return String(max(ambient.now().milliseconds, 0) &* 1_000_000 &+ random % 1_000_000)
    }

    private static let columns: Query = "platform, id, account, text, media_count, permalink, created_at"

    private static func decode(_ row: any ResultRow) throws -> SandboxPost {
        SandboxPost(
            platform: try row.value(0), id: row.text(1), account: row.text(2), text: row.text(3), mediaCount: Int(row.int(4)),
            permalink: row.text(5), createdAt: row.instant(6))
    }

    /// Makes a post visible; with a key that was seen before, returns the post of that time instead.
    package func show(_ post: SandboxPost, key: String?) async throws -> SandboxPost {
        try await engine.write { connection in
            if let key,
                let present = try connection.first(
                    """
                    SELECT \(Self.columns) FROM sandbox_post
                    WHERE platform = \(post.platform) AND account = \(post.account) AND idempotency_key = \(key)
                    """, Self.decode)
            {
                return present
            }
            try connection.execute(
                """
                INSERT INTO sandbox_post (\(Self.columns), idempotency_key)
                VALUES (\(post.platform), \(post.id), \(post.account), \(post.text), \(post.mediaCount), \(post.permalink),
                        \(post.createdAt), \(key))
                """)
            return post
        }
    }

    package func post(platform: Platform, id: String) async throws -> SandboxPost? {
        try await engine.readByKey { connection in
            try connection.first(
                "SELECT \(Self.columns) FROM sandbox_post WHERE platform = \(platform) AND id = \(id)", Self.decode)
        }
    }

    /// The account's visible posts, newest first.
    package func posts(platform: Platform, account: String, limit: Int) async throws -> [SandboxPost] {
        try await engine.read { connection in
            try connection.query(
                """
                SELECT \(Self.columns) FROM sandbox_post WHERE platform = \(platform) AND account = \(account)
                ORDER BY created_at DESC LIMIT \(limit)
                """, Self.decode)
        }
    }

    package func setState(platform: Platform, name: String, value: String) async throws {
        try await engine.write { connection in
            try connection.execute(
                """
                INSERT INTO sandbox_state (platform, name, value) VALUES (\(platform), \(name), \(value))
                ON CONFLICT (platform, name) DO UPDATE SET value = excluded.value
                """)
        }
    }

    package func state(platform: Platform, name: String) async throws -> String? {
        try await engine.readByKey { connection in
            try connection.first("SELECT value FROM sandbox_state WHERE platform = \(platform) AND name = \(name)") {
                $0.text(0)
            }
        }
    }

    /// Arms a fault for the account's next requests of that step.
    package func arm(_ fault: SandboxFault, platform: Platform, account: String) async throws {
        try await engine.write { connection in
            try connection.execute(
                """
                INSERT INTO sandbox_fault (platform, account, step, mode, status, remaining)
                VALUES (\(platform), \(account), \(fault.step), \(fault.mode), \(fault.status.map(Int64.init)), \(fault.count))
                ON CONFLICT (platform, account, step) DO UPDATE
                SET mode = excluded.mode, status = excluded.status, remaining = excluded.remaining
                """)
        }
    }

    /// The fault that this request meets, used up by asking.
    package func takeFault(platform: Platform, account: String, step: String) async throws -> (mode: String, status: Int?)? {
        let isArmed = try await engine.readByKey { connection in
            try connection.exists(
                """
                SELECT 1 FROM sandbox_fault
                WHERE platform = \(platform) AND account = \(account) AND step = \(step) AND remaining > 0
                """)
        }
        guard isArmed else { return nil }
        return try await engine.write { connection in
            try connection.first(
                """
                UPDATE sandbox_fault SET remaining = remaining - 1
                WHERE platform = \(platform) AND account = \(account) AND step = \(step) AND remaining > 0
                RETURNING mode, status
                """
            ) { row in (row.text(0), row.optionalInt(1).map(Int.init)) }
        }
    }
}
