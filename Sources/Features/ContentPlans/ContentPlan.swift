package import Contract
package import Core

/// Posts that are proposed for a stretch of time, from the wish to the drafts.
package struct ContentPlan: Sendable {
    package var id: ContentPlanID
    package var organizationID: OrganizationID
    /// Who asked for it.
    package var userID: UserID
    package var title: String
    package var status: ContentPlanStatus
    package var wish: PlanWish
    /// Who proposed the posts; nil until they are there.
    package var provider: String?
    package var notes: [String] = []
    package var prompts: [PlanPrompt] = []
    package var failure: String?
    package var generatedAt: Instant?
    package var approvedAt: Instant?
    package var approvedBy: UserID?
    /// Whether the key that approved it sees sandbox accounts only.
    package var isDevelopment = false
    package var completedAt: Instant?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
    /// Nil in lists.
    package var items: [PlanItem]?

    package init(
        id: ContentPlanID, organizationID: OrganizationID, userID: UserID, title: String, wish: PlanWish, at now: Instant
    ) {
        self.id = id
        self.organizationID = organizationID
        self.userID = userID
        self.title = title
        self.wish = wish
        status = .generating
        createdAt = now
        updatedAt = now
        version = 1
    }
}

extension ContentPlan: APIObject {
    package static let name = "ContentPlan"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] =
        [
            Property("id", "The plan's id.") { $0.id },
            Property("organizationId", "The organization.") { $0.organizationID },
            Property("userId", "Who asked for it.") { $0.userID },
            Property("name", "Its name.") { $0.title },
            Property("status", "Where it is in its life.") { $0.status },
        ] + PlanWish.properties.map { $0.lifted { $0.wish } } + [
            Property("provider", "Who proposed the posts: `offline-template` is no AI.") { $0.provider },
            Property("notes", "What should be known of the proposals.") { $0.notes },
            Property("promptHistory", "The revisions in words, oldest first.") { $0.prompts },
            Property("failure", "Why it failed, when it failed.") { $0.failure },
            Property("generatedAt", "When the posts were proposed.") { $0.generatedAt },
            Property("approvedAt", "When it was approved.") { $0.approvedAt },
            Property("completedAt", "When every accepted proposal was a post.") { $0.completedAt },
            Property("createdAt", "When it was created.") { $0.createdAt },
            Property("updatedAt", "When it was last changed.") { $0.updatedAt },
            Property("version", "Counts the changes.") { $0.version },
            Property(omittable: "items", "The proposed posts in order of time; not in lists.") { $0.items },
        ]
    package static let example: ContentPlan = {
        var plan = ContentPlan(
            id: ID("cmb2k7q0x0000000000000014"), organizationID: ID("clx789xyz"), userID: ID("cmb2k7q0x0000000000000003"),
            title: "March", wish: .example, at: Instant(seconds: 1_770_000_000))
        plan.status = .ready
        plan.provider = "offline-template"
        plan.generatedAt = Instant(seconds: 1_770_000_001)
        plan.items = [.example]
        return plan
    }()
}

/// What a request says of a plan that is there.
package struct ContentPlanInput: APIInput {
    package var title: String?
    package var items: [PlanItemInput] = []

    package init() {}

    package static let name = "ContentPlanInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "Its name.", .length(1...120)) { $0.title = $1 },
        InputField("items", "The proposals to change; the others stay.", .count(0...1000)) { $0.items = $1 },
    ]
    package static let example: JSONValue = [
        "name": "March", "items": [["id": "cmb2k7q0x0000000000000051", "status": "rejected"]],
    ]
}

/// The filters of `GET /api/plans`.
package struct ContentPlanFilter: APIQuery {
    package var statuses: [ContentPlanStatus] = []
    package var brandID: BrandID?
    package var userID: UserID?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "status", "Only plans of this status.") { $0.statuses = $1 },
        QueryParameter("brandId", "Only plans of this brand.") { $0.brandID = $1 },
        QueryParameter("userId", "Only plans that this member asked for.") { $0.userID = $1 },
    ]
}

/// What a plan would hold.
package struct PlanPreview: APIObject {
    package var draft: PlanDraft

    package static let name = "PlanPreview"
    package static let properties: [Property<Self>] = [
        Property("items", "The proposed posts, in order of time.") { $0.draft.items },
        Property("provider", "Who proposed them: `offline-template` is no AI.") { $0.draft.provider },
        Property("notes", "What should be known of them.") { $0.draft.notes },
    ]
    package static let example = PlanPreview(
        draft: PlanDraft(items: [.example], provider: "offline-template", notes: []))
}
