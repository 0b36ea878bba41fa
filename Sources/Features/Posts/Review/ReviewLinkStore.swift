package import Contract
package import Core
import Relational

/// Links by which somebody outside decides on a post. A link names the submission, its stage and its own end, and is
/// signed: it cannot be altered, and it is worth nothing once the post was edited or that stage was decided.
package struct ReviewLinkStore: Sendable {
    package let posts: PostStore
    private let key: Secret
    private let publicURL: String

    package init(posts: PostStore, masterKey: Secret, publicURL: String) {
        self.posts = posts
        key = Secret("review-link/" + masterKey.reveal())
        self.publicURL = publicURL
    }

    /// What a link opens.
    package struct Target: Sendable, Hashable {
        package var organizationID: OrganizationID
        package var postID: PostID
        package var submittedAt: Instant
        package var stage: Int
        package var expiresAt: Instant
    }

    func link(to id: PostID, _ input: ReviewLinkInput, for caller: Caller) async throws -> ReviewLink {
        let post = try await posts.get(id, for: caller)
        guard post.status == .inReview, let approval = post.approval else {
            throw APIError(
                .invalidTransition, "A post that is \(post.status.rawValue) is not in review; submit it first.",
                details: [FieldIssue("status", "must be IN_REVIEW")])
        }
        let expiresAt = posts.ambient.now() + .seconds(3600 * input.expiresInHours)
        let target = Target(
            organizationID: post.organizationID, postID: id, submittedAt: approval.submittedAt, stage: approval.stage,
            expiresAt: expiresAt)
        return ReviewLink(url: "\(publicURL)/review/\(token(for: target))", expiresAt: expiresAt)
    }

    private func token(for target: Target) -> String {
        let text = [
            target.organizationID.rawValue, target.postID.rawValue, String(target.submittedAt.milliseconds),
            String(target.stage), String(target.expiresAt.milliseconds),
        ].joined(separator: "~")
        return text + "~" + Signature.audenci(body: Array(text.utf8), secret: key)
    }

    /// What `token` opens.
    /// - Throws: 404 for a token that is not ours or has expired.
    package func open(_ token: String) throws(APIError) -> Target {
        let parts = token.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, let submitted = Int64(parts[2]), let stage = Int(parts[3]), let expires = Int64(parts[4]) else {
            throw Self.unknown
        }
        let target = Target(
            organizationID: ID(parts[0]), postID: ID(parts[1]), submittedAt: Instant(milliseconds: submitted),
            stage: stage, expiresAt: Instant(milliseconds: expires))
        guard Signature.areEqual(self.token(for: target), token) else { throw Self.unknown }
        guard target.expiresAt > posts.ambient.now() else {
            throw APIError(.notFound, "This link expired at \(target.expiresAt); ask for a new one.")
        }
        return target
    }

    private static var unknown: APIError { APIError(.notFound, "This link is not valid; ask for a new one.") }

    /// The post behind a link, while it still waits for this decision.
    package func post(_ target: Target) async throws -> Post {
        let found = try await posts.engine.readByKey { connection in
            try posts.find(target.postID, in: target.organizationID, on: connection)
        }
        guard let found else { throw Self.unknown }
        try Self.requireWaiting(found, target)
        return found
    }

    /// Records what somebody outside decided.
    package func decide(_ target: Target, _ verdict: Decision.Verdict, name: String, note: String?) async throws -> Post {
        let decided = try await posts.engine.write { connection in
            guard let post = try posts.find(target.postID, in: target.organizationID, on: connection) else {
                throw Self.unknown
            }
            try Self.requireWaiting(post, target)
            return try posts.decide(post, verdict, note, by: .guest(name), on: connection)
        }
        posts.wake(decided)
        return decided
    }

    private static func requireWaiting(_ post: Post, _ target: Target) throws(APIError) {
        guard post.status == .inReview, post.approval?.submittedAt == target.submittedAt,
            post.approval?.stage == target.stage
        else {
            throw APIError(.conflict, "This post no longer waits for this decision: it was decided, withdrawn or edited since.")
        }
    }
}
