package import Contract
package import Core

/// What a request says of an item.
package struct InboxChange: APIInput {
    package var status: InboxItem.Status?
    package var assigneeID = Change<UserID>.keep

    package init() {}

    package static let name = "InboxChange"
    package static let fields: [InputField<Self>] = [
        InputField(
            "status", "NEW, READ, REPLIED (answered elsewhere) or ARCHIVED. Hiding is POST /api/inbox/{id}/hide.",
            Rule { $0 == .hidden ? "cannot be set to HIDDEN; POST /api/inbox/{id}/hide hides it on the platform" : nil }
        ) { $0.status = $1 },
        InputField("assigneeUserId", "The member who takes care of it; null: nobody.") { $0.assigneeID = $1 },
    ]
    package static let example: JSONValue = ["status": "READ", "assigneeUserId": .null]
}

/// An answer to an item.
package struct InboxReplyInput: APIInput {
    package var text = ""

    package init() {}

    package static let name = "InboxReplyInput"
    package static let fields: [InputField<Self>] = [
        InputField(
            "text", "What to answer; each platform has its own limit.", required: true, .length(1...8000),
            Rule { text in text.allSatisfy(\.isWhitespace) ? "must not be blank" : nil }
        ) { $0.text = $1 }
    ]
    package static let example: JSONValue = ["text": "Thank you!"]
}

/// Whether an item is hidden.
package struct InboxHideInput: APIInput {
    package var isHidden = true

    package init() {}

    package static let name = "InboxHideInput"
    package static let fields: [InputField<Self>] = [
        InputField("hidden", "false shows it again.") { $0.isHidden = $1 }
    ]
    package static let example: JSONValue = ["hidden": true]
}

/// Which accounts to look at now.
package struct InboxRefreshInput: APIInput {
    package var accountID: SocialAccountID?

    package init() {}

    package static let name = "InboxRefreshInput"
    package static let fields: [InputField<Self>] = [
        InputField("socialAccountId", "Only this account; all of them without it.") { $0.accountID = $1 }
    ]
    package static let example: JSONValue = [:]
}

/// The filters of `GET /api/inbox`.
package struct InboxFilter: APIQuery {
    package var kinds: [InboxItem.Kind] = []
    package var statuses: [InboxItem.Status] = []
    package var brandID: BrandID?
    package var platform: Platform?
    package var accountID: SocialAccountID?
    package var postID: PostID?
    package var assigneeID: UserID?
    package var isAssigned: Bool?
    package var since: Instant?
    package var text: String?

    package init() {}

    /// Whether it names something by which an index keeps items in the order of lists.
    var isIndexed: Bool { statuses.count == 1 || postID != nil || assigneeID != nil }

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "kind", "Only COMMENT or MENTION.") { $0.kinds = $1 },
        QueryParameter(list: "status", "Only items of this status.") { $0.statuses = $1 },
        QueryParameter("brandId", "Only items of this brand.") { $0.brandID = $1 },
        QueryParameter("platform", "Only items on this platform.") { $0.platform = $1 },
        QueryParameter("socialAccountId", "Only items of this account.") { $0.accountID = $1 },
        QueryParameter("postId", "Only items under this post.") { $0.postID = $1 },
        QueryParameter("assigneeUserId", "Only what this member takes care of.") { $0.assigneeID = $1 },
        QueryParameter("assigned", "Only what somebody takes care of, or with false nobody.") { $0.isAssigned = $1 },
        QueryParameter("since", "Only what was written at this instant or later.") { $0.since = $1 },
        QueryParameter("text", "Only items whose text or author holds this, in any case.") { $0.text = $1 },
    ]
}

/// The inbox in numbers, and how the accounts are looked at.
package struct InboxSummary: APIObject {
    package var byStatus: [(name: String, value: Int)]
    package var byKind: [(name: String, value: Int)]
    package var byPlatform: [(name: String, value: Int)]
    package var accounts: [InboxAccountState]

    package static let name = "InboxSummary"
    package static let properties: [Property<Self>] = [
        Property("total", "How many items there are.") { $0.byStatus.reduce(0) { $0 + $1.value } },
        Property("unread", "How many of them are NEW.") { $0.byStatus.first { $0.name == "NEW" }?.value ?? 0 },
        Property("byStatus", "Items of each status.") { NamedValues($0.byStatus) },
        Property("byKind", "Comments and mentions.") { NamedValues($0.byKind) },
        Property("byPlatform", "Items on each platform.") { NamedValues($0.byPlatform) },
        Property("accounts", "When each account was looked at, at most 200.") { $0.accounts },
    ]
    package static let example = InboxSummary(
        byStatus: [("NEW", 2), ("READ", 1)], byKind: [("COMMENT", 2), ("MENTION", 1)], byPlatform: [("instagram", 3)],
        accounts: [.example])
}

/// How an account's comments and mentions are looked at.
package struct InboxAccountState: APIObject {
    package var accountID: SocialAccountID
    package var checkedAt: Instant?
    package var nextCheckAt: Instant?
    package var lastError: String?

    package static let name = "InboxAccountState"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account.") { $0.accountID },
        Property("checkedAt", "When the platform was last asked.") { $0.checkedAt },
        Property("nextCheckAt", "When it is asked next; null: not while the account cannot be used.") { $0.nextCheckAt },
        Property("lastError", "Why the last look failed, when it did.") { $0.lastError },
    ]
    package static let example = InboxAccountState(
        accountID: ID("cmb2k7q0x0000000000000005"), checkedAt: Instant(seconds: 1_770_114_600),
        nextCheckAt: Instant(seconds: 1_770_114_720), lastError: nil)
}
