public import Foundation

extension APIClient {
    /// Posts: `client.posts`.
    public var posts: Posts { Posts(client: self) }

    /// What can be done with posts.
    public struct Posts: Sendable {
        let client: APIClient

        /// One page of posts, newest first.
        public func list(_ filter: PostFilter = PostFilter(), limit: Int? = nil, cursor: String? = nil) async throws -> Page<
            Post
        > {
            try await client.page(["posts"], filter.query, limit: limit, cursor: cursor)
        }

        /// Every post that a filter lets through, newest first, page by page.
        public func all(_ filter: PostFilter) -> PagedSequence<Post> { client.all(["posts"], filter.query) }

        /// Every post of these statuses, platforms, this brand and this campaign, newest first, page by page.
        public func all(
            status: [PostStatus] = [], platform: [Platform] = [], brandId: String? = nil, campaignId: String? = nil
        ) -> PagedSequence<Post> {
            all(PostFilter(status: status, platform: platform, brandId: brandId, campaignId: campaignId))
        }

        /// Creates a post.
        public func create(_ draft: PostDraft, idempotencyKey: String? = nil) async throws -> Post {
            try await client.write(.post, ["posts"], draft, idempotencyKey: idempotencyKey)
        }

        /// One post.
        public func get(_ id: String) async throws -> Post { try await client.get(["posts", id]) }

        /// Changes a post; what the change does not name stays.
        public func update(
            _ id: String, _ change: PostChange, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> Post {
            try await client.write(.put, ["posts", id], change, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Deletes a post here. What it published stays on the platforms.
        @discardableResult
        public func delete(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["posts", id], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Publishes a post now, or again on the accounts where it failed. It answers before the platforms do.
        @discardableResult
        public func publish(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Post {
            try await client.write(.post, ["posts", id, "publish"], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Makes a new draft out of a post.
        public func duplicate(_ id: String, idempotencyKey: String? = nil) async throws -> Post {
            try await client.write(.post, ["posts", id, "duplicate"], idempotencyKey: idempotencyKey)
        }

        /// Says what the platforms would make of a post; creates nothing.
        public func validate(_ draft: PostDraft) async throws -> PostVerdict {
            try await client.inEarnest.write(.post, ["posts", "validate"], draft)
        }

        /// Creates several posts; each succeeds or fails by itself.
        public func bulk(_ drafts: [PostDraft], idempotencyKey: String? = nil) async throws -> [BulkResult] {
            let answer: BulkAnswer = try await client.write(
                .post, ["posts", "bulk"], ["posts": drafts], idempotencyKey: idempotencyKey)
            return answer.results
        }

        /// Asks for a review, by anybody who may or by these.
        @discardableResult
        public func submit(
            _ id: String, reviewerIds: [String] = [], note: String? = nil, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> Post {
            let body = Submission(reviewerIds: reviewerIds.isEmpty ? nil : reviewerIds, note: note)
            return try await client.write(
                .post, ["posts", id, "submit"], body, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Takes a step of the editorial workflow.
        @discardableResult
        public func perform(
            _ step: PostStep, on id: String, note: String? = nil, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> Post {
            let path = ["posts", id, step.rawValue]
            guard let note else { return try await client.write(.post, path, ifMatch: ifMatch, idempotencyKey: idempotencyKey) }
            return try await client.write(.post, path, ["note": note], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Says what became of a post that needs attention, after somebody looked at the platform. Sends nothing.
        @discardableResult
        public func resolve(
            _ id: String, isLive: Bool, url: String? = nil, publicationId: String? = nil, idempotencyKey: String? = nil
        ) async throws -> Post {
            let body = Resolution(live: isLive, url: url, publicationId: publicationId)
            return try await client.write(.post, ["posts", id, "resolve"], body, idempotencyKey: idempotencyKey)
        }

        /// What happened on each account, with the journal.
        public func publications(of id: String) -> PagedSequence<Publication> { client.all(["posts", id, "publications"]) }
    }
}

/// A step that needs nothing but, at most, a note.
public struct PostStep: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let approve: Self = "approve"
    public static let reject: Self = "reject"
    public static let requestChanges: Self = "request-changes"
    public static let withdraw: Self = "withdraw"
    public static let cancel: Self = "cancel"
    public static let retry: Self = "retry"
}

/// Which posts a list holds.
public struct PostFilter: Hashable, Sendable {
    /// Any of them; empty: all.
    public var status: [PostStatus]
    /// Any of them; empty: all.
    public var platform: [Platform]
    public var brandId: String?
    public var campaignId: String?
    public var scheduledFrom: Date?
    public var scheduledTo: Date?
    /// Words of the title or the caption.
    public var text: String?

    public init(
        status: [PostStatus] = [], platform: [Platform] = [], brandId: String? = nil, campaignId: String? = nil,
        scheduledFrom: Date? = nil, scheduledTo: Date? = nil, text: String? = nil
    ) {
        self.status = status
        self.platform = platform
        self.brandId = brandId
        self.campaignId = campaignId
        self.scheduledFrom = scheduledFrom
        self.scheduledTo = scheduledTo
        self.text = text
    }

    var query: [String: String] {
        var query = Query()
        query.add("status", status)
        query.add("platform", platform)
        query.add("brandId", brandId)
        query.add("campaignId", campaignId)
        query.add("scheduledFrom", scheduledFrom.map(AudenciJSON.text))
        query.add("scheduledTo", scheduledTo.map(AudenciJSON.text))
        query.add("text", text)
        return query.parameters
    }
}

private struct Submission: Encodable {
    let reviewerIds: [String]?
    let note: String?
}

private struct BulkAnswer: Decodable { let results: [BulkResult] }

private struct Resolution: Encodable {
    let live: Bool
    let url: String?
    let publicationId: String?
}
