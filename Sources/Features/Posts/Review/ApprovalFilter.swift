package import Contract
package import Core

/// The filters of the approval queue.
package struct ApprovalFilter: APIQuery {
    package var statuses: [PostStatus] = [.inReview]
    package var isMine: Bool?
    package var platform: Platform?
    package var campaignID: CampaignID?
    package var brandID: BrandID?
    package var from: Instant?
    package var to: Instant?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "status", "Posts of this status; IN_REVIEW unless said otherwise.") { $0.statuses = $1 },
        QueryParameter("assignedToMe", "true: only posts that name the key's member as a reviewer.") { $0.isMine = $1 },
        QueryParameter("platform", "Only posts for this platform.") { $0.platform = $1 },
        QueryParameter("campaignId", "Only posts of this campaign.") { $0.campaignID = $1 },
        QueryParameter("brandId", "Only posts of this brand.") { $0.brandID = $1 },
        QueryParameter("from", "Only posts scheduled for this instant or later.") { $0.from = $1 },
        QueryParameter("to", "Only posts scheduled before this instant.") { $0.to = $1 },
    ]
}

/// A post that waits for a decision.
package struct WaitingPost: APIObject {
    package var post: Post
    package var now: Instant

    package static let name = "WaitingPost"
    package static let properties: [Property<Self>] =
        Post.properties.map { $0.lifted { $0.post } } + [
            Property("daysPending", "How many whole days it has waited.") { waiting in
                waiting.post.approval.map { Int((waiting.now - $0.submittedAt).inSeconds / 86_400) } ?? 0
            }
        ]
    package static let example = WaitingPost(post: .example, now: Post.example.updatedAt)
}
