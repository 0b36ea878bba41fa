package import Contract
package import Core

/// The filters of `GET /api/posts`.
package struct PostFilter: APIQuery {
    package var statuses: [PostStatus] = []
    package var platform: Platform?
    package var brandID: BrandID?
    package var campaignID: CampaignID?
    package var scheduledFrom: Instant?
    package var scheduledTo: Instant?
    package var text: String?
    package var categoryID: CategoryID?
    package var pillarID: PillarID?
    package var contentPlanID: ContentPlanID?
    package var tag: String?
    package var userID: UserID?
    package var externalRef: String?
    package var updatedSince: Instant?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "status", "Only posts of this status.") { $0.statuses = $1 },
        QueryParameter("platform", "Only posts for this platform.") { $0.platform = $1 },
        QueryParameter("brandId", "Only posts of this brand.") { $0.brandID = $1 },
        QueryParameter("campaignId", "Only posts of this campaign.") { $0.campaignID = $1 },
        QueryParameter("scheduledFrom", "Only posts scheduled for this instant or later.") { $0.scheduledFrom = $1 },
        QueryParameter("scheduledTo", "Only posts scheduled before this instant.") { $0.scheduledTo = $1 },
        QueryParameter("categoryId", "Only posts of this category.") { $0.categoryID = $1 },
        QueryParameter("pillarId", "Only posts of this pillar.") { $0.pillarID = $1 },
        QueryParameter("contentPlanId", "Only posts that this content plan proposed.") { $0.contentPlanID = $1 },
        QueryParameter("tag", "Only posts with this tag.") { $0.tag = $1 },
        QueryParameter("userId", "Only posts of this author.") { $0.userID = $1 },
        QueryParameter("externalRef", "Only the post with this reference of yours.") { $0.externalRef = $1 },
        QueryParameter("updatedSince", "Only posts changed at this instant or later.") { $0.updatedSince = $1 },
        QueryParameter("text", "Only posts whose caption or title holds this text, in any case.") { $0.text = $1 },
    ]
}
