import Core

/// A status, as far as we look at it.
struct MastodonStatus {
    var id: String
    var url: String?
    var createdAt: Instant
    /// Without markup.
    var text: String
    var contentWarning: String
    var mediaIDs: [String]

    /// Nil when it is not a status: a list with one such entry proves nothing.
    init?(_ json: JSONValue) {
        guard let id = json.identifier("id"), let created = json["created_at"]?.string,
            let createdAt = Instant(iso8601: created),
            let content = json["content"]?.string
        else { return nil }
        self.id = id
        self.createdAt = createdAt
        url = json.link("url") ?? json.link("uri")
        text = PostText.plain(html: content)
        contentWarning = json["spoiler_text"]?.string ?? ""
        mediaIDs = (json["media_attachments"]?.array ?? []).compactMap { $0.identifier("id") }
    }

    /// What tells our status from the account's others.
    struct Fingerprint {
        let text: String
        let contentWarning: String
        let mediaIDs: [String]

        init(_ request: PublishRequest, mediaIDs: [String]) {
            text = PostText.folded(request.captionWithLink)
            contentWarning = PostText.folded(request.options.contentWarning ?? "")
            self.mediaIDs = mediaIDs.sorted()
        }

        /// An upload belongs to one status only, so the same ids are proof. Other ids are none against it: an earlier try
        /// uploaded its own, and may be what is live.
        func matches(_ status: MastodonStatus) -> Bool {
            if !mediaIDs.isEmpty, status.mediaIDs.sorted() == mediaIDs { return true }
            // Pictures without words look all the same.
            guard mediaIDs.isEmpty || !text.isEmpty else { return false }
            return status.mediaIDs.count == mediaIDs.count && PostText.folded(status.text) == text
                && PostText.folded(status.contentWarning) == contentWarning
        }
    }
}

/// The account that a token belongs to.
struct MastodonAccount {
    var profile: PlatformProfile
    var id: String { profile.externalID }

    init?(_ json: JSONValue) {
        guard let id = json.identifier("id"), let username = json.identifier("acct") ?? json.identifier("username") else {
            return nil
        }
        profile = PlatformProfile(
            externalID: id, username: username, displayName: json.displayName("display_name"),
            kind: json["bot"]?.bool == true ? .bot : .profile, url: json.link("url"), avatarURL: json.link("avatar"),
            followerCount: json.count("followers_count"))
    }
}
