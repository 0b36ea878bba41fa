public import Foundation

/// Posts that belong together for a time.
public struct Campaign: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var organizationId: String
    public var brandId: String
    public var name: String
    public var description: String?
    public var goal: String?
    public var color: String?
    public var status: CampaignStatus
    public var startsAt: Date?
    public var endsAt: Date?
    /// When it really started and ended.
    public var startedAt: Date?
    public var endedAt: Date?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// A campaign to be created.
public struct CampaignDraft: Codable, Hashable, Sendable {
    public var name: String
    public var brandId: String
    public var startsAt: Date?
    public var endsAt: Date?
    public var description: String?
    public var goal: String?
    public var color: String?

    /// The rest is set afterwards.
    public init(name: String, brandId: String, startsAt: Date? = nil, endsAt: Date? = nil) {
        self.name = name
        self.brandId = brandId
        self.startsAt = startsAt
        self.endsAt = endsAt
    }
}

/// What is to be different about a campaign. What is not named stays.
public struct CampaignChange: Encodable, Hashable, Sendable {
    public var name: String?
    public var startsAt: Change<Date> = .keep
    public var endsAt: Change<Date> = .keep
    public var description: Change<String> = .keep
    public var goal: Change<String> = .keep
    public var color: Change<String> = .keep

    /// The rest is set afterwards.
    public init(name: String? = nil, startsAt: Change<Date> = .keep, endsAt: Change<Date> = .keep) {
        self.name = name
        self.startsAt = startsAt
        self.endsAt = endsAt
    }
}

/// What became of a campaign's posts.
public struct CampaignSummary: Codable, Hashable, Sendable {
    public var campaignId: String
    public var status: CampaignStatus
    public var postCount: Int
    public var publishedCount: Int
    public var byStatus: [PostStatus: Int]
    /// What is visible on each platform.
    public var byPlatform: [Platform: Int]
    public var firstPostAt: Date?
    public var lastPostAt: Date?
}
