import Contract
import Core
import Features
import Outbound
import Platforms
import Publishing
import Relational
import Synchronization
import Testing

/// A publishing world with a Mastodon instance beside it, and a person who agrees there.
struct OAuthWorld: Sendable {
    static let instance = "https://social.example"

    let world: PublishingWorld
    let platform: MemoryWorld
    let wire: WatchedTransport

    init() async throws {
        world = try await PublishingWorld()
        let clock = world.clock
        let platform = MemoryWorld(clock: { clock.now })
        self.platform = platform
        wire = WatchedTransport(SimulatorTransport(MastodonSimulator(), world: platform))
    }

    var connections: ConnectionStore { connections(on: world) }

    func connections(on world: PublishingWorld) -> ConnectionStore {
        let (engine, ambient) = (world.engine, world.ambient)
        return ConnectionStore(
            engine: engine, ambient: ambient, box: SecretBox(masterKey: Secret("a master key for tests")),
            accounts: world.accounts, brands: BrandStore(engine: engine, ambient: ambient),
            organizations: OrganizationStore(engine: engine, ambient: ambient),
            members: MemberStore(engine: engine, ambient: ambient), authorizer: world.authorizer(client: wire))
    }

    func keeper() -> TokenKeeper { world.tokens(client: wire) }

    /// Who agrees from now on, as `POST /__sim/oauth` says it.
    func person(_ json: String) async throws {
        try await platform.setState(platform: .mastodon, key: "oauth-person", value: json)
    }

    /// Everything up to the platform's sending the browser back.
    func agree(reconnect: SocialAccountID? = nil) async throws -> (state: String, code: Secret) {
        var input = ConnectionInput()
        input.brandID = world.organization.brandID
        input.baseURL = Self.instance
        input.reconnect = reconnect
        let start = try await connections.start("mastodon", input, for: world.caller)
        let answer = try await wire.send(OutboundRequest("GET", start.url))
        let back = try #require(answer.header("Location"))
        let code = try #require(back.split(separator: "code=").last?.split(separator: "&").first)
        return (start.state.reveal(), Secret(String(code)))
    }

    @discardableResult
    func connect(reconnect: SocialAccountID? = nil) async throws -> AccountCredential {
        let (state, code) = try await agree(reconnect: reconnect)
        guard case .connected(let accounts, _, _) = try await connections.finish(state: state, code: code),
            let account = accounts.first
        else { throw NotConnected() }
        return try await credential(account.id)
    }

    struct NotConnected: Error {}

    func credential(_ id: SocialAccountID) async throws -> AccountCredential {
        try #require(try await world.accounts.credential(id, in: world.organization.organizationID))
    }

    func events(_ type: String) async throws -> [JSONValue] {
        try await world.engine.read { connection in
            try connection.query("SELECT body FROM event WHERE type = \(type) ORDER BY position") {
                try JSONValue(parsing: $0.text(0))
            }
        }
    }
}

/// Keeps what passes through, and may lose it, change it or look at the world while it is on its way.
final class WatchedTransport: Transport {
    private struct State {
        var requests: [OutboundRequest] = []
        var failure: OutboundError?
        var edit: (@Sendable (OutboundRequest, OutboundResponse) -> OutboundResponse)?
        var look: (@Sendable (OutboundRequest) async -> Void)?
    }

    private let inner: any Transport
    private let state = Mutex(State())

    init(_ inner: any Transport) { self.inner = inner }

    var requests: [OutboundRequest] { state.withLock { $0.requests } }
    var renewals: Int { requests.count { $0.isRenewal } }

    /// Every request gets no answer, until this is nil.
    func fail(_ failure: OutboundError?) { state.withLock { $0.failure = failure } }
    func edit(_ edit: @escaping @Sendable (OutboundRequest, OutboundResponse) -> OutboundResponse) {
        state.withLock { $0.edit = edit }
    }
    func look(_ look: @escaping @Sendable (OutboundRequest) async -> Void) { state.withLock { $0.look = look } }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let now = state.withLock { state in
            state.requests.append(request)
            return (state.failure, state.edit, state.look)
        }
        await now.2?(request)
        if let failure = now.0 { throw failure }
        let answer = try await inner.send(request)
        return now.1?(request, answer) ?? answer
    }
}

extension OutboundRequest {
    var bodyText: String { String(decoding: body, as: UTF8.self) }
    var isRenewal: Bool { bodyText.contains("grant_type=refresh_token") }
    var bearer: String? { headers.first { $0.name == "Authorization" }.map { String($0.value.dropFirst("Bearer ".count)) } }
}
