public import Foundation

/// Posts that were proposed for a time.
public struct ContentPlan: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var brandId: String
    public var status: PlanStatus
    public var dateFrom: Date?
    public var dateTo: Date?
    public var totalPosts: Int?
    public var items: [PlanItem]?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
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
