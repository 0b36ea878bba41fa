import Core
import Outbound
import Testing

@testable import Platforms

let oauthPlatforms = PlatformList.oauthConnectors.map { $0.platform }

/// One OAuth connector in front of its platform, simulated.
struct OAuthBench: Sendable {
    static let baseURLs: [Platform: String] = [.mastodon: "https://social.example"]

    let platform: Platform
    let connector: any OAuthConnector
    let clock = Ambient.fixed().1
    let simulated: SimulatedOAuth
    let wire: RecordingTransport
    let site: OAuthSite

    init(_ platform: Platform, answering transport: (any Transport)? = nil) throws {
        self.platform = platform
        connector = try #require(PlatformList.oauthConnector(for: platform))
        let simulator = try #require(PlatformList.simulator(for: platform))
        let clock = clock
        let world = MemoryWorld(clock: { clock.now })
        simulated = SimulatedOAuth(platform: platform, world: world)
        wire = RecordingTransport(transport ?? SimulatorTransport(simulator, world: world))
        site = OAuthSite(
            baseURL: Self.baseURLs[platform] ?? "https://graph.example/v25.0", transport: wire, now: { clock.now })
    }

    static let redirectURI = "https://app.example/oauth/callback"
    static let verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")

    func app() async throws -> OAuthApp {
        guard type(of: connector).registersItself else {
            return OAuthApp(clientID: "4711", clientSecret: Secret("canary-secret"), redirectURI: Self.redirectURI)
        }
        let made = try await connector.register(redirectURI: Self.redirectURI, at: site).value
        return OAuthApp(clientID: made.clientID, clientSecret: made.clientSecret, redirectURI: Self.redirectURI)
    }

