import Core
import Features
import Outbound
import Platforms
import Publishing
import Relational
import Testing

/// Reading figures must never cost an account its right to publish without need.
@Suite(.serialized) struct ReadingTokenTests {
    private func renewable() async throws -> (OAuthWorld, AccountCredential) {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":7200}"#)
        return (oauth, try await oauth.connect())
    }

    private func insights(_ oauth: OAuthWorld) -> InsightStore {
        let world = oauth.world
        return InsightStore(
            engine: world.engine, ambient: world.ambient, outbox: world.posts.outbox, accounts: world.accounts)
    }

    private func reader(_ oauth: OAuthWorld) -> ConnectorInsights {
        let keeper = oauth.keeper()
        return ConnectorInsights(
            sessions: PlatformSessions(client: oauth.wire, sandbox: oauth.world.sandbox, ambient: oauth.world.ambient),
            account: { try await keeper.ready($0, in: $1) }, replace: { try await keeper.replace($0) })
    }

    /// Reads what is due of the account.
    private func read(_ credential: AccountCredential, of oauth: OAuthWorld) async throws {
        let (store, reader) = (insights(oauth), reader(oauth))
        for task in try await store.claim(limit: 32, lease: InsightStore.lease, reader: reader, busy: [:])
        where task.accountID == credential.account.id {
            try await store.record(await reader.read(task), of: task)
        }
    }

    @Test func aRefusedTokenIsRenewedBeforeTheAccountIsParked() async throws {
        let (oauth, credential) = try await renewable()
        let old = credential.tokens.access.reveal()
        // The platform forgot the token long before its end; the next one it takes.
        oauth.wire.edit { request, answer in
            request.bearer == old ? OutboundResponse(status: 401, body: Array(#"{"error":"x"}"#.utf8)) : answer
        }
        try await read(credential, of: oauth)
        #expect(oauth.wire.renewals == 1)
        #expect(try await oauth.credential(credential.account.id).account.status == .active)
        #expect(try await oauth.events("account.disconnected").isEmpty)
    }

    @Test func aRefusalSaysNothingOfATokenThatCameMeanwhile() async throws {
        let (oauth, credential) = try await renewable()
        let (store, reader) = (insights(oauth), reader(oauth))
        let tasks = try await store.claim(limit: 32, lease: InsightStore.lease, reader: reader, busy: [:])
        let task = try #require(tasks.first { $0.accountID == credential.account.id })
        var refused = InsightFailure(.token, "no")
        refused.generation = credential.generation
        // A person connects the account again while the answer to the old token is on its way.
        try await oauth.connect(reconnect: credential.account.id)
        try await store.record(.failed(refused), of: task)
        #expect(try await oauth.credential(credential.account.id).account.status == .active)
        #expect(try await oauth.events("account.disconnected").isEmpty)
    }

    @Test func aTokenThatMayOnlyPublishGoesOnPublishing() async throws {
        let (oauth, credential) = try await renewable()
        oauth.wire.edit { request, answer in
            guard request.bearer != nil else { return answer }
            let body = #"{"error":"This action is outside the authorized scopes"}"#
            return OutboundResponse(status: 403, body: Array(body.utf8))
        }
        try await read(credential, of: oauth)
        #expect(try await oauth.credential(credential.account.id).account.status == .active)
        let error = try await oauth.world.engine.read { connection in
            try connection.first(
                "SELECT last_error FROM account_watch WHERE social_account_id = \(credential.account.id)"
            ) { $0.text(0) }
        }
        #expect(error?.contains("allow reading") == true)
    }
}
