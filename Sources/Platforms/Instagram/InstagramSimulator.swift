package import Core
package import Outbound

/// The Instagram part of the Graph API, simulated: containers with their clock, `media_publish`, the list of media.
///
/// A container is IN_PROGRESS for its first poll and then FINISHED, lives 24 hours, and can be published once: before it is
/// FINISHED, and again after it was published, `media_publish` answers 9007/2207027. `image_url` must look like an
/// address of a JPEG; it is not fetched. Tokens and versions: see ``GraphSimulation``.
package struct InstagramSimulator: Simulator, SimulatedDialect {
    package static let platform = Platform.instagram

    package init() {}

    package func respond(
        to request: OutboundRequest, path: String, query: [(name: String, value: String)], in world: any SimulatedWorld
    ) async -> SimulatedAnswer {
        let request = SimulatorRequest(request, path: path, query: query)
        let graph: GraphSimulation
        switch await GraphSimulation.enter(.instagram, request, world, page: SimulatedInstagram.listed) {
        case .open(let entered): graph = entered
        case .answered(let answer): return .answer(answer)
        }
        if let answer = await SimulatedComments(graph: graph).answer(Self.self) { return answer }
        let service = SimulatedInstagram(graph: graph)
        let account = graph.tokenAccount ?? graph.path.first ?? ""
        switch (request.method, graph.path.count, graph.path.last) {
        case ("POST", 2, "media"):
            return await Self.simulate("prepare", account: account, in: world) { try await service.create(for: account) }
        case ("POST", 2, "media_publish"):
            return await Self.simulate("publish", account: account, in: world) { try await service.publish(for: account) }
        case ("GET", _, _):
            return await Self.simulate("read", account: account, in: world) { try await service.read() }
        default:
            return .answer(GraphSimulation.refuse(100, "Unsupported \(request.method.lowercased()) request."))
        }
    }

    static func error(status: Int) -> OutboundResponse { GraphSimulation.error(status: status) }
    static func errorAfterEffect(status: Int?) -> OutboundResponse { GraphSimulation.errorAfterEffect(status: status) }
    static func rateLimited(account: String, now _: Instant) -> OutboundResponse {
        GraphSimulation.rateLimited(.instagram, account: account)
    }
    static func tokenRejected() -> OutboundResponse { GraphSimulation.tokenRejected() }
}

private struct SimulatedInstagram {
    let graph: GraphSimulation

    private static let containerLifetime = Duration.seconds(86_400)

    private var world: any SimulatedWorld { graph.world }

    // MARK: Containers

    func create(for account: String) async throws -> OutboundResponse {
        guard graph.path.first == account else { return GraphSimulation.notFound }
        let fields = graph.request.fields.values
        func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        let caption = field("caption") ?? ""
        guard caption.count <= 2_200 else { return GraphSimulation.refuse(100, subcode: 2_207_010, "The caption is too long.") }
        let isItem = field("is_carousel_item") == "true"
        var count = 1
        if field("media_type") == "CAROUSEL" {
            let children = (field("children") ?? "").split(separator: ",")
            guard (2...10).contains(children.count) else {
                return GraphSimulation.refuse(100, subcode: 2_207_028, "The carousel must have 2 to 10 items.")
            }
            for child in children {
                guard let item = try await container(String(child)), item["account"]?.string == account,
                    item["item"]?.bool == true
                else {
                    return GraphSimulation.refuse(100, "Param children must hold ids of carousel items.")
                }
                guard try await state(of: item) == "FINISHED" else {
                    return GraphSimulation.refuse(
                        9007, subcode: 2_207_027, "The media is not ready for publishing, please wait.")
                }
            }
            count = children.count
        } else {
            guard let url = field("image_url"), Self.isAddress(url) else {
                return GraphSimulation.refuse(9004, subcode: 2_207_052, "The media could not be fetched from this URI.")
            }
            guard !url.lowercased().hasSuffix(".png") else {
                return GraphSimulation.refuse(
                    36_001, subcode: 2_207_005, "The image format is not supported. Supported formats are: JPEG.")
            }
        }
        let id = world.newID()
        try await graph.setState(
            "container:\(id)",
            [
                "account": .string(account), "item": .bool(isItem), "caption": .string(caption), "count": .int(Int64(count)),
                "created": .int(world.now().milliseconds), "polls": 1, "published": .null,
            ])
        return .json(["id": .string(id)])
    }

    private func container(_ id: String) async throws -> JSONValue? { try await graph.state("container:\(id)") }

    /// A container is published exactly when its post is visible, which is one step of the world: dying between two steps
    /// cannot part them.
    private func state(of container: JSONValue) async throws -> String {
        if let media = container["published"]?.string, try await world.visiblePost(platform: .instagram, id: media) != nil {
            return "PUBLISHED"
        }
        let age = world.now() - Instant(milliseconds: container["created"]?.int ?? 0)
        if age > Self.containerLifetime { return "EXPIRED" }
        return container["polls"]?.int == 0 ? "FINISHED" : "IN_PROGRESS"
    }

