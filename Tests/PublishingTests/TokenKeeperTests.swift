import Contract
import Core
import Features
import Outbound
import Platforms
import Publishing
import Relational
import Synchronization
import TestSupport
import Testing

@Suite(.serialized) struct TokenKeeperTests {
    private static let lost = OutboundError(.connect_refused, "Nobody listens.", isBeforeEffect: true)

    private func renewable(_ life: Int = 7200) async throws -> (OAuthWorld, AccountCredential) {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":\#(life)}"#)
        let credential = try await oauth.connect()
        #expect(credential.tokens.refresh != nil)
        return (oauth, credential)
    }

    // MARK: Single flight

    @Test func sixteenWhoRenewAtOnceSendOneRequest() async throws {
        let (oauth, credential) = try await renewable()
        // Two keepers know nothing of each other, as two processes.
        let keepers = [oauth.keeper(), oauth.keeper()]
        let tokens = try await withThrowingTaskGroup(of: Secret?.self) { group in
            for number in 0..<16 {
                group.addTask {
                    guard case .renewed(let renewed) = try await keepers[number % 2].renew(credential) else { return nil }
                    return renewed.tokens.access
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(oauth.wire.renewals == 1)
        #expect(tokens.count == 16)
        #expect(Set(tokens).count == 1)
        let present = try await oauth.credential(credential.account.id)
        #expect(tokens.first == present.tokens.access)
        #expect(present.generation == credential.generation + 1)
        #expect(present.account.status == .active)
    }

    @Test func whoComesLateWithOldTokensGetsTheNewOnes() async throws {
        let (oauth, credential) = try await renewable()
        _ = try await oauth.keeper().renew(credential)
        guard case .renewed(let renewed) = try await oauth.keeper().renew(credential) else {
            Issue.record("not renewed")
            return
        }
        #expect(renewed.generation == 2)
        #expect(oauth.wire.renewals == 1)
    }

    @Test func theLeaseOfADeadProcessEnds() async throws {
        let (oauth, credential) = try await renewable()
        let accounts = oauth.world.accounts
        func begins() async throws -> Bool {
            if case .begun = try await accounts.beginRenewal(of: credential, lease: .seconds(90)) { true } else { false }
        }
        #expect(try await begins())
        #expect(try await !begins())
        oauth.world.clock.advance(by: .seconds(91))
        #expect(try await begins())
    }

    // MARK: Durable before use

    @Test func aNewTokenIsInTheDatabaseBeforeItIsSent() async throws {
        let (oauth, credential) = try await renewable()
        oauth.world.clock.advance(by: .seconds(7200))
        let known = Mutex<[Bool]>([])
        let (accounts, account) = (oauth.world.accounts, credential.account)
        oauth.wire.look { request in
            guard let bearer = request.bearer else { return }
            let stored = try? await accounts.credential(account.id, in: account.organizationID)
            known.withLock { $0.append(stored?.tokens.access.reveal() == bearer) }
        }
        let checked = try await oauth.keeper().check(account.id, in: account.organizationID)
        #expect(checked?.status == .active)
        let seen = known.withLock { $0 }
        #expect(!seen.isEmpty)
        #expect(!seen.contains(false))
    }

    @Test func aCrashBetweenAnswerAndUseKeepsTheNewToken() async throws {
        let (oauth, credential) = try await renewable()
        // The second write keeps the tokens; the process dies right after it is durable.
        let dying = CrashingEngine(oauth.world.engine, killedAtWrite: 2, .afterWrite)
        let doomed = try await oauth.world.through(dying)
        await #expect(throws: CrashingEngine.Killed.self) {
            _ = try await doomed.tokens(client: oauth.wire).renew(credential)
        }
        let present = try await oauth.credential(credential.account.id)
        #expect(present.generation == 2)
        let account = present.account
        #expect(try await oauth.keeper().check(account.id, in: account.organizationID)?.status == .active)
        #expect(oauth.wire.renewals == 1)
    }

    @Test func aBusyDatabaseDoesNotLoseTheNewToken() async throws {
        let (oauth, credential) = try await renewable()
        let stumbling = StumblingEngine(oauth.world.engine, failing: 2...3)
        let world = try await oauth.world.through(stumbling)
        guard case .renewed(let renewed) = try await world.tokens(client: oauth.wire).renew(credential) else {
            Issue.record("not renewed")
            return
        }
        #expect(renewed.generation == 2)
        #expect(oauth.wire.renewals == 1)
    }

    @Test func aDisconnectedAccountTakesNoNewToken() async throws {
        let (oauth, credential) = try await renewable()
        let accounts = oauth.world.accounts
        guard case .begun = try await accounts.beginRenewal(of: credential, lease: .seconds(90)) else {
            Issue.record("not begun")
            return
        }
        try await accounts.disconnect(credential.account.id, for: oauth.world.caller)
        #expect(try await accounts.finishRenewal(of: credential, with: credential.tokens) == nil)
        let present = try await oauth.credential(credential.account.id)
        #expect(present.tokens.access == Secret(""))
        #expect(present.tokens.refresh == nil)
    }

    // MARK: Outcomes

    @Test func aRefusedRenewalParksTheAccount() async throws {
        let (oauth, credential) = try await renewable()
        oauth.world.clock.advance(by: .seconds(7200))
        try await oauth.platform.setState(platform: .mastodon, key: "oauth-epoch:7", value: "1")
        let account = credential.account
        guard case .ready(let usable) = try await oauth.keeper().credential(account.id, in: account.organizationID) else {
            Issue.record("no credential")
            return
        }
        #expect(usable.account.status == .needsReconnect)
        #expect(usable.account.lastErrorCode == "grant_refused")
        let told = try await oauth.events("account.disconnected")
        #expect(told.count == 1)
        #expect(told.first?["data"]?["status"]?.string == "NEEDS_RECONNECT")
        #expect(told.first?["data"]?["reason"]?.string == usable.account.lastError)
        #expect(try await oauth.world.accounts.nextCheck().map { $0 > oauth.world.clock.now } ?? true)
    }

    @Test func aPlatformThatIsAwayParksNothing() async throws {
        let (oauth, credential) = try await renewable()
        let account = credential.account
        oauth.wire.fail(Self.lost)
        oauth.world.clock.advance(by: .seconds(7150))
        // Not over yet: the old token is still good.
        guard case .ready(let old) = try await oauth.keeper().credential(account.id, in: account.organizationID) else {
            Issue.record("no credential")
            return
        }
        #expect(old.generation == 1)
        oauth.world.clock.advance(by: .seconds(51))
        guard case .notNow(let failure) = try await oauth.keeper().credential(account.id, in: account.organizationID) else {
            Issue.record("usable")
            return
        }
        #expect(failure.code == "platform_unreachable")
        let waiting = try await oauth.credential(account.id).account
        #expect(waiting.status == .active)
        #expect(waiting.lastErrorCode == "platform_unreachable")
        #expect(try await oauth.events("account.disconnected").isEmpty)
        oauth.wire.fail(nil)
        guard case .ready(let new) = try await oauth.keeper().credential(account.id, in: account.organizationID) else {
            Issue.record("no credential")
            return
        }
        #expect(new.generation == 2)
        #expect(new.account.lastErrorCode == nil)
    }

    @Test func publishingRenewsWhatHasEnded() async throws {
        let (oauth, credential) = try await renewable()
        var input = PostInput()
        input.brandID = oauth.world.organization.brandID
        input.caption = "After the end"
        input.platforms = [.mastodon]
        input.accountIDs = .set([credential.account.id])
        input.scheduledFor = .set(oauth.world.clock.now + .seconds(8000))
        input.status = .scheduled
        let post = try await oauth.world.posts.create(input, for: oauth.world.caller)
        try await oauth.world.drain(oauth.world.publisher(client: oauth.wire))
        #expect(try await oauth.world.posts.get(post.id, for: oauth.world.caller).status == .published)
        #expect(oauth.platform.posts.map(\.text) == ["After the end"])
        #expect(oauth.wire.renewals == 1)
    }

    @Test func aRefusedTokenIsTriedOnceMoreWithANewOne() async throws {
        let (oauth, credential) = try await renewable()
        let old = credential.tokens.access.reveal()
        // The platform forgot the token long before its end.
        oauth.wire.edit { request, answer in
            request.bearer == old ? OutboundResponse(status: 401, body: Array(#"{"error":"x"}"#.utf8)) : answer
        }
        var input = PostInput()
        input.brandID = oauth.world.organization.brandID
        input.caption = "Once"
        input.platforms = [.mastodon]
        input.accountIDs = .set([credential.account.id])
        input.scheduledFor = .set(oauth.world.clock.now + .seconds(60))
        input.status = .scheduled
        let post = try await oauth.world.posts.create(input, for: oauth.world.caller)
        try await oauth.world.drain(oauth.world.publisher(client: oauth.wire))
        #expect(try await oauth.world.posts.get(post.id, for: oauth.world.caller).status == .published)
        #expect(oauth.wire.renewals == 1)
        #expect(try await oauth.credential(credential.account.id).account.status == .active)
    }
}

/// Fails at some of its writes, and goes on.
final class StumblingEngine: RelationalEngine {
    private let base: any RelationalEngine
    private let failing: ClosedRange<Int>
    private let writes = Mutex(0)

    init(_ base: any RelationalEngine, failing: ClosedRange<Int>) {
        self.base = base
        self.failing = failing
    }

    var dialect: Dialect { base.dialect }
    func read<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value {
        try await base.read(body)
    }
    func readByKey<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws
        -> Value
    {
        try await base.readByKey(body)
    }
    func write<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value {
        let number = writes.withLock { count in
            count += 1
            return count
        }
        if failing.contains(number) { throw RelationalError.busy }
        return try await base.write(body)
    }
    func close() async {}
}
