import Contract
package import Core
import Relational

/// What is said on the simulated platforms.
extension SandboxStore {
    private static let remarkColumns: Query = """
        platform, kind, id, account, post_id, parent_id, author, is_own, text, is_hidden, created_at
        """

    private static func decodeRemark(_ row: any ResultRow) throws -> SandboxRemark {
        SandboxRemark(
            platform: try row.value(0), kind: row.text(1), id: row.text(2), account: row.text(3), postID: row.optionalText(4),
            parentID: row.optionalText(5), author: row.text(6), isOwn: row.bool(7), text: row.text(8), isHidden: row.bool(9),
            createdAt: row.instant(10))
    }

    /// Makes it visible; with a key that was seen before, returns the remark of that time instead.
    package func add(_ remark: SandboxRemark, key: String?) async throws -> SandboxRemark {
        try await engine.write { try add(remark, key: key, on: $0) }
    }

    private func add(
        _ remark: SandboxRemark, key: String?, on connection: any RelationalConnection
    ) throws -> SandboxRemark {
        if let key,
            let present = try connection.first(
                """
                SELECT \(Self.remarkColumns) FROM sandbox_remark
                WHERE platform = \(remark.platform) AND account = \(remark.account) AND idempotency_key = \(key)
                """, Self.decodeRemark)
        {
            return present
        }
        try connection.execute(
            """
            INSERT INTO sandbox_remark (\(Self.remarkColumns), idempotency_key)
            VALUES (\(remark.platform), \(remark.kind), \(remark.id), \(remark.account), \(remark.postID), \(remark.parentID),
                    \(remark.author), \(remark.isOwn), \(remark.text), \(remark.isHidden), \(remark.createdAt), \(key))
            """)
        return remark
    }

    /// What was written under the account's posts, about it, and by it, newest first.
    package func remarks(platform: Platform, account: String, limit: Int) async throws -> [SandboxRemark] {
        try await engine.read { connection in
            try connection.query(
                """
                SELECT \(Self.remarkColumns) FROM sandbox_remark WHERE platform = \(platform) AND account = \(account)
                ORDER BY created_at DESC, id DESC LIMIT \(limit)
                """, Self.decodeRemark)
        }
    }

    package func remark(platform: Platform, id: String) async throws -> SandboxRemark? {
        try await engine.readByKey { connection in
            try connection.first(
                "SELECT \(Self.remarkColumns) FROM sandbox_remark WHERE platform = \(platform) AND id = \(id)",
                Self.decodeRemark)
        }
    }

    /// False when there is no such remark.
    package func setHidden(_ isHidden: Bool, platform: Platform, remark id: String) async throws -> Bool {
        try await engine.write { connection in
            try connection.execute(
                "UPDATE sandbox_remark SET is_hidden = \(isHidden) WHERE platform = \(platform) AND id = \(id)") == 1
        }
    }

    /// Lets somebody comment on a post of the account. The account is due in the same transaction, so that the comment
    /// arrives as fast as a real platform's webhook would bring it, crash or not.
    package func comment(
        _ input: SandboxCommentInput, on account: SocialAccount, in inbox: InboxStore
    ) async throws -> SandboxRemark {
        let number = newID()
        let remark = try await engine.write { connection in
            guard let post = try visibleID(of: input.postID, on: account, connection) else {
                throw APIError.invalid("postId", "names no post that is visible on this account")
            }
            let id = account.platform == .facebook ? "\(post.split(separator: "_").last ?? "0")_\(number)" : number
            let remark = try add(
                written("comment", id, post: post, author: input.author, text: input.text, on: account), key: nil,
                on: connection)
            try inbox.makeDue(account, post: post, on: connection)
            return remark
        }
        inbox.wakes.signal(.sandbox)
        return remark
    }

    /// Lets somebody mention the account.
    package func mention(
        _ input: SandboxMentionInput, of account: SocialAccount, in inbox: InboxStore
    ) async throws -> SandboxRemark {
        let number = newID()
        let remark = try await engine.write { connection in
            let id = account.platform == .facebook ? "\(number)_\(number)" : number
            let remark = try add(
                written("mention", id, post: nil, author: input.author, text: input.text, on: account), key: nil,
                on: connection)
            try inbox.makeDue(account, on: connection)
            return remark
        }
        inbox.wakes.signal(.sandbox)
        return remark
    }

    private func written(
        _ kind: String, _ id: String, post: String?, author: String, text: String, on account: SocialAccount
    ) -> SandboxRemark {
        SandboxRemark(
            platform: account.platform, kind: kind, id: id, account: account.externalID, postID: post, parentID: nil,
            author: author, isOwn: false, text: text, isHidden: false, createdAt: ambient.now())
    }

    /// The platform's id of a post that is named by it, or by our own id.
    private func visibleID(
        of id: String, on account: SocialAccount, _ connection: any RelationalConnection
    ) throws -> String? {
        let published =
            try connection.first(
                """
                SELECT platform_post_id FROM publication WHERE organization_id = \(account.organizationID) AND post_id = \(id)
                    AND social_account_id = \(account.id) AND part = 0
                """
            ) { $0.optionalText(0) } ?? nil
        return try connection.first(
            """
            SELECT id FROM sandbox_post
            WHERE platform = \(account.platform) AND account = \(account.externalID) AND id = \(published ?? id)
            """
        ) { $0.text(0) }
    }
}
