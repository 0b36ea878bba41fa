package import Contract
package import Core

/// What a request says of a post. POST and PUT take the same fields; on PUT absent ones stay and `null` clears.
package struct PostInput: APIInput {
    package var brandID: BrandID?
    package var title = Change<String>.keep
    package var caption: String?
    package var link = Change<String>.keep
    package var platforms: [Platform]?
    package var accountIDs = Change<[SocialAccountID]>.keep
    package var media = Change<[PostMediaInput]>.keep
    package var visibility = Change<PostOptions.Visibility>.keep
    package var contentWarning = Change<String>.keep
    package var status: PostStatus?
    package var scheduledFor = Change<Instant>.keep
    package var campaignID = Change<CampaignID>.keep
    package var overrides = Change<[PostOverrideInput]>.keep
    package var thread = Change<[ThreadPartInput]>.keep
    package var firstComment = Change<String>.keep
    package var categoryID = Change<CategoryID>.keep
    package var pillarID = Change<PillarID>.keep
    package var tags = Change<[String]>.keep
    package var externalRef = Change<String>.keep
    package var contentType = Change<ContentType>.keep
    package var queueID = Change<QueueID>.keep
    package var recurrence = Change<RecurrenceInput>.keep

    package init() {}

    package static let name = "PostInput"
    package static let fields: [InputField<Self>] = [
        InputField("brandId", "The brand that speaks; required when creating.") { $0.brandID = $1 },
        InputField("title", "A name for people; never published.", .ifSet(.length(1...200))) { $0.title = $1 },
        InputField(
            "caption", "The text. Each platform's own limit is checked as well; required when creating.", .length(0...65_000)
        ) { $0.caption = $1 },
        InputField(
            "link", "A link that belongs to the text: facebook shows it as a card, elsewhere it is appended.",
            .ifSet(.length(1...2048))
        ) { $0.link = $1 },
        InputField("platforms", "Where it goes; required when creating.", .count(1...14)) { $0.platforms = $1 },
        InputField(
            "socialAccountIds", "The accounts that publish it; all of the brand's on these platforms, when absent.",
            .ifSet(.count(1...100))
        ) { $0.accountIDs = $1 },
        InputField("media", "Its pictures, in order.", .ifSet(.count(0...10))) { $0.media = $1 },
        InputField("visibility", "Mastodon: who sees it.") { $0.visibility = $1 },
        InputField("contentWarning", "Mastodon: shown instead of the text until it is clicked.", .ifSet(.length(1...500))) {
            $0.contentWarning = $1
        },
        InputField("status", "DRAFT (the default) or SCHEDULED; on PUT also CANCELLED and ARCHIVED.") { $0.status = $1 },
        InputField("scheduledFor", "When it is published: in the future; required for SCHEDULED.") { $0.scheduledFor = $1 },
        InputField("campaignId", "The campaign it belongs to.") { $0.campaignID = $1 },
        InputField("overrides", "What single accounts publish instead, or at another time.", .ifSet(.count(0...100))) {
            $0.overrides = $1
        },
        InputField(
            "thread", "What follows, each part a reply to the one before; comments where there are no threads.",
            .ifSet(.count(0...24))
        ) { $0.thread = $1 },
        InputField("firstComment", "What the account writes under its own post.", .ifSet(.length(1...8000))) {
            $0.firstComment = $1
        },
        InputField("categoryId", "Its category.") { $0.categoryID = $1 },
        InputField("pillarId", "The content pillar that it serves.") { $0.pillarID = $1 },
        InputField("tags", "Free labels.", .ifSet(.count(0...50)), .ifSet(.each(.length(1...80)))) { $0.tags = $1 },
        InputField("externalRef", "Your own id for it, unique in the organization.", .ifSet(.length(1...200))) {
            $0.externalRef = $1
        },
        InputField("contentType", "What kind of content it is.") { $0.contentType = $1 },
        InputField("queueId", "Take the next free slot of this queue; instead of scheduledFor, with status SCHEDULED.") {
            $0.queueID = $1
        },
        InputField("recurrence", "How it repeats: each occurrence schedules the next.") { $0.recurrence = $1 },
    ]
    package static let example: JSONValue = [
        "brandId": "clx123abc", "caption": "Check out our new product!", "platforms": ["instagram", "facebook"],
        "scheduledFor": "2026-02-04T15:00:00Z", "status": "SCHEDULED",
    ]

    /// True when something other than `status` is said.
    package var changesContent: Bool { !changedFields.isEmpty }

    /// The fields that are said, `status` apart, by their names in the request.
    package var changedFields: [String] {
        let said: [(String, Bool)] = [
            ("brandId", brandID != nil), ("title", !title.isKept), ("caption", caption != nil), ("link", !link.isKept),
            ("platforms", platforms != nil), ("socialAccountIds", !accountIDs.isKept), ("media", !media.isKept),
            ("visibility", !visibility.isKept), ("contentWarning", !contentWarning.isKept),
            ("scheduledFor", !scheduledFor.isKept), ("campaignId", !campaignID.isKept),
            ("overrides", !overrides.isKept), ("thread", !thread.isKept), ("firstComment", !firstComment.isKept),
            ("categoryId", !categoryID.isKept), ("pillarId", !pillarID.isKept),
            ("tags", !tags.isKept), ("externalRef", !externalRef.isKept), ("contentType", !contentType.isKept),
            ("queueId", !queueID.isKept), ("recurrence", !recurrence.isKept),
        ]
        return said.filter(\.1).map(\.0)
    }

    /// True when what the public will see, or when, is said: an approval does not hold for that any more.
    package var changesWhatIsApproved: Bool {
        let unseen: Set = ["title", "tags", "externalRef", "categoryId", "pillarId", "campaignId", "contentType"]
        return changedFields.contains { !unseen.contains($0) }
    }

    /// Writes what is said onto `post`; status apart, which has rules of its own.
    package func apply(to post: inout Post) {
        post.brandID = brandID ?? post.brandID
        post.title = title.applied(to: post.title)
        post.caption = caption ?? post.caption
        post.link = link.applied(to: post.link)
        if let platforms { post.platforms = platforms.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
        post.accountIDs = accountIDs.applied(to: post.accountIDs) ?? []
        if platforms != nil, accountIDs.isKept { post.accountIDs = [] }
        if !media.isKept { post.media = media.value?.map(\.media) ?? [] }
        post.options.visibility = visibility.applied(to: post.options.visibility)
        post.options.contentWarning = contentWarning.applied(to: post.options.contentWarning)
        post.scheduledFor = scheduledFor.applied(to: post.scheduledFor)
        post.campaignID = campaignID.applied(to: post.campaignID)
        if !overrides.isKept { post.overrides = overrides.value?.map(\.override) ?? [] }
        if !thread.isKept { post.thread = thread.value?.map(\.part) ?? [] }
        post.firstComment = firstComment.applied(to: post.firstComment)
        post.categoryID = categoryID.applied(to: post.categoryID)
        post.pillarID = pillarID.applied(to: post.pillarID)
        if !tags.isKept { post.tags = (tags.value ?? []).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
        post.externalRef = externalRef.applied(to: post.externalRef)
        post.contentType = contentType.applied(to: post.contentType)
        post.queueID = queueID.applied(to: post.queueID)
        if !recurrence.isKept {
            let anchor = post.recurrence?.anchor
            post.recurrence = recurrence.value?.recurrence
            post.recurrence?.anchor = anchor
        }
    }
}
