package import Core

/// Comments by `/{media}/comments`, mentions in pictures by `/{user}/tags`; mentions in words exist only as webhooks, which
/// name them for `mentioned_comment` and `mentioned_media` (developers.facebook.com/docs/instagram-platform).
extension InstagramConnector: InboxConnector {
    package static let replyKeyLifetime = Duration.zero
    package static let canHide = true
    /// As a caption: developers.facebook.com/docs/instagram-platform/reference/instagram-media/comments.
    package static let maximumReplyLength = 2_200

    private static let commentFields = "id,text,timestamp,username,from{id,username},parent_id"

    private func inbox(_ account: InboxAccount, _ session: PlatformSession) -> GraphInbox {
        GraphInbox(session: session, platform: .instagram, account: account)
    }

    package func comments(
        on postID: String, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome {
        let inbox = inbox(account, session)
        // Newest first; answers to a comment come inside it.
        return await inbox.outcome { () async throws(PublishFailure) -> [InboxMessage] in
            try await inbox.list(
                postID, "comments", fields: "\(Self.commentFields),replies.limit(50){\(Self.commentFields)}", since: since
            ) { entry in
                guard let comment = Self.comment(entry, under: postID, answering: nil) else { return [] }
                let replies = (entry["replies"]?["data"]?.array ?? []).prefix(100)
                return [comment] + replies.compactMap { Self.comment($0, under: postID, answering: comment.id) }
            }
        }
    }

    private static func comment(_ json: JSONValue, under postID: String?, answering parent: String?) -> InboxMessage? {
        guard let id = json.identifier("id"), let createdAt = json.graphTime("timestamp") else { return nil }
        let author = json["from"]
        return InboxMessage(
            kind: .comment, id: id, postID: postID, parentID: json.identifier("parent_id") ?? parent,
            authorID: author?.identifier("id"), authorHandle: author?["username"]?.string ?? json["username"]?.string,
            text: json["text"]?.string ?? "", createdAt: createdAt)
    }

    package func mentions(
        after cursor: String?, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome {
        let inbox = inbox(account, session)
        return await inbox.outcome { () async throws(PublishFailure) -> [InboxMessage] in
            try await inbox.list(
                account.externalID, "tags", fields: "id,caption,timestamp,permalink,username", since: since
            ) { Self.medium($0).map { [$0] } ?? [] }.filter { $0.createdAt >= since }
        }
    }

    private static func medium(_ json: JSONValue) -> InboxMessage? {
        guard let id = json.identifier("id"), let createdAt = json.graphTime("timestamp") else { return nil }
        return InboxMessage(
            kind: .mention, id: id, postID: id, authorHandle: json["username"]?.string, text: json["caption"]?.string ?? "",
            permalink: json.link("permalink"), createdAt: createdAt)
    }

    package func lookUp(_ notice: MetaNotice, of account: InboxAccount, on session: PlatformSession) async -> InboxOutcome {
        let inbox = inbox(account, session)
        return await inbox.outcome { () async throws(PublishFailure) -> [InboxMessage] in
            let message: InboxMessage?
            if let comment = notice.commentID {
                let fields = "mentioned_comment.comment_id(\(comment)){id,text,timestamp,username,from{id,username},media{id}}"
                let found = try await inbox.get(account.externalID, fields: fields)["mentioned_comment"]
                message = found.flatMap { Self.comment($0, under: notice.postID, answering: nil) }
            } else if let medium = notice.postID {
                let fields = "mentioned_media.media_id(\(medium)){id,caption,timestamp,username,permalink}"
                let found = try await inbox.get(account.externalID, fields: fields)["mentioned_media"]
                message = found.flatMap(Self.medium)
            } else {
                message = nil
            }
            guard var message else { throw PublishFailure(unreadable: 200, from: .instagram, reach: .invisible) }
            message.kind = .mention
            return [message]
        }
    }

    package func reply(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplyOutcome {
        let inbox = inbox(account, session)
        switch reply.kind {
        case .comment:
            return await inbox.reply([reply.itemID, "replies"], [("message", reply.text)])
        case .mention:
            // What mentions us stands on somebody else's post: it is answered by way of our own account.
            var form = [(name: "media_id", value: reply.postID ?? reply.itemID)]
            if let post = reply.postID, post != reply.itemID { form.append(("comment_id", reply.itemID)) }
            return await inbox.reply([account.externalID, "mentions"], form + [("message", reply.text)])
        }
    }

    package func find(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplySearch {
        // Comments on posts of others cannot be listed.
        guard reply.kind == .comment else { return .notFound }
        return await inbox(account, session).find(reply, "replies", fields: Self.commentFields) {
            Self.comment($0, under: nil, answering: reply.itemID)
        }
    }

    package func setHidden(_ isHidden: Bool, _ itemID: String, on session: PlatformSession) async -> PublishFailure? {
        await inbox(InboxAccount(externalID: "", username: ""), session).set("hide", isHidden, of: itemID)
    }
}
