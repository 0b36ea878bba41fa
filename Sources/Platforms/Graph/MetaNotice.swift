package import Core

/// One comment or mention in a notification of Meta's webhooks: whole, or only named and still to be looked up.
/// (developers.facebook.com/docs/graph-api/webhooks/reference: page `feed` and `mention`, instagram `comments` and
/// `mentions`.)
package struct MetaNotice: Sendable, Hashable {
    package var platform: Platform
    /// The page's or Instagram user's id: whose account it is for.
    package var accountID: String
    /// Nil: it has to be looked up by ``commentID`` or ``postID``.
    package var message: InboxMessage?
    package var commentID: String?
    package var postID: String?
    package var authorID: String?

    /// A notification may hold up to a thousand changes; Meta says so of its batches.
    private static let maximumNotices = 1000

    /// What a verified body tells of comments and mentions; empty when it is about other things. Nil when it is no
    /// notification at all.
    package static func parse(_ body: [UInt8]) -> [MetaNotice]? {
        guard let json = try? JSONValue(parsing: body), let object = json["object"]?.string,
            let entries = json["entry"]?.array
        else { return nil }
        let platform: Platform
        switch object {
        case "page": platform = .facebook
        case "instagram": platform = .instagram
        default: return []
        }
        var notices: [MetaNotice] = []
        for entry in entries {
            guard let account = entry.identifier("id") else { continue }
            for change in entry["changes"]?.array ?? [] where notices.count < maximumNotices {
                guard let field = change["field"]?.string, let value = change["value"] else { continue }
                let notice =
                    platform == .facebook
                    ? page(field, value, account) : instagram(field, value, account, at: entry.graphTime("time"))
                // What the account wrote itself comes back to it here too.
                if let notice, notice.authorID != account { notices.append(notice) }
            }
        }
        return notices
    }

    private static func page(_ field: String, _ value: JSONValue, _ account: String) -> MetaNotice? {
        guard value["verb"]?.string == "add" else { return nil }
        let author = value["from"]
        let authorID = author?.identifier("id") ?? value.identifier("sender_id")
        let postID = value.identifier("post_id")
        let commentID = value.identifier("comment_id")
        switch (field, value["item"]?.string) {
        case ("feed", "comment"):
            guard let commentID, let createdAt = value.graphTime("created_time") else { return nil }
            let parent = value.identifier("parent_id")
            let message = InboxMessage(
                kind: .comment, id: commentID, postID: postID, parentID: parent == postID ? nil : parent, authorID: authorID,
                authorHandle: nil, authorName: author?["name"]?.string, text: value["message"]?.string ?? "",
                permalink: value["post"]?.link("permalink_url"), createdAt: createdAt)
            return MetaNotice(
                platform: .facebook, accountID: account, message: message, commentID: commentID, postID: postID,
                authorID: authorID)
        case ("mention", "post"), ("mention", "comment"):
            guard let id = commentID ?? postID else { return nil }
            var message: InboxMessage?
            if let text = value["message"]?.string, let createdAt = value.graphTime("created_time") {
                message = InboxMessage(
                    kind: .mention, id: id, postID: commentID == nil ? nil : postID, authorID: authorID, authorHandle: nil,
                    authorName: author?["name"]?.string ?? value["sender_name"]?.string, text: text, createdAt: createdAt)
            }
            return MetaNotice(
                platform: .facebook, accountID: account, message: message, commentID: commentID, postID: postID,
                authorID: authorID)
        default:
            return nil
        }
    }

    private static func instagram(
        _ field: String, _ value: JSONValue, _ account: String, at time: Instant?
    ) -> MetaNotice? {
        switch field {
        case "comments", "live_comments":
            guard let id = value.identifier("id"), let time else { return nil }
            let author = value["from"]
            let postID = value["media"]?.identifier("id")
            let message = InboxMessage(
                kind: .comment, id: id, postID: postID, parentID: value.identifier("parent_id"),
                authorID: author?.identifier("id"), authorHandle: author?["username"]?.string,
                text: value["text"]?.string ?? "", createdAt: time)
            return MetaNotice(
                platform: .instagram, accountID: account, message: message, commentID: id, postID: postID,
                authorID: author?.identifier("id"))
        case "mentions":
            let postID = value.identifier("media_id")
            let commentID = value.identifier("comment_id")
            // The ids become part of a field expression: only what ids are made of may get there.
            guard postID != nil || commentID != nil, [postID, commentID].allSatisfy(isPlain) else { return nil }
            return MetaNotice(
                platform: .instagram, accountID: account, message: nil, commentID: commentID, postID: postID, authorID: nil)
        default:
            return nil
        }
    }

    private static func isPlain(_ id: String?) -> Bool {
        id?.allSatisfy { $0.isASCII && ($0.isNumber || $0.isLetter || $0 == "_" || $0 == "-") } ?? true
    }
}
