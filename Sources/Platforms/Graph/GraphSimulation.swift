import Core
import Outbound

/// What Instagram's and Facebook's simulators share: the request, the account that it is about, errors and lists.
///
/// A token of the form `sandbox:<id>` is the account of that id and may touch nobody else's things (100/33 otherwise), and
/// so is one that was given by ``SimulatedFacebookLogin``; another token may act for the account that the path names.
struct GraphSimulation {
    let platform: Platform
    let world: any SimulatedWorld
    let request: SimulatorRequest
    /// Without the version.
    let path: [String]
    let tokenAccount: String?

    /// - Parameter tokenAccount: whose token it is; nil: it may act for the account that the path names.
    private init(_ platform: Platform, _ request: SimulatorRequest, _ world: any SimulatedWorld, tokenAccount: String?) {
        self.platform = platform
        self.world = world
        self.request = request
        path = Self.unversioned(request.path)
        self.tokenAccount = tokenAccount
    }

    enum Door {
        case open(GraphSimulation)
        case answered(OutboundResponse)
    }

    /// The request with whom it is from, unless it is answered already: a login, or a token that is not accepted. The token
    /// must be in the header: our own connector never puts it anywhere else.
    static func enter(
        _ platform: Platform, _ request: SimulatorRequest, _ world: any SimulatedWorld,
        page: @escaping (_ profile: String, _ token: String) -> [JSONValue.Member]
    ) async -> Door {
        let oauth = SimulatedOAuth(platform: platform, world: world)
        do {
            let login = SimulatedFacebookLogin(oauth: oauth, request: request, page: page)
            if let answer = try await login.answer() { return .answered(answer) }
            switch try await oauth.holder(of: request.token) {
            case .account(let id): return .open(GraphSimulation(platform, request, world, tokenAccount: id))
            case .anyone: return .open(GraphSimulation(platform, request, world, tokenAccount: nil))
            case .person, nil: return .answered(tokenRejected())
            }
        } catch {
            return .answered(self.error(status: 503))
        }
    }

    static func unversioned(_ path: [String]) -> [String] { isVersion(path.first) ? Array(path.dropFirst()) : path }

    private static func isVersion(_ segment: String?) -> Bool {
        guard let segment, segment.first == "v", segment.count > 1 else { return false }
        return segment.dropFirst().allSatisfy { $0.isASCII && $0.isNumber || $0 == "." }
    }

    func state(_ key: String) async throws -> JSONValue? {
        try await world.state(platform: platform, key: key).flatMap { try? JSONValue(parsing: $0) }
    }

    func setState(_ key: String, _ value: JSONValue) async throws {
        try await world.setState(platform: platform, key: key, value: value.text)
    }

    func mayAct(for account: String) -> Bool { tokenAccount == nil || tokenAccount == account }

    // MARK: Answers

    /// Graph's error object, with HTTP 400 unless said otherwise.
    static func refuse(
        _ code: Int64, subcode: Int64? = nil, _ message: String, status: Int = 400, isTransient: Bool = false,
        headers: [(name: String, value: String)] = []
    ) -> OutboundResponse {
        var error: [JSONValue.Member] = [
            .init("message", .string(message)), .init("type", "OAuthException"), .init("code", .int(code)),
        ]
        if let subcode { error.append(.init("error_subcode", .int(subcode))) }
        if isTransient { error.append(.init("is_transient", true)) }
        error.append(.init("fbtrace_id", "A190490sandbox"))
        return .json(["error": .object(error)], status: status, headers: headers)
    }

    static let notFound = refuse(
        100, subcode: 33,
        "Unsupported request. Object does not exist, or cannot be loaded due to missing permissions.")

    static func error(status: Int) -> OutboundResponse {
        switch status {
        case 401: tokenRejected()
        case 403: refuse(200, "Permissions error", status: 403)
        case 429: refuse(4, "Application request limit reached", status: 429)
        case 500...:
            refuse(2, "An unexpected error has occurred. Please retry your request later.", status: status, isTransient: true)
        default: refuse(100, "Invalid parameter", status: status)
        }
    }

    static func errorAfterEffect(status: Int?) -> OutboundResponse {
        guard let status, status < 500 else { return error(status: status ?? 500) }
        return refuse(4, subcode: 2_207_051, "Application request limit reached", status: status)
    }

    static func rateLimited(_ platform: Platform, account: String) -> OutboundResponse {
        let entry: JSONValue = [
            "type": .string(platform == .instagram ? "instagram" : "pages"), "call_count": 100, "total_cputime": 25,
            "total_time": 25, "estimated_time_to_regain_access": 5,
        ]
        let usage = JSONValue.object([.init(account, .array([entry]))])
        return refuse(
            4, "Application request limit reached", isTransient: true,
            headers: [
                ("X-Business-Use-Case-Usage", usage.text),
                ("X-App-Usage", #"{"call_count":100,"total_cputime":25,"total_time":25}"#),
            ])
    }

    static func tokenRejected() -> OutboundResponse {
        refuse(190, subcode: 460, "Error validating access token: The session has been invalidated.")
    }

    /// The members that `fields` asks for, and the id, as Graph does; a field that Graph does not know is an error there
    /// and left out here.
    func answer(_ members: [JSONValue.Member]) -> OutboundResponse { .json(.object(chosen(members))) }

    private func chosen(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        let fields = Self.names(in: request.query("fields") ?? "")
        return members.filter { $0.key == "id" || fields.contains($0.key) }
    }

    private static func names(in fields: String) -> Set<String> {
        var names: Set<String> = []
        var name = ""
        var depth = 0
        for character in fields + "," {
            switch character {
            case "{": depth += 1
            case "}": depth -= 1
            case "," where depth <= 0:
                names.insert(name)
                name = ""
            default: if depth <= 0 { name.append(character) }
            }
        }
        return names
    }

    /// A page of the account's posts, newest first, with a cursor that is the last post's id.
    func list(_ account: String, since: Instant?, _ members: (VisiblePost) async throws -> [JSONValue.Member]) async throws
        -> OutboundResponse
    {
        let limit = min(max(Int(request.query("limit") ?? "") ?? 25, 1), 100)
        var posts = try await world.visiblePosts(platform: platform, account: account, limit: 10_000)[...]
        if let since { posts = posts.prefix { $0.createdAt >= since } }
        if let cursor = request.query("after") { posts = posts.drop { $0.id != cursor }.dropFirst() }
        let page = posts.prefix(limit)
        var entries: [JSONValue] = []
        for post in page { entries.append(.object(chosen(try await members(post)))) }
        var paging: [JSONValue.Member] = []
        if let last = page.last {
            paging.append(.init("cursors", ["before": .string(page.first?.id ?? ""), "after": .string(last.id)]))
            if page.count < posts.count {
                paging.append(.init("next", "https://graph.facebook.com/next?access_token=never-follow"))
            }
        }
        return .json(["data": .array(entries), "paging": .object(paging)])
    }

    static func time(_ instant: Instant) -> JSONValue { .string(instant.description.replacing("Z", with: "+0000")) }
}
