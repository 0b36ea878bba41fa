package import Contract
package import Core

/// A new draft.
package struct DraftAction: PostForm {
    package var post = PostTemplate()

    package init() {}

    static let kind = AutomationAction.Kind.createDraftPost
    var step: AutomationAction.Step { .createDraftPost(self) }
    package static let name = "CreateDraftPostAction"
    package static let fields: [InputField<Self>] =
        [
            InputField(
                "caption", "The text; placeholders such as {{data.title}} are filled in.", required: true, .template(1...16_000)
            ) { $0.post.caption = $1 }
        ] + postFields
    package static let example: JSONValue = ["caption": "{{data.title}} is out!", "platforms": ["mastodon"]]
}

/// With a caption a new post, without one the event's, at a time from now or in a queue's next slot.
package struct ScheduleAction: PostForm {
    package var post = PostTemplate()
    package var delayMinutes: Int?
    package var queueID: QueueID?

    package init() {}

    static let kind = AutomationAction.Kind.schedulePost
    var step: AutomationAction.Step { .schedulePost(self) }
    package static let name = "SchedulePostAction"
    package static let fields: [InputField<Self>] =
        [
            InputField(
                "caption", "The text of a new post; without it the event's own post is scheduled.", .template(1...16_000)
            ) { $0.post.caption = $1 },
            InputField("delayMinutes", "How long after the event it is published; or queueId.", .range(1...525_600)) {
                $0.delayMinutes = $1
            },
            InputField("queueId", "The queue whose next slot it takes; or delayMinutes.") { $0.queueID = $1 },
        ] + postFields
    package static let example: JSONValue = ["delayMinutes": 60]

    func issues(at path: String) -> [FieldIssue] {
        if (delayMinutes == nil) == (queueID == nil) {
            return [FieldIssue("\(path).delayMinutes", "is required, or queueId; not both")]
        }
        guard post.caption == nil, !post.isEmpty else { return [] }
        return [FieldIssue("\(path).caption", "is required when other fields of a new post are given")]
    }
}

/// The event's post joins a campaign.
package struct CampaignAction: ActionForm {
    package var campaignID = CampaignID("")

    package init() {}

    static let kind = AutomationAction.Kind.addToCampaign
    var step: AutomationAction.Step { .addToCampaign(self) }
    package static let name = "AddToCampaignAction"
    package static let fields: [InputField<Self>] = [
        InputField("campaignId", "The campaign that the event's post joins.", required: true) { $0.campaignID = $1 }
    ]
    package static let example: JSONValue = ["campaignId": "cmb2k7q0x0000000000000011"]
}

/// The event's post gets labels.
package struct TagsAction: ActionForm {
    package var tags: [String] = []

    package init() {}

    static let kind = AutomationAction.Kind.addTags
    var step: AutomationAction.Step { .addTags(self) }
    package static let name = "AddTagsAction"
    package static let fields: [InputField<Self>] = [
        InputField(
            "tags", "Labels that the event's post gets beside those it has.", required: true, .count(1...50),
            .each(.length(1...80))
        ) { $0.tags = $1 }
    ]
    package static let example: JSONValue = ["tags": ["promotion"]]
}

/// The event's post takes a step.
package struct StatusAction: ActionForm {
    package var status = PostStatus.draft

    package init() {}

    static let kind = AutomationAction.Kind.updatePostStatus
    var step: AutomationAction.Step { .updatePostStatus(self) }
    package static let name = "UpdatePostStatusAction"
    package static let fields: [InputField<Self>] = [
        InputField(
            "status", "What the event's post becomes: DRAFT, SCHEDULED, CANCELLED or ARCHIVED.", required: true,
            Rule { status in
                let allowed = PostStatus.settable
                return allowed.contains(status) ? nil : "must be one of \(allowed.map(\.rawValue).joined(separator: ", "))"
            }
        ) { $0.status = $1 }
    ]
    package static let example: JSONValue = ["status": "ARCHIVED"]
}
