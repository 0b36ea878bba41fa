package import Core
package import Outbound

/// A Mastodon instance of one's own, as its REST API shows it: media uploads, statuses with their `Idempotency-Key` (kept
/// an hour), the account and its statuses; what others say of them is ``SimulatedMentions``.
///
/// Tokens come from its own ``SimulatedOAuth``; of the others any that does not start with `revoked` is accepted:
/// `sandbox:<id>` is the account of that id, another has an account of its own. Pictures of more than 1 MiB are processed for one poll (202, then 206, then 200). A reset of
/// the rate limit is five minutes away.
package struct MastodonSimulator: Simulator, SimulatedDialect {
    package static let platform = Platform.mastodon

    package init() {}

    package func respond(
        to request: OutboundRequest, path: String, query: [(name: String, value: String)], in world: any SimulatedWorld
    ) async -> SimulatedAnswer {
        let request = SimulatorRequest(request, path: path, query: query)
        let oauth = SimulatedMastodonOAuth(request, in: world)
        let account: String
        do {
            if let answer = try await oauth.answer() { return .answer(answer) }
            switch try await oauth.oauth.holder(of: request.token) {
            case .account(let id): account = id
            case .anyone: account = "u" + String(Signature.sha256((request.token ?? "").utf8).prefix(12))
            case .person, nil: return .answer(Self.tokenRejected())
            }
        } catch {
            return .answer(Self.error(status: 503))
        }
        let instance = SimulatedInstance(world: world, account: account)
        if let answer = await SimulatedMentions(world: world, account: account).answer(request) { return answer }
        switch (request.method, request.path) {
        case ("POST", ["api", "v2", "media"]):
            return await Self.simulate("prepare", account: account, in: world) { try await instance.upload(request) }
        case ("POST", ["api", "v1", "statuses"]):
            return await Self.simulate("publish", account: account, in: world) { try await instance.post(request) }
        default:
            return await Self.simulate("read", account: account, in: world) { try await instance.read(request) }
        }
    }

    static func error(status: Int) -> OutboundResponse {
        let words =
            switch status {
            case 401: "The access token is invalid"
            case 403: "This action is not allowed"
            case 404: "Record not found"
            case 422: "Validation failed: Text is invalid"
            case 429: "Too many requests"
            default: "An unexpected error occurred"
            }
        return .json(["error": .string(words)], status: status)
    }

    static func errorAfterEffect(status: Int?) -> OutboundResponse { error(status: status ?? 500) }
    static func tokenRejected() -> OutboundResponse { error(status: 401) }

    static func rateLimited(account _: String, now: Instant) -> OutboundResponse {
        .json(
            ["error": "Too many requests"], status: 429,
            headers: [
                ("X-RateLimit-Limit", "300"), ("X-RateLimit-Remaining", "0"),
                ("X-RateLimit-Reset", (now + .seconds(300)).description),
            ])
    }
}

/// The instance's routes, for the account that asks.
private struct SimulatedInstance {
    let world: any SimulatedWorld
    let account: String

    private static let keyLifetime = Duration.seconds(3600)
    private static let processedAtOnce = 1_048_576

    private func invalid(_ words: String) -> OutboundResponse {
        .json(["error": .string("Validation failed: \(words)")], status: 422)
    }

    private func state(_ key: String) async throws -> JSONValue? {
        try await world.state(platform: .mastodon, key: key).flatMap { try? JSONValue(parsing: $0) }
    }

    private func setState(_ key: String, _ value: JSONValue) async throws {
        try await world.setState(platform: .mastodon, key: key, value: value.text)
    }

    // MARK: Media

    func upload(_ request: SimulatorRequest) async throws -> OutboundResponse {
        let (values, files) = request.fields
        guard let file = files.first(where: { $0.name == "file" }), !file.bytes.isEmpty else {
            return invalid("File can't be blank")
        }
        guard ["image/jpeg", "image/png", "image/gif", "image/webp"].contains(file.contentType ?? "") else {
            return invalid("File content type is invalid")
        }
        let id = world.newID()
        let isReady = file.bytes.count <= Self.processedAtOnce
        let media: JSONValue = [
            "account": .string(account), "polls": .int(isReady ? 0 : 1), "attached": false,
            "description": values.first { $0.name == "description" }.map { .string($0.value) } ?? .null,
        ]
        try await setState("media:\(id)", media)
        return .json(Self.attachment(id, media), status: isReady ? 200 : 202)
    }

    private static func attachment(_ id: String, _ media: JSONValue) -> JSONValue {
        let isReady = media["polls"]?.int == 0
        return [
            "id": .string(id), "type": "image",
            "url": isReady ? .string("https://mastodon.sandbox.example/media/\(id)") : .null,
            "description": media["description"] ?? .null,
        ]
    }

    private func poll(_ id: String) async throws -> OutboundResponse {
        guard let media = try await state("media:\(id)"), media["account"]?.string == account else {
            return MastodonSimulator.error(status: 404)
        }
        guard let polls = media["polls"]?.int, polls > 0 else { return .json(Self.attachment(id, media)) }
        try await setState("media:\(id)", media.replacing("polls", .int(polls - 1)))
        return .json(Self.attachment(id, media), status: 206)
    }

    // MARK: Statuses