    /// The code that a browser brings back.
    func agree(_ app: OAuthApp) async throws -> Secret {
        let url = connector.authorizeURL(
            state: Secret("a state"), challenge: PKCE.challenge(of: Self.verifier), for: app, at: site.baseURL)
        let answer = try await wire.send(OutboundRequest("GET", url))
        let query = SplitURL.split(try #require(answer.header("Location"))).query
        #expect(query.first { $0.name == "state" }?.value == "a state")
        return Secret(try #require(query.first { $0.name == "code" }?.value))
    }

    func exchange(_ code: Secret, _ app: OAuthApp, verifier: Secret = verifier) async -> OAuthOutcome<[GrantedProfile]> {
        await connector.exchange(code: code, verifier: verifier, by: app, at: site)
    }

    func granted() async throws -> (app: OAuthApp, profiles: [GrantedProfile]) {
        let app = try await app()
        return (app, try await exchange(try await agree(app), app).value)
    }
}

extension OAuthOutcome {
    var value: Value {
        get throws {
            switch self {
            case .granted(let value): return value
            case .failed(let failure): throw failure
            }
        }
    }
    var failure: OAuthFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

@Suite struct OAuthTests {
    @Test(arguments: oauthPlatforms)
    func theWholeRoundGivesTokensThatWork(platform: Platform) async throws {
        let bench = try OAuthBench(platform)
        let (_, profiles) = try await bench.granted()
        let granted = try #require(profiles.first)
        #expect(profiles.count == 1)
        #expect(granted.profile.externalID == "1000001")
        #expect(granted.tokens.issuedAt == bench.clock.now)
        #expect(granted.tokens.expiresAt == nil)
        let session = bench.site.session(granted.tokens.access, externalID: granted.profile.externalID)
        let connector = try #require(PlatformList.connector(for: platform))
        guard case .verified(let profile) = await connector.verify(on: session) else {
            Issue.record("the token does not work")
            return
        }
        #expect(profile == granted.profile)
    }

    @Test(arguments: oauthPlatforms)
    func noSecretIsInAnyURL(platform: Platform) async throws {
        let bench = try OAuthBench(platform)
        try await bench.simulated.setPerson(["expiresIn": 3600])
        let (app, profiles) = try await bench.granted()
        let granted = try #require(profiles.first)
        let refresh = try #require(granted.tokens.refresh)
        _ = await bench.connector.renew(refresh, of: granted.profile.externalID, by: app, at: bench.site)
        let secrets = [app.clientSecret, OAuthBench.verifier, refresh, granted.tokens.access].map { $0.reveal() }
        for request in bench.wire.requests {
            let leaks = secrets.contains { request.url.contains($0) }
            #expect(!leaks, "\(request.method) \(request.url.prefix(80))")
        }
        let exchanges = bench.wire.requests.filter { $0.bodyText.contains("code=") || $0.bodyText.contains("refresh_token=") }
        #expect(!exchanges.isEmpty)
        let areSentOnce = exchanges.allSatisfy { !$0.retriesStaleConnection }
        #expect(areSentOnce)
    }

    @Test(arguments: oauthPlatforms)
    func aCodeWorksOnceAndOnlyWithItsVerifier(platform: Platform) async throws {
        let bench = try OAuthBench(platform)
        let app = try await bench.app()
        let stolen = await bench.exchange(try await bench.agree(app), app, verifier: Secret("another verifier"))
        #expect(stolen.failure?.kind == .refused)
        let code = try await bench.agree(app)
        #expect(await bench.exchange(code, app).failure == nil)
        #expect(await bench.exchange(code, app).failure?.kind == .refused)
        let late = try await bench.agree(app)
        bench.clock.advance(by: .seconds(601))
        #expect(await bench.exchange(late, app).failure?.kind == .refused)
        var wrong = app
        wrong.clientSecret = Secret("wrong")
        #expect(await bench.exchange(try await bench.agree(app), wrong).failure?.kind == .appRefused)
    }

    @Test func aRotatingRefreshTokenWorksOnce() async throws {
        let bench = try OAuthBench(.mastodon)
        try await bench.simulated.setPerson(["account": "7", "expiresIn": 7200])
        let (app, profiles) = try await bench.granted()
        let first = try #require(profiles.first?.tokens)
        let refresh = try #require(first.refresh)
        #expect(first.expiresAt == bench.clock.now + .seconds(7200))
        let second = try await bench.connector.renew(refresh, of: "7", by: app, at: bench.site).value
        #expect(second.access != first.access)
        #expect(second.refresh != nil && second.refresh != refresh)
        #expect(await bench.connector.renew(refresh, of: "7", by: app, at: bench.site).failure?.kind == .refused)
        try await bench.simulated.revoke("7")
        let revoked = await bench.connector.renew(try #require(second.refresh), of: "7", by: app, at: bench.site)
        #expect(revoked.failure?.kind == .refused)
    }

    @Test(arguments: [Platform.facebook, .instagram])
    func aPagesTokenIsRenewedThroughTheUsers(platform: Platform) async throws {
        let bench = try OAuthBench(platform)
        try await bench.simulated.setPerson(["account": "1", "profiles": ["11", "12"]])
        let (app, profiles) = try await bench.granted()
        #expect(profiles.map(\.profile.externalID) == ["11", "12"])
        let tokens = try #require(profiles.last?.tokens)
        #expect(tokens.refreshExpiresAt == bench.clock.now + .seconds(5_183_944))
        let user = try #require(tokens.refresh)
        let renewed = try await bench.connector.renew(user, of: "12", by: app, at: bench.site).value
        #expect(renewed.access != tokens.access)
        #expect(await bench.connector.renew(user, of: "99", by: app, at: bench.site).failure?.kind == .refused)
        try await bench.simulated.setPerson(["account": "1", "profiles": []])
        let none = await bench.exchange(try await bench.agree(app), app)
        #expect(none.failure?.code == "no_profile")
    }

    @Test func theDialogIsWhereMetaHasIt() throws {
        let app = OAuthApp(clientID: "4711", clientSecret: Secret("s"), redirectURI: "https://a.example/oauth/callback")
        let url = FacebookOAuth().authorizeURL(
            state: Secret("x y"), challenge: "c", for: app, at: "https://graph.facebook.com/v25.0")
        #expect(url.hasPrefix("https://www.facebook.com/v25.0/dialog/oauth?response_type=code&client_id=4711&"))
        #expect(url.contains("redirect_uri=https%3A%2F%2Fa.example%2Foauth%2Fcallback"))
        #expect(url.hasSuffix("state=x%20y&code_challenge=c&code_challenge_method=S256"))
    }

    @Test func aPersonWhoDoesNotAllowPostingIsTold() async throws {
        let script = ScriptedTransport(
            .json(#"{"access_token":"t","token_type":"Bearer","scope":"read","created_at":1}"#))
        let bench = try OAuthBench(.mastodon, answering: script)
        let app = OAuthApp(clientID: "a", clientSecret: Secret("b"), redirectURI: OAuthBench.redirectURI)
        #expect(await bench.exchange(Secret("code"), app).failure?.code == "scope_missing")
    }
}

/// Whatever a platform answers: no crash, no token that is none, and no refusal that a person would have to mend.
@Suite struct HostileOAuthTests {
    private let app = OAuthApp(clientID: "a", clientSecret: Secret("canary"), redirectURI: OAuthBench.redirectURI)

    private func renew(_ platform: Platform, _ status: Int, _ body: [UInt8], isTruncated: Bool = false) async throws
        -> OAuthFailure?
    {
        let response = OutboundResponse(status: status, body: body, isTruncated: isTruncated)
        let bench = try OAuthBench(platform, answering: StuckTransport(response: response))
        return await bench.connector.renew(Secret("canary-refresh"), of: "1", by: app, at: bench.site).failure
    }

    @Test(arguments: oauthPlatforms, HostileAnswer.all + [.notUTF8])
    func whatCannotBeReadMayWorkLater(platform: Platform, answer: HostileAnswer) async throws {
        for status in [200, 204, 302, 400, 408, 429, 500, 503] {
            let failure = try #require(
                try await renew(platform, status, answer.body, isTruncated: answer.isTruncated))
            #expect(failure.kind == .unreachable, "\(status): \(failure)")
        }
    }

    @Test(
        arguments: oauthPlatforms,
        [
            #"{"access_token":5}"#, #"{"access_token":""}"#, #"{"access_token":"a b"}"#, #"{"access_token":"a\r\nX: y"}"#,
            #"{"access_token":"x","token_type":"mac"}"#, #"{"access_token":null,"refresh_token":"r"}"#,
        ])
    func aTokenThatIsNoneIsNotTaken(platform: Platform, body: String) async throws {
        #expect(try await renew(platform, 200, Array(body.utf8))?.kind == .unreachable)
    }

    @Test(arguments: [
        (Platform.mastodon, 400, #"{"error":"invalid_grant","error_description":"canary-refresh"}"#, OAuthFailure.Kind.refused),
        (.mastodon, 401, #"{"error":"invalid_client"}"#, .appRefused),
        (.mastodon, 403, #"{"error":"unauthorized_client"}"#, .appRefused),
        (.mastodon, 503, #"{"error":"invalid_grant"}"#, .unreachable),
        (.mastodon, 429, #"{"error":"Too many requests"}"#, .unreachable),
        (.facebook, 400, #"{"error":{"code":190,"error_subcode":463,"message":"canary-refresh"}}"#, .refused),
        (.facebook, 400, #"{"error":{"code":100,"message":"x"}}"#, .refused),
        (.facebook, 400, #"{"error":{"code":1,"message":"Error validating client secret."}}"#, .appRefused),
        (.facebook, 500, #"{"error":{"code":1,"message":"unknown"}}"#, .unreachable),
        (.facebook, 400, #"{"error":{"code":2,"is_transient":true}}"#, .unreachable),
        (.facebook, 400, #"{"error":{"code":4}}"#, .unreachable),
    ])
    func refusalsAreTold(platform: Platform, status: Int, body: String, kind: OAuthFailure.Kind) async throws {
        let failure = try #require(try await renew(platform, status, Array(body.utf8)))
        #expect(failure.kind == kind)
        #expect(!failure.message.contains("canary"))
    }

    @Test(arguments: oauthPlatforms)
    func noAnswerMayComeLater(platform: Platform) async throws {
        for isBefore in [true, false] {
            let lost = ScriptedTransport(.error(OutboundError(.timeout, "Lost.", isBeforeEffect: isBefore)))
            let bench = try OAuthBench(platform, answering: lost)
            let failure = await bench.connector.renew(Secret("r"), of: "1", by: app, at: bench.site).failure
            #expect(failure?.kind == .unreachable)
            #expect(lost.requests.count == 1)
        }
    }
}
