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

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "status", "Only posts of this status.") { $0.statuses = $1 },
        QueryParameter("platform", "Only posts for this platform.") { $0.platform = $1 },
        QueryParameter("brandId", "Only posts of this brand.") { $0.brandID = $1 },
        QueryParameter("campaignId", "Only posts of this campaign.") { $0.campaignID = $1 },
        QueryParameter("scheduledFrom", "Only posts scheduled for this instant or later.") { $0.scheduledFrom = $1 },
        QueryParameter("scheduledTo", "Only posts scheduled before this instant.") { $0.scheduledTo = $1 },
        QueryParameter("text", "Only posts whose caption or title holds this text, in any case.") { $0.text = $1 },
    ]
}
