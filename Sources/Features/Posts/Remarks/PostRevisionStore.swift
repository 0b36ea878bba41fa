package import Contract
package import Core
import Relational

/// What posts were before.
extension PostStore {
    /// Keeps the post as it was, on the transaction that changes it.
    func keepRevision(
        of post: Post, changed: [String], by user: UserID?, on connection: any RelationalConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO post_revision (organization_id, post_id, version, user_id, changed_fields, snapshot, created_at)
            VALUES (\(post.organizationID), \(post.id), \(post.version), \(user), \(StringList.encode(changed)),
                    \(RawJSON(rendering: post).text), \(ambient.now()))
            """)
    }

    /// The versions before the present one, newest first.
    package func revisions(of id: PostID, for caller: Caller, page: PageRequest) async throws -> Page<PostRevision> {
        try await engine.read { connection in
            let post = try visible(id, for: caller, on: connection)
            let rows = try connection.query(
                """
                SELECT version, user_id, changed_fields, snapshot, created_at FROM post_revision
                WHERE organization_id = \(post.organizationID) AND post_id = \(id) AND \(page.condition("version", isNumber: true))
                \(page.tail("version"))
                """
            ) { row in
                PostRevision(
                    version: row.int(0), userID: row.optionalID(1), changedFields: StringList.decode(row.text(2)),
                    snapshot: RawJSON(row.text(3)), createdAt: row.instant(4))
            }
            return page.page(rows) { Cursor(key: String($0.version)) }
        }
    }
}
