import Core

/// What follows a post on Instagram and Facebook: there are no threads, so every part is a comment of the account under its
/// own post. There is no idempotency key either: after a lost answer only the list of comments can tell.
struct GraphFollowUp {
    let request: PublishRequest
    let target: FollowTarget
    let session: PlatformSession
    let platform: Platform

    private var inbox: GraphInbox {
        // The session's own id tells its words from those of others; a page's name is no handle.
        GraphInbox(
            session: session, platform: platform, account: InboxAccount(externalID: session.externalID, username: ""))
    }

    /// Fewer comments than this since the request was armed are all that there are: ``GraphInbox`` reads several times as many.
    private static let wholeList = 100

    /// Nothing is uploaded for a comment.
    func prepare(maximumLength: Int) -> PreparationOutcome {
        let issues = FollowUpRules.issues(
            caption: request.caption, mediaCount: request.media.count, maximumLength: maximumLength, maximumMedia: 0,
            platform: platform)
        guard let issue = issues.first else { return .ready(PreparedPublication()) }
        return .failed(PublishFailure(.final, code: issue.kind.rawValue, message: issue.message))
    }

    func publish() async -> PublishOutcome {
        switch await inbox.reply([target.root, "comments"], [("message", request.caption)]) {
        case .sent(let id): .published(platformPostID: id, permalink: nil)
        case .failed(let failure): .failed(failure)
        }
    }

    /// - Parameters:
    ///   - text: the field that holds a comment's words.
    ///   - time: the field that holds when it was written.
    func reconcile(text: String, time: String) async -> ReconcileOutcome {
        let window = ReconcileWindow(request, now: session.now())
        let wanted = PostText.folded(request.caption)
        let read = { (json: JSONValue) -> [InboxMessage] in
            guard let id = json.identifier("id"), let createdAt = json.graphTime(time) else { return [] }
            return [
                InboxMessage(
                    kind: .comment, id: id, authorID: json["from"]?.identifier("id"), authorHandle: nil,
                    text: json[text]?.string ?? "", createdAt: createdAt)
            ]
        }
        do throws(PublishFailure) {
            let comments = try await inbox.list(
                target.root, "comments", fields: "id,\(text),\(time),from{id}", query: [("order", "reverse_chronological")],
                since: window.start, read: read)
            let match = comments.first {
                $0.authorID == session.externalID && window.contains($0.createdAt) && PostText.folded($0.text) == wanted
                    && !request.otherPostIDs.contains($0.id)
            }
            if let match { return .live(platformPostID: match.id, permalink: nil) }
            // A list that may have been cut off proves nothing.
            return comments.count < Self.wholeList ? .absent : .unknowable
        } catch {
            return .unreachable(error)
        }
    }
}
