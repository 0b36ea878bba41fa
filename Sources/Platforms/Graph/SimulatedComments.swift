import Core
import Outbound

/// What others say under the posts of a simulated page or Instagram account, and about it: lists of comments, tags,
/// answers, hiding; for both parts of the Graph API.
struct SimulatedComments {
    let graph: GraphSimulation

    private var world: any SimulatedWorld { graph.world }
    private var isFacebook: Bool { graph.platform == .facebook }

    /// Nil for everything that is another's business.
    func answer<Dialect: SimulatedDialect>(_ dialect: Dialect.Type) async -> SimulatedAnswer? {
        guard let id = graph.path.first else { return nil }
        let account = graph.tokenAccount ?? id
        let edge = graph.path.count == 2 ? graph.path[1] : nil
        switch (graph.request.method, graph.path.count, edge) {
        case ("GET", 2, "comments"), ("GET", 2, "replies"):
            return await Dialect.simulate("read", account: account, in: world) { try await list(under: id) }
        case ("GET", 2, "tagged"), ("GET", 2, "tags"):
            return await Dialect.simulate("read", account: account, in: world) { try await tagged(id) }
        case ("POST", 2, "comments"), ("POST", 2, "replies"):
            return await Dialect.simulate("publish", account: account, in: world) { try await reply(to: id) }
        case ("POST", 2, "mentions"):
            return await Dialect.simulate("publish", account: account, in: world) { try await replyToMention(for: id) }
        case ("GET", 1, nil):
            guard let remark = try? await named(id) else { return nil }
            return await Dialect.simulate("read", account: account, in: world) { read(remark) }
        case ("POST", 1, nil):
            return await Dialect.simulate("publish", account: account, in: world) { try await hide(id) }
        default:
            return nil
        }
    }

    // MARK: Reading

    private func list(under id: String) async throws -> OutboundResponse {
        guard let owner = try await owner(of: id), graph.mayAct(for: owner) else { return GraphSimulation.notFound }
        let all = try await world.remarks(platform: graph.platform, account: owner, limit: 10_000)
        // Facebook's stream has every depth; Instagram's list has the first, with the answers inside.
        let isStream = graph.request.query("filter") == "stream"
        let listed = all.filter { remark in
            if remark.parentID == id { return true }
            return remark.postID == id && (isStream || remark.parentID == nil)
        }
        return page(listed) { json($0, among: isFacebook ? [] : all) }
    }

    private func tagged(_ account: String) async throws -> OutboundResponse {
        guard graph.mayAct(for: account) else { return GraphSimulation.notFound }
        let mentions = try await world.remarks(platform: graph.platform, account: account, limit: 10_000)
            .filter { $0.kind == .mention && !$0.isOwn }
        return page(mentions) { isFacebook ? json($0, among: []) : medium($0) }
    }

    /// What `mentioned_comment` and `mentioned_media` name, or on Facebook the id itself.
    private func named(_ id: String) async throws -> Remark? {
        let fields = graph.request.query("fields") ?? ""
        for word in ["mentioned_comment.comment_id(", "mentioned_media.media_id("] where fields.hasPrefix(word) {
            return try await world.remark(
                platform: graph.platform, id: String(fields.dropFirst(word.count).prefix { $0 != ")" }))
        }
        return try await world.remark(platform: graph.platform, id: id)
    }

    private func read(_ remark: Remark) -> OutboundResponse {
        guard graph.mayAct(for: remark.account) else { return GraphSimulation.notFound }
        let fields = graph.request.query("fields") ?? ""
        if fields.hasPrefix("mentioned_comment") { return .json(["mentioned_comment": json(remark, among: [])]) }
        if fields.hasPrefix("mentioned_media") { return .json(["mentioned_media": medium(remark)]) }
        return .json(json(remark, among: []))
    }

    private func page(_ remarks: [Remark], _ entry: (Remark) -> JSONValue) -> OutboundResponse {
        let limit = min(max(Int(graph.request.query("limit") ?? "") ?? 25, 1), 100)
        var rest = remarks[...]
        if let cursor = graph.request.query("after") { rest = rest.drop { $0.id != cursor }.dropFirst() }
        let page = rest.prefix(limit)
        var paging: [JSONValue.Member] = []
        if let last = page.last {
            paging.append(.init("cursors", ["before": .string(page.first?.id ?? ""), "after": .string(last.id)]))
            if page.count < rest.count {
                paging.append(.init("next", "https://graph.facebook.com/next?access_token=never-follow"))
            }
        }
        return .json(["data": .array(page.map(entry)), "paging": .object(paging)])
    }

