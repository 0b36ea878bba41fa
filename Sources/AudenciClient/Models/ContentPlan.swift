public import Foundation

/// Posts that were proposed for a time.
public struct ContentPlan: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var organizationId: String
    /// Who asked for it.
    public var userId: String
    public var name: String
    public var status: PlanStatus
    public var brandId: String
    /// A day or an instant, as it was asked for.
    public var dateFrom: String
    public var dateTo: String
    public var timezone: String
    public var totalPosts: Int
    public var platforms: [Platform]
    public var socialAccountIds: [String]
    public var categoryIds: [String]
    public var pillarIds: [String]
    public var goals: [String]
    /// How many of each content type; the rest is the planner's.
    public var typeCounts: [ContentType: Int]
    /// How many for each platform; the rest is the planner's.
    public var platformCounts: [Platform: Int]
    /// Who proposed it: a model, or `offline-template`.
    public var provider: String?
    public var notes: [String]
    /// The changes that were asked for in words.
    public var promptHistory: [PlanPrompt]
    /// Why it failed.
    public var failure: String?
    public var generatedAt: Date?
    public var approvedAt: Date?
    public var completedAt: Date?
    /// Not in lists.
    public var items: [PlanItem]?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// A change of a plan that was asked for in words.
public struct PlanPrompt: Codable, Hashable, Sendable {
    public var prompt: String
    public var userId: String
    public var at: Date
    public var provider: String
    public var applied: [String]
    public var notUnderstood: [String]
}

/// A plan that was changed in words, and what became of them.
public struct RevisedPlan: Decodable, Hashable, Sendable {
    public var plan: ContentPlan
    /// What was done, a sentence each.
    public var applied: [String]
    /// What was not understood or not possible, as it was written.
    public var notUnderstood: [String]

    enum CodingKeys: CodingKey { case applied, notUnderstood }

    public init(from decoder: any Decoder) throws {
        plan = try ContentPlan(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        applied = try container.decode([String].self, forKey: .applied)
        notUnderstood = try container.decode([String].self, forKey: .notUnderstood)
    }
}

/// A proposed post.
public struct PlanItem: Codable, Hashable, Sendable {
    /// Only in a plan that is kept.
    public var id: String?
    public var topic: String
    public var caption: String
    public var platforms: [Platform]
    public var scheduledFor: Date
    public var contentType: ContentType
    public var categoryId: String?
    public var pillarId: String?
    /// Why it stands where it does.
    public var rationale: String
    /// `proposed`, `accepted`, `rejected` or `converted`.
    public var status: String
    /// The draft that it became.
    public var postId: String?
    /// Why it did not become one.
    public var issue: String?
}

/// What a plan would hold; nothing is kept.
public struct PlanPreview: Codable, Hashable, Sendable {
    public var items: [PlanItem]
    /// Who proposed them.
    public var provider: String
    public var notes: [String]
}

/// What a plan should hold.
public struct PlanWish: Codable, Hashable, Sendable {
    public var brandId: String
    public var dateFrom: Date
    public var dateTo: Date
    public var totalPosts: Int
    public var platforms: [Platform]
    public var socialAccountIds: [String]?
    public var categoryIds: [String]?
    public var pillarIds: [String]?
    public var goals: String?
    /// How many of each content type; the rest is the planner's.
    public var typeCounts: [ContentType: Int]?
    /// How many for each platform; the rest is the planner's.
    public var platformCounts: [Platform: Int]?
    public var name: String?
    /// Such as `Europe/Berlin`; the organization's by default.
    public var timezone: String?

    public init(
        brandId: String, dateFrom: Date, dateTo: Date, totalPosts: Int, platforms: [Platform],
        socialAccountIds: [String]? = nil,
        categoryIds: [String]? = nil, pillarIds: [String]? = nil, goals: String? = nil, typeCounts: [ContentType: Int]? = nil
    ) {
        self.brandId = brandId
        self.dateFrom = dateFrom
        self.dateTo = dateTo
        self.totalPosts = totalPosts
        self.platforms = platforms
        self.socialAccountIds = socialAccountIds
        self.categoryIds = categoryIds
        self.pillarIds = pillarIds
        self.goals = goals
        self.typeCounts = typeCounts
    }
}
