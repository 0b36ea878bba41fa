package import Contract
package import Core
import Relational

/// Orders captions, and knows what the brand has written before.
package struct CaptionOrderStore: Sendable {
    package let jobs: JobStore
    let brands: BrandStore
    let posts: PostStore

    package init(jobs: JobStore, brands: BrandStore, posts: PostStore) {
        self.jobs = jobs
        self.brands = brands
        self.posts = posts
    }

    /// Queues the job and reserves what it costs. The same `id` again answers the job that is there.
    package func order(_ input: CaptionInput, as id: JobID? = nil, for caller: Caller) async throws -> Job {
        var post: Post?
        if let id = input.postID {
            post = try await Self.orInvalid("postId", "names no post of this organization") {
                try await posts.get(id, for: caller)
            }
            guard post?.brandID == input.brandID else { throw APIError.invalid("postId", "names a post of another brand") }
        }
        let words = (input.topic ?? post?.caption ?? "").prefix(500)
        guard !words.allSatisfy(\.isWhitespace) else { throw APIError.invalid("topic", "is required") }
        guard Set(input.platforms).count == input.platforms.count else {
            throw APIError.invalid("platforms", "must name each platform once")
        }
        let asked = input.platforms.isEmpty ? post?.platforms ?? [] : input.platforms
        let action: CreditAction = input.postID == nil ? .caption : .postVariations
        let job = try await jobs.engine.write { connection in
            let platforms = try asked.isEmpty ? usual(input.brandID, for: caller, on: connection) : asked
            guard !platforms.isEmpty else {
                throw APIError.invalid("platforms", "is required: the brand has no accounts that would tell")
            }
            let order = CaptionOrder(
                topic: String(words), platforms: platforms, count: input.count, tone: input.tone, goals: input.goals)
            return try jobs.create(
                .captions, for: input.brandID, input: order.json, costing: action, as: id, for: caller, on: connection)
        }
        jobs.changes.signal()
        return job
    }

    private static func orInvalid<Value>(
        _ field: String, _ issue: String, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as APIError where error.code == .notFound {
            throw APIError.invalid(field, issue)
        }
    }

    /// The platforms of the brand's accounts.
    private func usual(
        _ brand: BrandID, for caller: Caller, on connection: any RelationalConnection
    ) throws -> [Platform] {
        let sandboxOnly: Query = caller.isDevelopment ? "AND is_sandbox" : ""
        return try connection.query(
            """
            SELECT DISTINCT platform FROM social_account
            WHERE organization_id = \(caller.organizationID) AND brand_id = \(brand) AND status <> 'DISCONNECTED' \(sandboxOnly)
            ORDER BY platform
            """
        ) { try $0.value(0) }
    }

    func brand(_ id: BrandID, for caller: Caller) async throws -> Brand {
        guard caller.maySee(id), let brand = try await brands.find(id, in: caller.organizationID) else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
        return brand
    }

    /// Captions of the brand's last posts, newest first.
    package func history(of brand: BrandID, in organization: OrganizationID) async throws -> [String] {
        try await posts.engine.read { connection in
            try connection.query(
                """
                SELECT caption FROM post
                WHERE organization_id = \(organization) AND brand_id = \(brand) AND deleted_at IS NULL
                ORDER BY id DESC LIMIT 200
                """
            ) { $0.text(0) }
        }
    }
}
