import Core
package import Features
import Relational

/// Takes publications that are due. The claim, the post's step to PUBLISHING and its event are one transaction.
package struct PublicationClaims: Sendable {
    package let posts: PostStore

    package init(posts: PostStore) { self.posts = posts }

    /// Up to `limit` due publications, each held for `lease`.
    package func claim(limit: Int, lease: Duration) async throws -> [Publication] {
        // Asking first keeps the writer free while nothing is due.
        guard let next = try await posts.publications.nextWake(), next <= posts.ambient.now() else { return [] }
        let claimed = try await posts.engine.write { connection in
            let claimed = try posts.publications.claim(limit: limit, lease: lease, on: connection)
            var seen: Set<PostID> = []
            for publication in claimed where seen.insert(publication.postID).inserted {
                guard var post = try posts.find(publication.postID, in: publication.organizationID, on: connection),
                    post.status == .scheduled
                else { continue }
                post.status = .publishing
                try posts.repeatIfDue(&post, on: connection)
                try posts.save(&post, from: .scheduled, by: nil, on: connection)
            }
            return claimed
        }
        if !claimed.isEmpty { posts.outbox.wake.signal() }
        return claimed
    }

    /// Makes every claim of a process that is gone due at once. Only for a start that holds the data folder's lock.
    package func releaseAbandoned() async throws {
        try await posts.publications.releaseAll()
    }
}
