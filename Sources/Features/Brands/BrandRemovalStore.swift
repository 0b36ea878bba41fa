package import Contract
package import Core
import Relational

/// Deletes brands, with what they would still have done.
package struct BrandRemovalStore: Sendable {
    let posts: PostStore

    package init(posts: PostStore) { self.posts = posts }

    /// Removes the brand from the lists, cancels its scheduled posts and disconnects its accounts, in one transaction. Its
    /// posts, campaigns and plans stay readable. The name is free again.
    package func delete(_ id: BrandID, for caller: Caller) async throws {
        try await posts.engine.write { connection in
            guard caller.maySee(id), let brand = try posts.brands.find(id, in: caller.organizationID, on: connection) else {
                throw APIError.notFound("brand")
            }
            try caller.checkVersion(brand.version)
            let isAtWork = try connection.exists(
                """
                SELECT 1 FROM post WHERE organization_id = \(caller.organizationID) AND brand_id = \(id)
                    AND status IN ('PUBLISHING', 'NEEDS_ATTENTION') AND deleted_at IS NULL
                """)
            guard !isAtWork else {
                throw APIError(
                    .conflict, "A post of this brand is being published or needs attention; wait until it has settled.")
            }
            try posts.cancelAll(of: id, by: caller, on: connection)
            try posts.accounts.disconnectAll(of: id, by: caller, on: connection)
            try connection.execute(
                """
                UPDATE brand SET deleted_at = \(posts.ambient.now()), version = version + 1
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
        }
        posts.outbox.wake.signal()
    }
}
