package import Contract
package import Core

/// What one account publishes instead of the post's own words, pictures or time. What it does not say is the post's.
package struct PostOverride: Sendable {
    package var accountID: SocialAccountID
    package var caption: String?
    package var link: String?
    package var media: [PostMedia]?
    package var scheduledFor: Instant?
    package var visibility: PostOptions.Visibility?
    package var contentWarning: String?
}

extension PostOverride: APIObject {
    package static let name = "PostOverride"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account.") { $0.accountID },
        Property("caption", "Its text.") { $0.caption },
        Property("link", "Its link.") { $0.link },
        Property("media", "Its pictures.") { $0.media },
        Property("scheduledFor", "When it is published there.") { $0.scheduledFor },
        Property("visibility", "Mastodon: who sees it.") { $0.visibility },
        Property("contentWarning", "Mastodon: shown instead of the text until it is clicked.") { $0.contentWarning },
    ]
    package static let example = PostOverride(
        accountID: ID("cmb2k7q0x0000000000000005"), caption: "Shorter here", link: nil, media: nil, scheduledFor: nil,
        visibility: nil, contentWarning: nil)
}

/// An override, as a request gives it.
package struct PostOverrideInput: APIInput {
    package var override = PostOverride(
        accountID: ID(""), caption: nil, link: nil, media: nil, scheduledFor: nil, visibility: nil, contentWarning: nil)

    package init() {}

    package static let name = "PostOverrideInput"
    package static let fields: [InputField<Self>] = [
        InputField("socialAccountId", "The account, one of the post's.", required: true) { $0.override.accountID = $1 },
        InputField("caption", "Its text.", .ifSet(.length(0...65_000))) { (input: inout Self, value: Change<String>) in
            input.override.caption = value.value
        },
        InputField("link", "Its link.", .ifSet(.length(1...2048))) { (input: inout Self, value: Change<String>) in
            input.override.link = value.value
        },
        InputField("media", "Its pictures.", .ifSet(.count(0...10))) { (input: inout Self, value: Change<[PostMediaInput]>) in
            input.override.media = value.value?.map(\.media)
        },
        InputField("scheduledFor", "When it is published there.") { (input: inout Self, value: Change<Instant>) in
            input.override.scheduledFor = value.value
        },
        InputField("visibility", "Mastodon: who sees it.") { (input: inout Self, value: Change<PostOptions.Visibility>) in
            input.override.visibility = value.value
        },
        InputField("contentWarning", "Mastodon: shown instead of the text.", .ifSet(.length(1...500))) {
            (input: inout Self, value: Change<String>) in input.override.contentWarning = value.value
        },
    ]
    package static let example: JSONValue = ["socialAccountId": "cmb2k7q0x0000000000000005", "caption": "Shorter here"]
}

extension Post {
    /// The post as one account publishes it.
    package func adapted(to account: SocialAccountID) -> Post {
        guard let override = overrides.first(where: { $0.accountID == account }) else { return self }
        var post = self
        post.caption = override.caption ?? caption
        post.link = override.link ?? link
        post.media = override.media ?? media
        post.scheduledFor = override.scheduledFor ?? scheduledFor
        post.options.visibility = override.visibility ?? options.visibility
        post.options.contentWarning = override.contentWarning ?? options.contentWarning
        return post
    }
}
