import Core
import Outbound

/// What others say to the account on a simulated instance: notifications of mentions, the context of a status, statuses
/// that answer another one. Whoever comments on a post names its author, so that comments are notified too.
struct SimulatedMentions {
    let world: any SimulatedWorld
    let account: String

    private static let host = "https://mastodon.sandbox.example"

    /// Nil for everything that is another's business.
    func answer(_ request: SimulatorRequest) async -> SimulatedAnswer? {
        let path = request.path
        switch (request.method, path.count) {
        case ("GET", 3) where path == ["api", "v1", "notifications"]:
            return await MastodonSimulator.simulate("read", account: account, in: world) { try await notifications(request) }
        case ("GET", 5) where path.starts(with: ["api", "v1", "statuses"]) && path.last == "context":
            return await MastodonSimulator.simulate("read", account: account, in: world) { try await context(of: path[3]) }
        case ("GET", 4) where path.starts(with: ["api", "v1", "statuses"]):
            guard let remark = try? await world.remark(platform: .mastodon, id: path[3]) else { return nil }
            return await MastodonSimulator.simulate("read", account: account, in: world) { .json(status(remark)) }
        case ("POST", 3) where path == ["api", "v1", "statuses"]:
            let fields = request.fields.values
            guard let parent = fields.first(where: { $0.name == "in_reply_to_id" })?.value, !parent.isEmpty else { return nil }
            let text = fields.first { $0.name == "status" }?.value ?? ""
            let key = request.header("Idempotency-Key").flatMap { $0.isEmpty ? nil : $0 }
            return await MastodonSimulator.simulate("publish", account: account, in: world) {
                try await reply(to: parent, text, key: key)
            }
        default:
            return nil
        }
    }

    private func notifications(_ request: SimulatorRequest) async throws -> OutboundResponse {
        let limit = min(max(Int(request.query("limit") ?? "") ?? 40, 1), 80)
        var remarks = try await world.remarks(platform: .mastodon, account: account, limit: 10_000).filter { !$0.isOwn }
        if let place = request.query("min_id") {
            // The ones that follow the place, not the newest of all.
            remarks = Array(remarks.prefix { $0.id != place }.suffix(limit))
        }
        let entries = remarks.prefix(limit).map { remark -> JSONValue in
            [
                "id": .string(remark.id), "type": "mention", "created_at": .string(remark.createdAt.description),
                "account": author(of: remark), "status": status(remark),
            ]
        }
        return .json(.array(entries))
    }

    private func context(of id: String) async throws -> OutboundResponse {
        let isThere: Bool
        if try await world.visiblePost(platform: .mastodon, id: id) != nil {
            isThere = true
        } else {
            isThere = try await world.remark(platform: .mastodon, id: id) != nil
        }
        guard isThere else { return MastodonSimulator.error(status: 404) }
        var thread: Set<String> = [id]
        var descendants: [JSONValue] = []
        for remark in try await world.remarks(platform: .mastodon, account: account, limit: 10_000).reversed() {
            guard let parent = remark.parentID ?? remark.postID, thread.contains(parent) else { continue }
            thread.insert(remark.id)
            descendants.append(status(remark))
        }
        return .json(["ancestors": [], "descendants": .array(descendants)])
    }

    private func reply(to parent: String, _ text: String, key: String?) async throws -> OutboundResponse {
        guard !text.allSatisfy(\.isWhitespace) else {
            return .json(["error": "Validation failed: Text can't be blank"], status: 422)
        }
        guard CaptionRules.length(of: text, on: .mastodon) <= 500 else {
            return .json(["error": "Validation failed: Text is too long (maximum is 500 characters)"], status: 422)
        }
        let remark = try await world.remark(platform: .mastodon, id: parent)
        let post = try await world.visiblePost(platform: .mastodon, id: parent)
        guard remark != nil || post != nil else { return MastodonSimulator.error(status: 404) }
        let added = try await world.add(
            Remark(
                platform: .mastodon, kind: remark?.kind ?? .comment, id: world.newID(), account: account,
                postID: post?.id ?? remark?.postID, parentID: parent, author: account, isOwn: true, text: text,
                createdAt: world.now()), key: key)
        return .json(status(added))
    }

    private func status(_ remark: Remark) -> JSONValue {
        [
            "id": .string(remark.id), "uri": .string(link(to: remark)), "url": .string(link(to: remark)),
            "created_at": .string(remark.createdAt.description), "account": author(of: remark),
            "in_reply_to_id": (remark.parentID ?? remark.postID).map { .string($0) } ?? .null,
            "content": .string(StatusHTML.render(remark.text)), "spoiler_text": "", "visibility": "public",
            "media_attachments": [], "favourites_count": 0, "reblogs_count": 0, "replies_count": 0,
        ]
    }

    private func link(to remark: Remark) -> String { "\(Self.host)/@\(remark.author)/\(remark.id)" }

    private func author(of remark: Remark) -> JSONValue {
        let id = remark.isOwn ? account : "p" + String(Signature.sha256(remark.author.utf8).prefix(12))
        return [
            "id": .string(id), "username": .string(remark.author), "acct": .string(remark.author),
            "display_name": .string(remark.author), "url": .string("\(Self.host)/@\(remark.author)"),
        ]
    }
}
