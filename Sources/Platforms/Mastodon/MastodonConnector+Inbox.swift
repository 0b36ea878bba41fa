package import Core
import Outbound

/// Mastodon tells of comments and mentions in the account's notifications; what stands under a post without naming the
/// account is found in the post's context (docs.joinmastodon.org/methods: notifications, statuses/context).
extension MastodonConnector: InboxConnector {
    /// `Idempotency-Key` is kept for an hour; ten minutes are left for clocks and slow answers.
    package static let replyKeyLifetime = Duration.seconds(3000)
    package static let canHide = false
    /// The mention of whom it answers counts too, which is known only when it is sent.
    package static let maximumReplyLength = 500

    package func comments(
        on postID: String, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome {
        do throws(PublishFailure) {
            let notes = try await MastodonAPI(session: session).descendants(of: postID)
            // A reply from another instance may arrive long after it was written: none is too old.
            let messages = notes.filter { !account.wrote(id: $0.authorID, handle: nil) }
                .map { $0.message(.comment, under: postID) }
            return .read(messages, cursor: nil)
        } catch {
            return .failed(error)
        }
    }

    package func mentions(
        after cursor: String?, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome {
        let api = MastodonAPI(session: session)
        var messages: [InboxMessage] = []
        var place = cursor
        do throws(PublishFailure) {
            for _ in 0..<MastodonAPI.notificationPages {
                let page = try await api.mentions(after: place)
                let notes = page.notes.filter { !account.wrote(id: $0.authorID, handle: nil) }
                messages += notes.filter { cursor != nil || $0.createdAt >= since }.map { $0.message(.mention, under: nil) }
                // Without a place the answer is the newest page, and nothing newer follows it.
                let wasFirst = place == nil
                guard let newest = page.newest else { break }
                place = newest
                if wasFirst { break }
            }
            return .read(messages, cursor: place)
        } catch {
            // What was read is kept: the place of the last whole page is where it goes on.
            return messages.isEmpty ? .failed(error) : .read(messages, cursor: place)
        }
    }

    package func reply(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplyOutcome {
        let api = MastodonAPI(session: session)
        do throws(PublishFailure) {
            // An answer is seen by those who saw the question, and by nobody else.
            let visibility = try await api.visibility(of: reply.itemID)
            let text = Self.addressed(reply)
            let length = CaptionRules.length(of: text, on: .mastodon)
            guard length <= Self.capabilities.maximumCaptionLength else {
                throw PublishFailure(
                    .final, code: "content_rejected",
                    message: "Mastodon takes \(Self.capabilities.maximumCaptionLength) characters, this reply has \(length).")
            }
            return .sent(platformID: try await api.answer(reply, text: text, visibility: visibility))
        } catch {
            return .failed(error)
        }
    }

    package func find(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplySearch {
        var wanted = reply
        wanted.text = Self.addressed(reply)
        do throws(PublishFailure) {
            let own = try await MastodonAPI(session: session).descendants(of: reply.itemID).first { note in
                note.parentID == reply.itemID && account.wrote(id: note.authorID, handle: nil)
                    && wanted.matches(id: note.id, text: note.text, createdAt: note.createdAt)
            }
            return own.map { .found(platformID: $0.id) } ?? .notFound
        } catch {
            return .failed(error)
        }
    }

    package func setHidden(_ isHidden: Bool, _ itemID: String, on session: PlatformSession) async -> PublishFailure? {
        PublishFailure(.final, code: "not_possible", message: "Mastodon has no way to hide what others wrote.")
    }

    /// Mastodon notifies whom the text names, and only them.
    private static func addressed(_ reply: ReplyRequest) -> String {
        guard let handle = reply.authorHandle, !handle.isEmpty, !handle.contains(where: \.isWhitespace) else {
            return reply.text
        }
        let name = handle.hasPrefix("@") ? handle : "@" + handle
        return reply.text.lowercased().contains(name.lowercased()) ? reply.text : "\(name) \(reply.text)"
    }
}

extension MastodonAPI {
    /// Four full pages of 40 notifications in one look; the rest is read the next time.
    static let notificationPages = 4

    /// Notifications of mentions, after a place when there is one; `newest` is the newest one's place.
    func mentions(after place: String?) async throws(PublishFailure) -> (notes: [MastodonNote], newest: String?) {
        var query: [(name: String, value: String)] = [("types[]", "mention"), ("limit", "40")]
        if let place { query.append(("min_id", place)) }
        let response = try await read(
            session.request("GET", ["api", "v1", "notifications"], query: query, maximumResponseBytes: 4_194_304))
        guard let entries = response.json?.array else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        let newest = entries.first?.identifier("id")
        guard entries.isEmpty || newest != nil else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        // A notification whose status was deleted meanwhile has none. Private messages are none of an inbox's business.
        let notes = entries.prefix(80).filter { $0["type"]?.string == "mention" }
            .compactMap { $0["status"].flatMap { MastodonNote($0) } }.filter { $0.visibility != "direct" }
        return (notes, newest)
    }

    /// What stands under a status, at any depth; private messages left out.
    func descendants(of id: String) async throws(PublishFailure) -> [MastodonNote] {
        let response = try await read(
            session.request("GET", ["api", "v1", "statuses", id, "context"], maximumResponseBytes: 4_194_304))
        guard let entries = response.json?["descendants"]?.array else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        return entries.prefix(5000).compactMap { MastodonNote($0) }.filter { $0.visibility != "direct" }
    }

    func visibility(of id: String) async throws(PublishFailure) -> String {
        let response = try await session.send(
            session.request("GET", ["api", "v1", "statuses", id]), for: .mastodon, .invisible)
        if response.status == 404 {
            throw PublishFailure(.final, code: "not_found", message: "What is answered is not on Mastodon any more.")
        }
        guard (200..<300).contains(response.status) else { throw MastodonErrors.failure(response, .invisible, session) }
        guard let note = response.json.flatMap({ MastodonNote($0) }) else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        return note.visibility
    }

    /// The visible request.
    func answer(_ reply: ReplyRequest, text: String, visibility: String) async throws(PublishFailure) -> String {
        let form = [("status", text), ("in_reply_to_id", reply.itemID), ("visibility", visibility)]
        let request = session.request(
            "POST", ["api", "v1", "statuses"],
            headers: [("Idempotency-Key", reply.key), ("Content-Type", FormEncoding.contentType)],
            body: Array(FormEncoding.encode(form).utf8))
        let response = try await session.send(request, for: .mastodon, .visible)
        guard (200..<300).contains(response.status) else { throw MastodonErrors.failure(response, .visible, session) }
        guard let id = response.json?.identifier("id") else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .visible)
        }
        return id
    }
}

/// A status of somebody, as the inbox looks at it.
struct MastodonNote {
    var status: MastodonStatus
    var parentID: String?
    var authorID: String
    var authorHandle: String
    var authorName: String?
    var authorAvatarURL: String?
    var visibility: String

    var id: String { status.id }
    var text: String { status.text }
    var createdAt: Instant { status.createdAt }

    init?(_ json: JSONValue) {
        guard let status = MastodonStatus(json), let account = json["account"], let authorID = account.identifier("id"),
            let handle = account.identifier("acct") ?? account.identifier("username")
        else { return nil }
        self.status = status
        self.authorID = authorID
        authorHandle = handle
        authorName = account["display_name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        authorAvatarURL = account.link("avatar")
        parentID = json.identifier("in_reply_to_id")
        let known = ["public", "unlisted", "private", "direct"]
        // What is not known is answered to the fewest.
        visibility = json["visibility"]?.string.flatMap { known.contains($0) ? $0 : nil } ?? "direct"
    }

    func message(_ kind: InboxMessage.Kind, under postID: String?) -> InboxMessage {
        InboxMessage(
            kind: kind, id: id, postID: postID, parentID: parentID, authorID: authorID, authorHandle: authorHandle,
            authorName: authorName,
            authorAvatarURL: authorAvatarURL, text: text, permalink: status.url, createdAt: createdAt)
    }
}
