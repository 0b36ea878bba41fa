package import Contract
package import Core

/// Posts of one purpose and one stretch of time.
package struct Campaign: Sendable {
    package var id: CampaignID
    package var organizationID: OrganizationID
    package var brandID: BrandID
    package var title: String
    package var description: String?
    package var goal: String?
    package var color: String?
    package var startsAt: Instant?
    package var endsAt: Instant?
    package var status: CampaignStatus
    /// When it really began and ended.
    package var startedAt: Instant?
    package var endedAt: Instant?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

extension Campaign: APIObject {
    package static let name = "Campaign"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The campaign's id.") { $0.id },
        Property("organizationId", "The organization.") { $0.organizationID },
        Property("brandId", "The brand.") { $0.brandID },
        Property("name", "Its name.") { $0.title },
        Property("description", "What it is about.") { $0.description },
        Property("goal", "What it shall reach.") { $0.goal },
        Property("color", "Its colour in calendars.") { $0.color },
        Property("startsAt", "When it starts.") { $0.startsAt },
        Property("endsAt", "When it ends.") { $0.endsAt },
        Property("status", "Where it is in its life.") { $0.status },
        Property("startedAt", "When it began.") { $0.startedAt },
        Property("endedAt", "When it was over.") { $0.endedAt },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Campaign(
        id: ID("cmb2k7q0x0000000000000011"), organizationID: ID("clx789xyz"), brandID: ID("clx456def"), title: "Summer Sale",
        description: nil, goal: "1,000 sign-ups", color: "#f2a541", startsAt: Instant(seconds: 1_770_114_600),
        endsAt: Instant(seconds: 1_770_719_400), status: .active, startedAt: Instant(seconds: 1_770_114_600), endedAt: nil,
        createdAt: Instant(seconds: 1_770_000_000), updatedAt: Instant(seconds: 1_770_114_600), version: 2)
}

/// What a request says of a campaign.
package struct CampaignInput: APIInput {
    package var title: String?
    package var brandID: BrandID?
    package var description = Change<String>.keep
    package var goal = Change<String>.keep
    package var color = Change<String>.keep
    package var startsAt = Change<Instant>.keep
    package var endsAt = Change<Instant>.keep

    package init() {}

    package static let name = "CampaignInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "Its name; required when creating.", .length(1...120)) { $0.title = $1 },
        InputField("brandId", "The brand; required when creating.") { $0.brandID = $1 },
        InputField("description", "What it is about.", .ifSet(.length(0...5000))) { $0.description = $1 },
        InputField("goal", "What it shall reach.", .ifSet(.length(0...500))) { $0.goal = $1 },
        InputField("color", "Its colour in calendars.", .ifSet(.hexColor)) { $0.color = $1 },
        InputField("startsAt", "When it starts; a draft without it.") { $0.startsAt = $1 },
        InputField("endsAt", "When it ends; later than startsAt.") { $0.endsAt = $1 },
    ]
    package static let example: JSONValue = [
        "name": "Summer Sale", "brandId": "clx456def", "startsAt": "2026-06-01T00:00:00Z", "endsAt": "2026-06-30T22:00:00Z",
    ]

    func apply(to campaign: inout Campaign) {
        campaign.title = title ?? campaign.title
        campaign.brandID = brandID ?? campaign.brandID
        campaign.description = description.applied(to: campaign.description)
        campaign.goal = goal.applied(to: campaign.goal)
        campaign.color = color.applied(to: campaign.color)
        campaign.startsAt = startsAt.applied(to: campaign.startsAt)
        campaign.endsAt = endsAt.applied(to: campaign.endsAt)
    }
}

/// The filters of `GET /api/campaigns`.
package struct CampaignFilter: APIQuery {
    package var statuses: [CampaignStatus] = []
    package var brandID: BrandID?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "status", "Only campaigns of this status.") { $0.statuses = $1 },
        QueryParameter("brandId", "Only campaigns of this brand.") { $0.brandID = $1 },
    ]
}

/// A campaign's posts in numbers.
package struct CampaignSummary: APIObject {
    package var campaign: Campaign
    package var posts: Int
    package var byStatus: [(String, Int)]
    package var byPlatform: [(String, Int)]
    package var firstPostAt: Instant?
    package var lastPostAt: Instant?

    package static let name = "CampaignSummary"
    package static let properties: [Property<Self>] = [
        Property("campaignId", "The campaign.") { $0.campaign.id },
        Property("status", "Where the campaign is in its life.") { $0.campaign.status },
        Property("postCount", "How many posts it has.") { $0.posts },
        Property("publishedCount", "How many of them are visible somewhere.") { summary in
            summary.byStatus.filter { $0.0 == "PUBLISHED" || $0.0 == "PARTIALLY_PUBLISHED" }.reduce(0) { $0 + $1.1 }
        },
        Property("byStatus", "Posts of each status.") { NamedValues($0.byStatus.map { (name: $0.0, value: $0.1) }) },
        Property("byPlatform", "Publications that are visible on each platform.") {
            NamedValues($0.byPlatform.map { (name: $0.0, value: $0.1) })
        },
        Property("firstPostAt", "When its first post is scheduled.") { $0.firstPostAt },
        Property("lastPostAt", "When its last post is scheduled.") { $0.lastPostAt },
    ]
    package static let example = CampaignSummary(
        campaign: .example, posts: 3, byStatus: [("SCHEDULED", 2), ("PUBLISHED", 1)], byPlatform: [("instagram", 1)],
        firstPostAt: Instant(seconds: 1_770_114_600), lastPostAt: Instant(seconds: 1_770_600_000))
}
