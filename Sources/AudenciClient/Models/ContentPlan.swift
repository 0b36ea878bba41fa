public import Foundation

/// Posts that were proposed for a time.
public struct ContentPlan: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var brandId: String
    public var status: PlanStatus
    /// A day or an instant, as it was asked for.
    public var dateFrom: String?
    public var dateTo: String?
    public var totalPosts: Int?
    public var items: [PlanItem]?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
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
    public var scheduledFor: Date?
    public var contentType: String?
    public var categoryId: String?
    public var pillarId: String?
    /// `proposed`, until it is decided.
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
    /// How many of each content type.
    public var typeCounts: [String: Int]?

    public init(
        brandId: String, dateFrom: Date, dateTo: Date, totalPosts: Int, platforms: [Platform],
        socialAccountIds: [String]? = nil,
        categoryIds: [String]? = nil, pillarIds: [String]? = nil, goals: String? = nil, typeCounts: [String: Int]? = nil
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
