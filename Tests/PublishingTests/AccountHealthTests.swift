import Contract
import Core
import Features
import Outbound
import Platforms
import Publishing
import Relational
import Testing

@Suite struct TokenLifeTests {
    private let start = Instant(seconds: 1_770_000_000)
    private let day = Duration.seconds(86_400)

    private func life(_ days: Int?, refresh: Int? = nil, isRenewable: Bool) -> TokenLife {
        TokenLife(
            issuedAt: start, expiresAt: days.map { start + day * $0 }, refreshExpiresAt: refresh.map { start + day * $0 },
            isRenewable: isRenewable)
    }

    @Test func tokensAreRenewedAtHalfOfTheLifeOfWhatEndsFirst() {
        #expect(life(60, isRenewable: true).renewAt == start + day * 30)
        #expect(life(nil, refresh: 60, isRenewable: true).renewAt == start + day * 30)
        #expect(life(2, refresh: 180, isRenewable: true).renewAt == start + day)
        #expect(life(60, isRenewable: false).renewAt == nil)
        #expect(life(nil, isRenewable: true).renewAt == nil)
    }

    @Test func theWarningComesSevenDaysBeforeTheEnd() {
        #expect(life(60, isRenewable: false).warnAt == start + day * 53)
        #expect(life(60, isRenewable: true).warnAt == start + day * 53)
        #expect(life(4, isRenewable: false).warnAt == start)
        // A token that renews itself has three quarters of its life to do so.
        #expect(life(4, isRenewable: true).warnAt == start + day * 3)
        #expect(life(nil, isRenewable: true).warnAt == nil)
    }

    @Test func oneThingIsDueAtATime() {
        func step(_ life: TokenLife, at days: Int, warned: Bool = false, asked: Bool = false) -> AccountCare.Step {
            let checkedAt = start + day * (asked ? days : days - 1)
            return AccountCare(life: life, checkedAt: checkedAt, isWarned: warned).step(at: start + day * days)
        }
        #expect(step(life(60, isRenewable: true), at: 29) == .verify)
        #expect(step(life(60, isRenewable: true), at: 30) == .verify)
        #expect(step(life(60, isRenewable: true), at: 30, asked: true) == .renew)
        #expect(step(life(60, isRenewable: false), at: 53) == .warn)
        #expect(step(life(60, isRenewable: false), at: 53, warned: true) == .verify)
        #expect(step(life(60, isRenewable: false), at: 60, warned: true) == .expire)
        #expect(step(life(60, isRenewable: true), at: 61, warned: true) == .renew)
        let fresh = AccountCare(life: life(nil, isRenewable: false), checkedAt: start, isWarned: false)
        #expect(fresh.step(at: start + .seconds(86_399)) == .wait)
        #expect(fresh.next == start + day)
    }
}

@Suite(.serialized) struct AccountHealthTests {
    private func tend(_ oauth: OAuthWorld) async throws {
        let keeper = oauth.keeper()
        // Each round does what is due; there are few things to do.
        for _ in 0..<8 {
            guard let next = try await keeper.tend(), next <= oauth.world.clock.now else { return }
        }
        Issue.record("something is due again and again")
    }

    @Test func everyAccountIsAskedOnceADay() async throws {
        let oauth = try await OAuthWorld()
        let credential = try await oauth.connect()
        let asked = { oauth.wire.requests.count { $0.url.hasSuffix("verify_credentials") } }
        let before = asked()
        try await tend(oauth)
        #expect(asked() == before)
        oauth.world.clock.advance(by: .seconds(86_400))
        try await tend(oauth)
        #expect(asked() == before + 1)
        let account = try await oauth.credential(credential.account.id).account
        #expect(account.lastVerifiedAt == oauth.world.clock.now)
        #expect(account.followerCount == 0)
        #expect(account.version == credential.account.version)
        try await oauth.platform.setState(platform: .mastodon, key: "oauth-epoch:1000001", value: "1")
        oauth.world.clock.advance(by: .seconds(86_400))
        try await tend(oauth)
        #expect(try await oauth.credential(account.id).account.status == .needsReconnect)
        #expect(try await oauth.events("account.disconnected").count == 1)
    }

    @Test func tokensAreRenewedAtHalfLifeWithoutAnybodyAsking() async throws {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":7200}"#)
        let credential = try await oauth.connect()
        for _ in 0..<6 {
            oauth.world.clock.advance(by: .seconds(3600))
            try await tend(oauth)
        }
        #expect(oauth.wire.renewals == 6)
        let present = try await oauth.credential(credential.account.id)
        #expect(present.generation == 7)
        #expect(present.account.tokenExpiresAt == oauth.world.clock.now + .seconds(7200))
        #expect(try await oauth.events("account.token_expiring").isEmpty)
    }

