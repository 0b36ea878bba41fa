import Contract
import Core
import Outbound
import Platforms
import Publishing
import Relational
import Testing

@testable import Features

/// An account is the same one wherever its platform's API moves, and no other one's.
@Suite(.serialized) struct ReconnectTests {
    /// An account that was connected by our app while Graph was at another path: the operator has set a newer version since.
    private func atAnOlderVersion() async throws -> (oauth: OAuthWorld, AccountCredential) {
        let oauth = try await OAuthWorld()
        let world = oauth.world
        var account = try await InboxWorld(world).account(.facebook)
        account.id = world.ambient.newID()
        account.isSandbox = false
        account.externalID = "71"
        account.baseURL = "https://graph.example/v24.0"
        let real = account
        let tokens = AccountTokens(
            access: Secret("p1"), refresh: Secret("u1"), issuedAt: world.clock.now,
            refreshExpiresAt: world.clock.now + .seconds(86_400), clientID: "meta-app")
        try await world.engine.write { try world.accounts.insert(real, tokens: tokens, on: $0) }
        oauth.wire.edit { request, _ in
            request.url.contains("/me/accounts")
                ? AnsweringPlatform.json(#"{"data":[{"id":"71","name":"Acme","access_token":"p2"}]}"#)
                : AnsweringPlatform.json(#"{"access_token":"u2","token_type":"bearer","expires_in":5184000}"#)
        }
        return (oauth, try await oauth.credential(account.id))
    }

    private func input(_ oauth: OAuthWorld, reconnect: SocialAccountID? = nil) -> ConnectionInput {
        var input = ConnectionInput()
        input.brandID = oauth.world.organization.brandID
        input.reconnect = reconnect
        return input
    }

    @Test func aNewerVersionOfGraphRenewsWhatAnOlderOneGave() async throws {
        let (oauth, credential) = try await atAnOlderVersion()
        guard case .renewed(let renewed) = try await oauth.keeper().renew(credential) else {
            Issue.record("not renewed")
            return
        }
        #expect(renewed.tokens.access == Secret("p2"))
    }

    @Test(arguments: [true, false])
    func anAccountThatIsConnectedAgainAtANewerVersionKeepsItsId(isSaid: Bool) async throws {
        let (oauth, credential) = try await atAnOlderVersion()
        let id = credential.account.id
        let start = try await oauth.connections.start(
            "facebook", input(oauth, reconnect: isSaid ? id : nil), for: oauth.world.caller)
        guard
            case .connected(let accounts, _, _) = try await oauth.connections.finish(
                state: start.state.reveal(), code: Secret("code"))
        else {
            Issue.record("not connected")
            return
        }
        #expect(accounts.map(\.id) == [id])
        let present = try await oauth.credential(id)
        #expect(present.tokens.access == Secret("p2"))
        #expect(present.account.baseURL == "https://graph.example/facebook")
    }

    /// Instances count their accounts by themselves: the same number elsewhere is somebody else.
    @Test func anAccountIsNotReconnectedAtAnotherInstance() async throws {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7"}"#)
        let credential = try await oauth.connect()
        var asked = input(oauth, reconnect: credential.account.id)
        asked.baseURL = "https://elsewhere.example"
        let elsewhere = asked
        await #expect(throws: APIError.self) {
            _ = try await oauth.connections.start("mastodon", elsewhere, for: oauth.world.caller)
        }
        asked.baseURL = "HTTPS://Social.example/"
        let same = asked
        _ = try await oauth.connections.start("mastodon", same, for: oauth.world.caller)
    }
}