    func post(_ request: SimulatorRequest) async throws -> OutboundResponse {
        var key = request.header("Idempotency-Key").flatMap { $0.isEmpty ? nil : $0 }
        if let known = key, let earlier = try await state("key:\(account):\(known)"), let id = earlier["status"]?.string,
            let since = earlier["since"]?.int
        {
            if world.now() - Instant(milliseconds: since) < Self.keyLifetime,
                let status = try await world.visiblePost(platform: .mastodon, id: id)
            {
                return .json(try await json(of: status))
            }
            // The world never forgets a key, the instance does after an hour.
            key = "\(known)@\(since)"
        }
        let fields = request.fields.values
        func field(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }
        let text = field("status")
        let ids = fields.filter { $0.name == "media_ids[]" }.map(\.value)
        let visibility = field("visibility")
        if text.allSatisfy(\.isWhitespace), ids.isEmpty { return invalid("Text can't be blank") }
        if CaptionRules.length(of: text, on: .mastodon) + field("spoiler_text").count > 500 {
            return invalid("Text is too long (maximum is 500 characters)")
        }
        if ids.count > 4 { return invalid("Cannot attach more than 4 files") }
        if !["", "public", "unlisted", "private", "direct"].contains(visibility) {
            return invalid("Visibility is not included in the list")
        }
        var media: [JSONValue] = []
        for id in ids {
            guard let found = try await state("media:\(id)"), found["account"]?.string == account,
                found["attached"]?.bool == false
            else { return invalid("Media not found") }
            guard found["polls"]?.int == 0 else {
                return invalid("Cannot attach files that have not finished processing. Try again in a moment!")
            }
            media.append(Self.attachment(id, found))
        }
        let id = world.newID()
        try await setState(
            "status:\(id)",
            [
                "spoiler": .string(field("spoiler_text")), "visibility": .string(visibility.isEmpty ? "public" : visibility),
                "media": .array(media),
            ])
        let shown = try await world.show(
            VisiblePost(
                platform: .mastodon, id: id, account: account, text: text, mediaCount: ids.count,
                permalink: "https://mastodon.sandbox.example/@\(account)/\(id)", createdAt: world.now()), key: key)
        for id in ids {
            if let found = try await state("media:\(id)") {
                try await setState("media:\(id)", found.replacing("attached", true))
            }
        }
        if let sent = request.header("Idempotency-Key"), !sent.isEmpty {
            try await setState(
                "key:\(account):\(sent)", ["status": .string(shown.id), "since": .int(shown.createdAt.milliseconds)])
        }
        return .json(try await json(of: shown))
    }

    private func json(of post: VisiblePost) async throws -> JSONValue {
        let details = try await state("status:\(post.id)")
        let status: JSONValue = [
            "id": .string(post.id), "uri": .string(post.permalink), "url": .string(post.permalink),
            "created_at": .string(post.createdAt.description), "account": profile,
            "content": .string(StatusHTML.render(post.text)), "spoiler_text": details?["spoiler"] ?? "",
            "visibility": details?["visibility"] ?? "public", "media_attachments": details?["media"] ?? [],
            "favourites_count": 0, "reblogs_count": 0, "replies_count": 0,
        ]
        return try await audience.counted(status, of: post)
    }

    private var audience: SimulatedAudience { SimulatedAudience(platform: .mastodon, world: world) }

    private var profile: JSONValue {
        [
            "id": .string(account), "username": .string(account), "acct": .string(account),
            "display_name": .string("Sandbox \(account)"), "url": .string("https://mastodon.sandbox.example/@\(account)"),
            "avatar": .string("https://mastodon.sandbox.example/avatars/\(account).png"), "bot": false, "followers_count": 0,
            "following_count": 0,
        ]
    }

    // MARK: Reads

    func read(_ request: SimulatorRequest) async throws -> OutboundResponse {
        guard request.method == "GET" else { return MastodonSimulator.error(status: 404) }
        let path = request.path
        if path == ["api", "v1", "accounts", "verify_credentials"] {
            return .json(try await audience.counted(profile, of: account))
        }
        if path.count == 4, path.starts(with: ["api", "v1", "media"]), let id = path.last { return try await poll(id) }
        if path.count == 4, path.starts(with: ["api", "v1", "statuses"]), let id = path.last,
            let post = try await world.visiblePost(platform: .mastodon, id: id)
        {
            return .json(try await json(of: post))
        }
        if path == ["api", "v1", "accounts", account, "statuses"] { return try await statuses(request) }
        return MastodonSimulator.error(status: 404)
    }

    private func statuses(_ request: SimulatorRequest) async throws -> OutboundResponse {
        let limit = min(max(Int(request.query("limit") ?? "") ?? 20, 1), 40)
        var posts = try await world.visiblePosts(platform: .mastodon, account: account, limit: 10_000)[...]
        if let last = request.query("max_id") { posts = posts.drop { $0.id != last }.dropFirst() }
        var entries: [JSONValue] = []
        for post in posts.prefix(limit) { entries.append(try await json(of: post)) }
        return .json(.array(entries))
    }
}

extension JSONValue {
    /// The object with that member's value changed; unchanged when it has none of that name.
    func replacing(_ key: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.map { $0.key == key ? Member(key, value) : $0 })
    }
}
