package import Core
package import Outbound

/// The Pages part of the Graph API, simulated: unpublished photos, `/feed`, the list of published posts.
///
/// A photo can be attached to one post. Tokens and versions: see ``GraphSimulation``.
package struct FacebookSimulator: Simulator, SimulatedDialect {
    package static let platform = Platform.facebook

    package init() {}

    package func respond(
        to request: OutboundRequest, path: String, query: [(name: String, value: String)], in world: any SimulatedWorld
    ) async -> SimulatedAnswer {
        let request = SimulatorRequest(request, path: path, query: query)
        let graph: GraphSimulation
        switch await GraphSimulation.enter(.facebook, request, world, page: SimulatedPages.listed) {
        case .open(let entered): graph = entered
        case .answered(let answer): return .answer(answer)
        }
        if let answer = await SimulatedComments(graph: graph).answer(Self.self) { return answer }
        let service = SimulatedPages(graph: graph)
        let page = graph.tokenAccount ?? graph.path.first ?? ""
        switch (request.method, graph.path.count, graph.path.last) {
        case ("POST", 2, "photos"):
            return await Self.simulate("prepare", account: page, in: world) { try await service.upload(for: page) }
        case ("POST", 2, "feed"):
            return await Self.simulate("publish", account: page, in: world) { try await service.post(for: page) }
        case ("GET", _, _):
            return await Self.simulate("read", account: page, in: world) { try await service.read() }
        default:
            return .answer(GraphSimulation.refuse(100, "Unsupported \(request.method.lowercased()) request."))
        }
    }

    static func error(status: Int) -> OutboundResponse { GraphSimulation.error(status: status) }
    static func errorAfterEffect(status: Int?) -> OutboundResponse { GraphSimulation.errorAfterEffect(status: status) }
    static func rateLimited(account: String, now _: Instant) -> OutboundResponse {
        GraphSimulation.rateLimited(.facebook, account: account)
    }
    static func tokenRejected() -> OutboundResponse { GraphSimulation.tokenRejected() }
}

private struct SimulatedPages {
    let graph: GraphSimulation

    private var world: any SimulatedWorld { graph.world }

    func upload(for page: String) async throws -> OutboundResponse {
        guard graph.path.first == page else { return GraphSimulation.notFound }
        let (values, files) = graph.request.fields
        func field(_ name: String) -> String? { values.first { $0.name == name }?.value }
        // A published photo is a post of its own, which nobody here asks for.
        guard field("published") == "false" else {
            return GraphSimulation.refuse(100, "This sandbox takes photos with published=false only.")
        }
        if let file = files.first(where: { $0.name == "source" }) {
            guard !file.bytes.isEmpty, ["image/jpeg", "image/png"].contains(file.contentType ?? "") else {
                return GraphSimulation.refuse(324, "Missing or invalid image file")
            }
            guard file.bytes.count <= 10_485_760 else {
                return GraphSimulation.refuse(1, subcode: 1_366_046, "The photo is too large.")
            }
        } else {
            guard let url = field("url"), url.hasPrefix("http://") || url.hasPrefix("https://") else {
                return GraphSimulation.refuse(324, "Missing or invalid image file")
            }
        }
        let id = world.newID()
        try await graph.setState("photo:\(id)", ["page": .string(page), "attached": false])
        return .json(["id": .string(id)])
    }

    func post(for page: String) async throws -> OutboundResponse {
        guard graph.path.first == page else { return GraphSimulation.notFound }
        let fields = graph.request.fields.values
        func field(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }
        let message = field("message")
        let link = field("link")
        var photos: [String] = []
        for (name, value) in fields where name.hasPrefix("attached_media[") {
            guard let id = (try? JSONValue(parsing: value))?["media_fbid"]?.string,
                let photo = try await graph.state("photo:\(id)"), photo["page"]?.string == page,
                photo["attached"]?.bool == false
            else { return GraphSimulation.refuse(100, "Invalid parameter: attached_media") }
            photos.append(id)
        }
        if message.allSatisfy(\.isWhitespace), link.isEmpty, photos.isEmpty {
            return GraphSimulation.refuse(100, "Post must contain a message, a link or media.")
        }
        guard message.count <= 63_206 else { return GraphSimulation.refuse(100, "The message is too long.") }
        let id = "\(page)_\(world.newID())"
        try await graph.setState("post:\(id)", ["link": .string(link)])
        let shown = try await world.show(
            VisiblePost(
                platform: .facebook, id: id, account: page, text: message, mediaCount: photos.count,
                permalink: "https://www.facebook.com/\(id)", createdAt: world.now()), key: nil)
        for photo in photos {
            try await graph.setState("photo:\(photo)", ["page": .string(page), "attached": true])
        }
        return .json(["id": .string(shown.id)])
    }

    func read() async throws -> OutboundResponse {
        guard let id = graph.path.first else { return GraphSimulation.notFound }
        if let numbers = try await graph.facebookNumbers(of: id) { return numbers }
        if graph.path.count == 2, graph.path.last == "published_posts", graph.mayAct(for: id) {
            let since = graph.request.query("since").flatMap { Int64($0) }.map { Instant(seconds: $0) }
            return try await graph.list(id, since: since) { try await members(of: $0) }
        }
        guard graph.path.count == 1 else { return GraphSimulation.notFound }
        if let post = try await world.visiblePost(platform: .facebook, id: id) {
            return graph.mayAct(for: post.account) ? graph.answer(try await members(of: post)) : GraphSimulation.notFound
        }
        let asksForPage = graph.request.query("fields")?.contains("name") == true
        guard let page = id == "me" ? graph.tokenAccount : id, asksForPage || id == graph.tokenAccount, graph.mayAct(for: page)
        else { return GraphSimulation.notFound }
        let followers = try await graph.audience.followers(of: page)
        return graph.answer(Self.profile(page, followers: followers))
    }

    private static func profile(_ page: String, followers: Int64 = 0) -> [JSONValue.Member] {
        [
            .init("id", .string(page)), .init("name", .string("Sandbox \(page)")),
            .init("username", .string("sandbox.\(page)")), .init("link", .string("https://www.facebook.com/\(page)")),
            .init("followers_count", .int(followers)), .init("fan_count", .int(followers)),
            .init("picture", ["data": ["url": .string("https://facebook.sandbox.example/\(page).jpg")]]),
        ]
    }

    /// A page in the list of those that a person may act for.
    static func listed(_ page: String, token: String) -> [JSONValue.Member] {
        profile(page) + [.init("access_token", .string(token))]
    }

    private func members(of post: VisiblePost) async throws -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("id", .string(post.id))]
        if !post.text.isEmpty { members.append(.init("message", .string(post.text))) }
        members.append(.init("created_time", GraphSimulation.time(post.createdAt)))
        members.append(.init("permalink_url", .string(post.permalink)))
        let link = try await graph.state("post:\(post.id)")?["link"]?.string ?? ""
        let photo: JSONValue = ["media_type": "photo"]
        switch (post.mediaCount, link.isEmpty) {
        case (0, true): break
        case (0, false):
            members.append(.init("attachments", ["data": [["media_type": "link", "unshimmed_url": .string(link)]]]))
        case (1, _):
            members.append(.init("attachments", ["data": .array([photo])]))
        default:
            let inner = JSONValue.array(Array(repeating: photo, count: max(post.mediaCount, 0)))
            members.append(.init("attachments", ["data": [["media_type": "album", "subattachments": ["data": inner]]]]))
        }
        return members
    }
}