    private static func isAddress(_ url: String) -> Bool {
        for scheme in ["https://", "http://"] where url.hasPrefix(scheme) {
            return url.dropFirst(scheme.count).first.map { $0 != "/" } ?? false
        }
        return false
    }

    // MARK: Publishing

    func publish(for account: String) async throws -> OutboundResponse {
        guard graph.path.first == account else { return GraphSimulation.notFound }
        let id = graph.request.fields.values.first { $0.name == "creation_id" }?.value ?? ""
        guard let container = try await container(id), container["account"]?.string == account, container["item"]?.bool == false
        else { return GraphSimulation.refuse(24, subcode: 2_207_006, "The requested media was not found.") }
        switch try await state(of: container) {
        case "FINISHED": break
        case "EXPIRED": return GraphSimulation.refuse(100, subcode: 2_207_020, "The media has expired.")
        default: return Self.notReady
        }
        let mediaID = container["published"]?.string ?? world.newID()
        try await graph.setState("container:\(id)", container.replacing("published", .string(mediaID)))
        // The container is the key: two requests at the same moment make one post.
        let shown = try await world.show(
            VisiblePost(
                platform: .instagram, id: mediaID, account: account, text: container["caption"]?.string ?? "",
                mediaCount: Int(clamping: container["count"]?.int ?? 1),
                permalink: "https://www.instagram.com/p/sandbox\(mediaID)/", createdAt: world.now()), key: "container \(id)")
        return shown.id == mediaID ? .json(["id": .string(mediaID)]) : Self.notReady
    }

    private static let notReady = GraphSimulation.refuse(
        9007, subcode: 2_207_027, "The media is not ready for publishing, please wait for a moment.")

    // MARK: Reads

    func read() async throws -> OutboundResponse {
        guard let id = graph.path.first else { return GraphSimulation.notFound }
        if let numbers = try await graph.instagramNumbers(of: id) { return numbers }
        if graph.path.count == 2, graph.path.last == "media", graph.mayAct(for: id) {
            return try await graph.list(id, since: nil) { Self.members(of: $0) }
        }
        guard graph.path.count == 1 else { return GraphSimulation.notFound }
        if id == "me", let account = graph.tokenAccount {
            return .json(["id": .string("page-\(account)"), "instagram_business_account": .object(Self.profile(account))])
        }
        if let container = try await container(id) {
            guard graph.mayAct(for: container["account"]?.string ?? "") else { return GraphSimulation.notFound }
            return try await poll(id, container)
        }
        if let post = try await world.visiblePost(platform: .instagram, id: id) {
            return graph.mayAct(for: post.account) ? graph.answer(Self.members(of: post)) : GraphSimulation.notFound
        }
        let asksForProfile = graph.request.query("fields")?.contains("username") == true
        guard id == graph.tokenAccount || graph.tokenAccount == nil && asksForProfile else { return GraphSimulation.notFound }
        return graph.answer(Self.profile(id, followers: try await graph.audience.followers(of: id)))
    }

    private func poll(_ id: String, _ container: JSONValue) async throws -> OutboundResponse {
        let state = try await state(of: container)
        if let polls = container["polls"]?.int, polls > 0 {
            try await graph.setState("container:\(id)", container.replacing("polls", .int(polls - 1)))
        }
        return graph.answer([
            .init("status_code", .string(state)), .init("status", .string("\(state): sandbox")), .init("id", .string(id)),
        ])
    }

    private static func members(of post: VisiblePost) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("id", .string(post.id))]
        // Graph leaves the caption out when there is none.
        if !post.text.isEmpty { members.append(.init("caption", .string(post.text))) }
        members.append(.init("timestamp", GraphSimulation.time(post.createdAt)))
        members.append(.init("permalink", .string(post.permalink)))
        members.append(.init("media_type", post.mediaCount > 1 ? "CAROUSEL_ALBUM" : "IMAGE"))
        return members
    }

    private static func profile(_ account: String, followers: Int64 = 0) -> [JSONValue.Member] {
        [
            .init("id", .string(account)), .init("username", .string("sandbox.\(account)")),
            .init("name", .string("Sandbox \(account)")), .init("followers_count", .int(followers)),
            .init("follows_count", 0),
            .init("profile_picture_url", .string("https://instagram.sandbox.example/\(account).jpg")),
        ]
    }

    /// The page that a profile is tied to, in the list of those that a person may act for.
    static func listed(_ account: String, token: String) -> [JSONValue.Member] {
        [
            .init("id", .string("page-\(account)")), .init("access_token", .string(token)),
            .init("instagram_business_account", .object(profile(account))),
        ]
    }
}