    @Test func theEndIsToldOnceForEachToken() async throws {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":7200}"#)
        let credential = try await oauth.connect()
        oauth.wire.fail(OutboundError(.connect_refused, "Nobody listens.", isBeforeEffect: true))
        for _ in 0..<20 {
            oauth.world.clock.advance(by: .seconds(450))
            try await tend(oauth)
        }
        let expiring = try await oauth.credential(credential.account.id).account
        #expect(expiring.status == .expiring)
        #expect(expiring.lastErrorCode == "platform_unreachable")
        let told = try await oauth.events("account.token_expiring")
        #expect(told.count == 1)
        #expect(told.first?["data"]?["expiresAt"]?.string == expiring.tokenExpiresAt?.description)
        oauth.wire.fail(nil)
        oauth.world.clock.advance(by: .seconds(900))
        try await tend(oauth)
        #expect(try await oauth.credential(credential.account.id).account.status == .active)
        #expect(try await oauth.events("account.connected").count == 1)
    }

    @Test func whatEndsAndCannotBeRenewedWaitsForAPerson() async throws {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":864000}"#)
        oauth.wire.edit { request, answer in request.url.hasSuffix("/oauth/token") ? answer.without("refresh_token") : answer }
        let credential = try await oauth.connect()
        #expect(credential.tokens.refresh == nil)
        for _ in 0..<10 {
            oauth.world.clock.advance(by: .seconds(86_400))
            try await tend(oauth)
        }
        let account = try await oauth.credential(credential.account.id).account
        #expect(account.status == .needsReconnect)
        #expect(account.lastErrorCode == "token_expired")
        #expect(try await oauth.events("account.token_expiring").count == 1)
        #expect(try await oauth.events("account.disconnected").count == 1)
    }

    @Test func reconnectingKeepsARefreshTokenThatTheAnswerLacks() async throws {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":7200}"#)
        let first = try await oauth.connect()
        oauth.wire.edit { request, answer in request.url.hasSuffix("/oauth/token") ? answer.without("refresh_token") : answer }
        let second = try await oauth.connect(reconnect: first.account.id)
        #expect(second.account.id == first.account.id)
        #expect(second.tokens.access != first.tokens.access)
        #expect(second.tokens.refresh == first.tokens.refresh)
        #expect(second.generation == 2)
    }

    @Test func anAppThatTheInstanceForgotIsMadeAnew() async throws {
        let oauth = try await OAuthWorld()
        let (state, code) = try await oauth.agree()
        let made = { oauth.wire.requests.count { $0.url.hasSuffix("/api/v1/apps") } }
        #expect(made() == 1)
        oauth.wire.edit { request, answer in
            guard request.url.hasSuffix("/oauth/token") else { return answer }
            return OutboundResponse(status: 401, body: Array(#"{"error":"invalid_client"}"#.utf8))
        }
        await #expect(throws: APIError.self) { _ = try await oauth.connections.finish(state: state, code: code) }
        oauth.wire.edit { _, answer in answer }
        try await oauth.connect()
        #expect(made() == 2)
        try await oauth.connect()
        #expect(made() == 2)
    }

    @Test func aDisabledAccountThatIsRefusedIsLeftAlone() async throws {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":7200}"#)
        let account = try await oauth.connect().account
        _ = try await oauth.world.accounts.update(
            account.id, status: .disabled, token: nil, profile: nil, for: oauth.world.caller)
        oauth.world.clock.advance(by: .seconds(3600))
        try await tend(oauth)
        #expect(oauth.wire.renewals == 1)
        try await oauth.platform.setState(platform: .mastodon, key: "oauth-epoch:7", value: "1")
        for _ in 0..<3 {
            oauth.world.clock.advance(by: .seconds(3600))
            try await tend(oauth)
        }
        #expect(oauth.wire.renewals == 2)
        let refused = try await oauth.credential(account.id).account
        #expect(refused.status == .disabled)
        #expect(refused.lastErrorCode == "grant_refused")
        #expect(try await oauth.events("account.disconnected").count == 1)
    }

    @Test func followersAreRecordedWithoutANewVersion() async throws {
        let oauth = try await OAuthWorld()
        let account = try await oauth.connect().account
        let (accounts, organization) = (oauth.world.accounts, account.organizationID)
        try await accounts.engine.write { try accounts.recordFollowers(1234, of: account.id, in: organization, on: $0) }
        let present = try await oauth.credential(account.id).account
        #expect(present.followerCount == 1234)
        #expect(present.version == account.version)
    }
}

extension OutboundResponse {
    /// The JSON object without one of its members.
    func without(_ key: String) -> OutboundResponse {
        guard let members = (try? JSONValue(parsing: body))?.object else { return self }
        var other = self
        other.body = JSONValue.object(members.filter { $0.key != key }).bytes
        return other
    }
}
