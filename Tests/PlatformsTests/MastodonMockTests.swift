import Core
import Outbound
import Synchronization
import Testing

@testable import Platforms

#if canImport(Glibc)
    import Glibc
#endif

private let mockURL = getenv("AUDENCI_TEST_MASTODON_MOCK").map { String(cString: $0) }

/// The Mastodon connector and the real HTTP client against mastodon-mock, a server that none of us wrote.
/// `script/with-mastodon-mock swift test --filter MastodonMockTests` starts one; without it these tests do not run.
@Suite(.serialized, .enabled(if: mockURL != nil))
struct MastodonMockTests {
    private let connector = MastodonConnector()
    private let base: String
    private let client: GuardedClient

    init() async throws {
        base = try #require(mockURL)
        let address = try #require(base.split(separator: "/").last)
        client = try GuardedClient(
            policy: AddressPolicy(allow: try OutboundAllowList(String(address)), allowsPlainHTTP: true))
        // Every test starts with an instance of one account and no statuses.
        let reset = try await client.send(OutboundRequest("POST", base + "/api/v1/_mock/reset"))
        try #require(reset.status == 200)
        let cleared = try await client.send(OutboundRequest("DELETE", base + "/api/v1/_mock/faults"))
        try #require(cleared.status == 200)
    }

    private func session(_ transport: (any Transport)? = nil, token: String = "mock_token") -> PlatformSession {
        PlatformSession(
            baseURL: base, externalID: "", token: Secret(token), transport: transport ?? client,
            pause: { try? await Task.sleep(for: $0) }, now: Ambient.live.now)
    }

    private func post(_ text: String, pictures: Int = 0) -> PublishRequest {
        var post = Bench.post(text, pictures: pictures, armedAt: Ambient.live.now())
        post.idempotencyKey = Signature.sha256(text.utf8)
        return post
    }

    private func publish(_ post: PublishRequest, _ transport: (any Transport)? = nil) async throws -> (
        PublishOutcome, PreparedPublication
    ) {
        guard case .ready(let prepared) = await connector.prepare(post, on: session()) else { throw Unprepared() }
        return (await connector.publish(post, prepared: prepared, on: session(transport)), prepared)
    }

    private struct Unprepared: Error {}

    private func arm(_ effect: String, count: Int = 1) async throws {
        let body = #"{"match":{"methods":["POST"],"path":"/api/v1/statuses"},"effect":\#(effect),"count":\#(count)}"#
        let answer = try await client.send(
            OutboundRequest(
                "POST", base + "/api/v1/_mock/faults", headers: [("Content-Type", "application/json")], body: Array(body.utf8)))
        try #require(answer.status == 200)
    }

    /// What the instance shows, read without the connector's eyes.
    private func statuses() async throws -> [JSONValue] {
        func get(_ path: String) async throws -> JSONValue {
            let answer = try await client.send(
                OutboundRequest(
                    "GET", base + path, headers: [("Authorization", "Bearer mock_token")], maximumResponseBytes: 1 << 20))
            return try JSONValue(parsing: answer.body)
        }
        let id = try #require(try await get("/api/v1/accounts/verify_credentials")["id"]?.string)
        return try #require(try await get("/api/v1/accounts/\(id)/statuses").array)
    }