    private func json(_ remark: Remark, among others: [Remark]) -> JSONValue {
        let author = remark.isOwn ? remark.account : "9" + String(Signature.sha256(remark.author.utf8).prefix(12))
        var members: [JSONValue.Member] = [.init("id", .string(remark.id))]
        if isFacebook {
            members.append(.init("message", .string(remark.text)))
            members.append(.init("created_time", GraphSimulation.time(remark.createdAt)))
            members.append(.init("from", ["id": .string(author), "name": .string(remark.author)]))
            members.append(.init("is_hidden", .bool(remark.isHidden)))
            members.append(.init("permalink_url", .string("https://www.facebook.com/\(remark.id)")))
            if let parent = remark.parentID { members.append(.init("parent", ["id": .string(parent)])) }
            return .object(members)
        }
        members.append(.init("text", .string(remark.text)))
        members.append(.init("timestamp", GraphSimulation.time(remark.createdAt)))
        members.append(.init("username", .string(remark.author)))
        members.append(.init("from", ["id": .string(author), "username": .string(remark.author)]))
        members.append(.init("hidden", .bool(remark.isHidden)))
        if let parent = remark.parentID { members.append(.init("parent_id", .string(parent))) }
        let replies = others.filter { $0.parentID == remark.id }
        if !replies.isEmpty {
            members.append(.init("replies", ["data": .array(replies.map { json($0, among: []) })]))
        }
        return .object(members)
    }

    private func medium(_ remark: Remark) -> JSONValue {
        [
            "id": .string(remark.id), "caption": .string(remark.text), "timestamp": GraphSimulation.time(remark.createdAt),
            "permalink": .string("https://www.instagram.com/p/sandbox\(remark.id)/"), "username": .string(remark.author),
        ]
    }

    // MARK: Writing

    private func owner(of id: String) async throws -> String? {
        if let post = try await world.visiblePost(platform: graph.platform, id: id) { return post.account }
        return try await world.remark(platform: graph.platform, id: id)?.account
    }

    private func reply(to id: String) async throws -> OutboundResponse {
        let post = try await world.visiblePost(platform: graph.platform, id: id)
        let parent = try await world.remark(platform: graph.platform, id: id)
        guard let owner = post?.account ?? parent?.account, graph.mayAct(for: owner) else { return GraphSimulation.notFound }
        return try await add(
            kind: parent?.kind ?? .comment, account: owner, postID: post?.id ?? parent?.postID, parentID: parent?.id)
    }

    /// Instagram answers mentions by way of the account that is mentioned.
    private func replyToMention(for account: String) async throws -> OutboundResponse {
        guard graph.mayAct(for: account) else { return GraphSimulation.notFound }
        let fields = graph.request.fields.values
        let wanted = fields.first { $0.name == "comment_id" } ?? fields.first { $0.name == "media_id" }
        guard let id = wanted?.value, let mention = try await world.remark(platform: graph.platform, id: id),
            mention.account == account
        else { return GraphSimulation.notFound }
        return try await add(kind: .mention, account: account, postID: mention.postID, parentID: mention.id)
    }

    private func add(
        kind: Remark.Kind, account: String, postID: String?, parentID: String?
    ) async throws -> OutboundResponse {
        let text = graph.request.fields.values.first { $0.name == "message" }?.value ?? ""
        guard !text.allSatisfy(\.isWhitespace) else { return GraphSimulation.refuse(100, "The parameter message is required.") }
        guard text.count <= (isFacebook ? 8000 : 2200) else { return GraphSimulation.refuse(100, "The message is too long.") }
        let author = isFacebook ? "Sandbox \(account)" : "sandbox.\(account)"
        let added = try await world.add(
            Remark(
                platform: graph.platform, kind: kind, id: Remark.newID(under: postID, on: graph.platform, in: world),
                account: account, postID: postID, parentID: parentID, author: author, isOwn: true, text: text,
                createdAt: world.now()), key: nil)
        return .json(["id": .string(added.id)])
    }

    private func hide(_ id: String) async throws -> OutboundResponse {
        let field = isFacebook ? "is_hidden" : "hide"
        let values = graph.request.fields.values + graph.request.query
        guard let value = values.first(where: { $0.name == field })?.value, ["true", "false"].contains(value),
            let remark = try await world.remark(platform: graph.platform, id: id), graph.mayAct(for: remark.account)
        else { return GraphSimulation.notFound }
        guard remark.kind == .comment, !remark.isOwn else {
            return GraphSimulation.refuse(100, "Only comments of others can be hidden.")
        }
        _ = try await world.setHidden(value == "true", platform: graph.platform, remark: id)
        return .json(["success": true])
    }
}
