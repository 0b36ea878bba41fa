package import Core

/// Comments of every depth by `/{post}/comments?filter=stream`, posts that tag the page by `/{page}/tagged`
/// (developers.facebook.com/docs/graph-api/reference/object/comments and .../page/tagged).
extension FacebookConnector: InboxConnector {
    package static let replyKeyLifetime = Duration.zero
    package static let canHide = true
    /// What Facebook's own editor takes.
    package static let maximumReplyLength = 8_000

    private static let commentFields = "id,message,created_time,from{id,name,picture{url}},parent{id},permalink_url"
    private static let postFields = "id,message,created_time,from{id,name,picture{url}},permalink_url"

    private func inbox(_ account: InboxAccount, _ session: PlatformSession) -> GraphInbox {
        // A page's name is no handle: others may bear it too.
        GraphInbox(
            session: session, platform: .facebook, account: InboxAccount(externalID: account.externalID, username: ""))
    }

    package func comments(
        on postID: String, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome {
        let inbox = inbox(account, session)
        return await inbox.outcome { () async throws(PublishFailure) -> [InboxMessage] in
            try await inbox.list(
                postID, "comments", fields: Self.commentFields,
                query: [("filter", "stream"), ("order", "reverse_chronological")], since: since
            ) { Self.message($0, .comment, under: postID).map { [$0] } ?? [] }
        }
    }

    private static func message(_ json: JSONValue, _ kind: InboxMessage.Kind, under postID: String?) -> InboxMessage? {
        guard let id = json.identifier("id"), let createdAt = json.graphTime("created_time") else { return nil }
        let author = json["from"]
        return InboxMessage(
            kind: kind, id: id, postID: postID, parentID: json["parent"]?.identifier("id"),
            authorID: author?.identifier("id"), authorHandle: nil, authorName: author?["name"]?.string,
            authorAvatarURL: author?["picture"]?["data"]?.link("url"), text: json["message"]?.string ?? "",
            permalink: json.link("permalink_url"), createdAt: createdAt)
    }

    package func mentions(
        after cursor: String?, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome {
        let inbox = inbox(account, session)
        return await inbox.outcome { () async throws(PublishFailure) -> [InboxMessage] in
            try await inbox.list(account.externalID, "tagged", fields: Self.postFields, since: since) {
                Self.message($0, .mention, under: nil).map { [$0] } ?? []
            }.filter { $0.createdAt >= since }
        }
    }

    package func lookUp(_ notice: MetaNotice, of account: InboxAccount, on session: PlatformSession) async -> InboxOutcome {
        let inbox = inbox(account, session)
        return await inbox.outcome { () async throws(PublishFailure) -> [InboxMessage] in
            guard let id = notice.commentID ?? notice.postID else { return [] }
            let json = try await inbox.get(id, fields: Self.postFields)
            guard let message = Self.message(json, .mention, under: notice.commentID == nil ? nil : notice.postID) else {
                throw PublishFailure(unreadable: 200, from: .facebook, reach: .invisible)
            }
            return [message]
        }
    }

    package func reply(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplyOutcome {
        await inbox(account, session).reply([reply.itemID, "comments"], [("message", reply.text)])
    }

    package func find(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplySearch {
        await inbox(account, session).find(reply, "comments", fields: Self.commentFields) {
            Self.message($0, .comment, under: nil)
        }
    }

    package func setHidden(_ isHidden: Bool, _ itemID: String, on session: PlatformSession) async -> PublishFailure? {
        await inbox(InboxAccount(externalID: "", username: ""), session).set("is_hidden", isHidden, of: itemID)
    }
}
