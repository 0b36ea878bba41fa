package import Contract
package import Core

/// A post as it is proposed.
package struct ProposedPost: Sendable, Hashable {
    package var topic: String
    package var caption: String
    package var platforms: [Platform]
    package var scheduledFor: Instant
    package var contentType: ContentType
    package var categoryID: CategoryID?
    package var pillarID: PillarID?
    /// Why this, and why then.
    package var rationale: String

    package init(
        topic: String, caption: String, platforms: [Platform], scheduledFor: Instant, contentType: ContentType,
        categoryID: CategoryID? = nil, pillarID: PillarID? = nil, rationale: String = ""
    ) {
        self.topic = topic
        self.caption = caption
        self.platforms = platforms
        self.scheduledFor = scheduledFor
        self.contentType = contentType
        self.categoryID = categoryID
        self.pillarID = pillarID
        self.rationale = rationale
    }
}

extension ProposedPost: APIObject {
    package static let name = "ProposedPost"
    static let content: [Property<Self>] = [
        Property("topic", "What it is about.") { $0.topic },
        Property("caption", "The text, within the limits of its platforms.") { $0.caption },
        Property("platforms", "Where it goes.") { $0.platforms },
        Property("scheduledFor", "When it should be published.") { $0.scheduledFor },
        Property("contentType", "What kind of content it is.") { $0.contentType },
        Property("categoryId", "Its category.") { $0.categoryID },
        Property("pillarId", "The pillar that it serves.") { $0.pillarID },
        Property("rationale", "Why this, and why then.") { $0.rationale },
    ]
    package static let properties: [Property<Self>] =
        content + [Property("status", "Always proposed: nothing is kept.") { _ in PlanItemStatus.proposed }]
    package static let example = ProposedPost(
        topic: "Craft: a look behind the scenes", caption: "What does a day in the workshop look like? Come and see.",
        platforms: [.instagram, .facebook], scheduledFor: Instant(seconds: 1_770_206_400), contentType: .image,
        categoryID: nil, pillarID: ID("cmb2k7q0x0000000000000041"), rationale: "A common time to post.")
}

/// A proposed post of a plan that is kept.
package struct PlanItem: Sendable, Hashable {
    package var id: PlanItemID
    package var content: ProposedPost
    package var status = PlanItemStatus.proposed
    package var postID: PostID?
    /// Why no post could be made of it when the plan was approved.
    package var issue: String?

    package init(id: PlanItemID, content: ProposedPost) {
        self.id = id
        self.content = content
    }
}

extension PlanItem: APIObject {
    package static let name = "PlanItem"
    package static let properties: [Property<Self>] =
        [Property("id", "The proposal's id.") { $0.id }] + ProposedPost.content.map { $0.lifted { $0.content } } + [
            Property("status", "proposed, accepted, rejected, or converted: it is a post now.") { $0.status },
            Property("postId", "The post that was made of it.") { $0.postID },
            Property("issue", "Why no post could be made of it; change it and approve the plan again.") { $0.issue },
        ]
    package static let example = PlanItem(id: ID("cmb2k7q0x0000000000000051"), content: .example)
}

/// What a request says of one proposed post.
package struct PlanItemInput: APIInput {
    package var id: PlanItemID?
    package var status: PlanItemStatus?
    package var topic: String?
    package var caption: String?
    package var platforms: [Platform]?
    package var scheduledFor: Instant?
    package var contentType: ContentType?
    package var categoryID = Change<CategoryID>.keep
    package var pillarID = Change<PillarID>.keep

    package init() {}

    package static let name = "PlanItemInput"
    package static let fields: [InputField<Self>] = [
        InputField("id", "Which one.", required: true) { $0.id = $1 },
        InputField("status", "proposed, accepted or rejected.") { $0.status = $1 },
        InputField("topic", "What it is about.", .length(1...300)) { $0.topic = $1 },
        InputField("caption", "The text.", .length(1...65_000)) { $0.caption = $1 },
        InputField("platforms", "Where it goes: platforms of the plan.", .count(1...14)) { $0.platforms = $1 },
        InputField("scheduledFor", "When it should be published.") { $0.scheduledFor = $1 },
        InputField("contentType", "What kind of content it is.") { $0.contentType = $1 },
        InputField("categoryId", "Its category.") { $0.categoryID = $1 },
        InputField("pillarId", "The pillar that it serves.") { $0.pillarID = $1 },
    ]
    package static let example: JSONValue = ["id": "cmb2k7q0x0000000000000051", "status": "accepted"]

    /// Writes what is said onto `item`.
    func apply(to item: inout PlanItem) {
        item.status = status ?? item.status
        item.content.topic = topic ?? item.content.topic
        item.content.caption = caption ?? item.content.caption
        if let platforms { item.content.platforms = platforms.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
        item.content.scheduledFor = scheduledFor ?? item.content.scheduledFor
        item.content.contentType = contentType ?? item.content.contentType
        item.content.categoryID = categoryID.applied(to: item.content.categoryID)
        item.content.pillarID = pillarID.applied(to: item.content.pillarID)
        item.issue = nil
    }
}