    @Test func anAccountIsConnectedByOAuth() async throws {
        let oauth = MastodonOAuth()
        let site = OAuthSite(baseURL: base, transport: client, now: Ambient.live.now)
        let redirectURI = "https://app.example/oauth/callback"
        let made = try await oauth.register(redirectURI: redirectURI, at: site).value
        let app = OAuthApp(clientID: made.clientID, clientSecret: made.clientSecret, redirectURI: redirectURI)
        let verifier = PKCE.newVerifier(.live)
        let url = oauth.authorizeURL(
            state: Secret("a state"), challenge: PKCE.challenge(of: verifier), for: app, at: base)
        #expect(try await client.send(OutboundRequest("GET", url)).status == 200)
        // What the page's form sends when somebody is chosen.
        let form = SplitURL.split(url).query.filter { $0.name != "response_type" } + [("username", "testuser")]
        let agreed = try await client.send(
            OutboundRequest(
                "POST", base + "/oauth/authorize", headers: [("Content-Type", FormEncoding.contentType)],
                body: Array(FormEncoding.encode(form).utf8)))
        let back = SplitURL.split(try #require(agreed.header("Location"))).query
        #expect(back.first { $0.name == "state" }?.value == "a state")
        let code = Secret(try #require(back.first { $0.name == "code" }?.value))
        let granted = try await oauth.exchange(code: code, verifier: verifier, by: app, at: site).value
        #expect(granted.map(\.profile.username) == ["testuser"])
        let tokens = try #require(granted.first?.tokens)
        #expect(tokens.scopes == MastodonOAuth.scopes)
        #expect(tokens.expiresAt == nil)
        guard case .verified(let profile) = await connector.verify(on: site.session(tokens.access)) else {
            Issue.record("the token does not work")
            return
        }
        #expect(profile == granted.first?.profile)
        let refused = await oauth.exchange(code: Secret("nonsense"), verifier: verifier, by: app, at: site)
        #expect(refused.failure?.kind == .refused)
    }

    @Test func theAccountIsVerified() async throws {
        guard case .verified(let profile) = await connector.verify(on: session()) else {
            Issue.record("not verified")
            return
        }
        #expect(!profile.externalID.isEmpty)
        #expect(profile.username == "testuser")
        #expect(profile.displayName == "Test User")
        #expect(await connector.verify(on: session(token: "wrong")).failure?.failureClass == .auth)
    }

    @Test(arguments: [
        "Plain words", "Two\n\nparagraphs\nand a line", "Signs < > & \" ' %20 +", "See https://a.example/x?y=1&z=2 for more",
        "#spring @testuser grüße 🎉 👩‍👩‍👧‍👦",
    ])
    func aStatusAppearsAndIsFoundAgain(text: String) async throws {
        let (outcome, prepared) = try await publish(post(text))
        #expect(outcome.failure == nil)
        let shown = try await statuses()
        #expect(shown.count == 1)
        #expect(outcome.postID == shown.first?.identifier("id"))
        #expect(outcome.permalink == shown.first?["url"]?.string)
        #expect(await connector.reconcile(post(text), prepared: prepared, on: session()).postID == outcome.postID)
    }

    @Test func picturesArriveWithTheirDescriptionsAndOptions() async throws {
        var request = post("With pictures", pictures: 4)
        request.options = PlatformOptions(visibility: "unlisted", contentWarning: "spoiler")
        let (outcome, prepared) = try await publish(request)
        #expect(outcome.postID != nil)
        let shown = try #require(try await statuses().first)
        let attachments = try #require(shown["media_attachments"]?.array)
        #expect(attachments.compactMap { $0["description"]?.string }.sorted() == (0..<4).map { "Picture \($0)" })
        #expect(shown["visibility"]?.string == "unlisted")
        #expect(shown["spoiler_text"]?.string == "spoiler")
        #expect(await connector.reconcile(request, prepared: prepared, on: session()).postID == outcome.postID)

        let url = try #require(attachments.first { $0["description"]?.string == "Picture 0" }?["url"]?.string)
        let file = try await client.send(OutboundRequest("GET", url))
        #expect(file.body == Bench.picture(0).bytes)
    }

    @Test func theSameKeyAgainIsTheSameStatus() async throws {
        let (first, _) = try await publish(post("Once"))
        let (second, _) = try await publish(post("Once"))
        #expect(first.postID != nil)
        #expect(first.postID == second.postID)
        #expect(try await statuses().count == 1)
    }

    @Test func aLostAnswerIsFoundLive() async throws {
        let (outcome, prepared) = try await publish(post("Lost answer", pictures: 1), DeafTransport(inner: client))
        #expect(outcome.failure?.failureClass == .ambiguous)
        let shown = try await statuses()
        #expect(shown.count == 1)
        let looked = await connector.reconcile(post("Lost answer"), prepared: prepared, on: session())
        #expect(looked.postID == shown.first?.identifier("id"))
    }

    @Test func aRequestThatTimesOutIsFoundAbsent() async throws {
        try await arm(#"{"type":"latency","delay_ms":3000}"#)
        let (outcome, prepared) = try await publish(post("Too slow"), ImpatientTransport(inner: client))
        #expect(outcome.failure?.failureClass == .ambiguous)
        #expect(outcome.failure?.code == "platform_timeout")
        #expect(await connector.reconcile(post("Too slow"), prepared: prepared, on: session()).kind == "absent")
        let (again, _) = try await publish(post("Too slow"))
        #expect(again.postID != nil)
        #expect(try await statuses().count == 1)
    }

    @Test(arguments: [
        (#"{"type":"status","status":500}"#, PublishFailure.Class.ambiguous, "platform_error"),
        (#"{"type":"status","status":503}"#, .ambiguous, "platform_error"),
        (#"{"type":"malformed"}"#, .ambiguous, "platform_answer_invalid"),
        (#"{"type":"malformed","truncate":false}"#, .ambiguous, "platform_answer_invalid"),
        (#"{"type":"status","status":422}"#, .final, "content_rejected"),
        (#"{"type":"status","status":401}"#, .auth, "token_rejected"),
        (#"{"type":"ratelimit"}"#, .beforeEffect, "rate_limited"),
    ])
    func injectedFaultsAreClassedAndLeaveNothingBehind(effect: String, failureClass: PublishFailure.Class, code: String)
        async throws
    {
        try await arm(effect)
        let (outcome, prepared) = try await publish(post("Fault"))
        #expect(outcome.failure?.failureClass == failureClass)
        #expect(outcome.failure?.code == code)
        #expect(outcome.failure?.retryAfter == (code == "rate_limited" ? .seconds(300) : nil))
        #expect(await connector.reconcile(post("Fault"), prepared: prepared, on: session()).kind == "absent")
        #expect(try await statuses().isEmpty)
    }

    @Test func theInstanceAndWeCountCharactersAlike() async throws {
        let url = "https://a.example/" + String(repeating: "x", count: 200)
        let longest = String(repeating: "a", count: 476) + " " + url
        #expect(CaptionRules.length(of: longest, on: .mastodon) == 500)
        let tooLong = String(repeating: "é", count: 501)
        let refused = await connector.publish(post(tooLong), prepared: .init(), on: session())
        #expect(refused.failure?.code == "content_rejected")
        let (taken, _) = try await publish(post(String(repeating: "é", count: 500)))
        #expect(taken.postID != nil)
    }

    @Test func ourOldStatusIsFoundBehindAPageOfNewerOnes() async throws {
        let request = post("The first")
        let (outcome, prepared) = try await publish(request, DeafTransport(inner: client))
        #expect(outcome.failure?.failureClass == .ambiguous)
        for number in 0..<25 { _ = try await publish(post("Newer \(number)")) }
        let looked = await connector.reconcile(request, prepared: prepared, on: session())
        #expect(looked.kind == "live")
    }
}

/// Lets everything through and hears no answer: the effect is there, the knowledge is not.
private struct DeafTransport: Transport {
    let inner: any Transport

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        _ = try await inner.send(request)
        throw OutboundError(.timeout, "The answer was lost.", isBeforeEffect: false)
    }
}

/// Gives up after a second.
private struct ImpatientTransport: Transport {
    let inner: any Transport

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        var request = request
        request.deadline = .seconds(1)
        return try await inner.send(request)
    }
}
