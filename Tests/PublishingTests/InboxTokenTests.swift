import Core
import Features
import Outbound
import Platforms
import Publishing
import Testing

/// A refused token is no reason to park an account, or to fail a reply, while there is a newer one or one to be had.
@Suite(.serialized) struct InboxTokenTests {
    private func renewable() async throws -> (oauth: OAuthWorld, inbox: InboxWorld, AccountCredential) {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7","expiresIn":7200}"#)
        let credential = try await oauth.connect()
        let inbox = InboxWorld(oauth.world)
        try await inbox.inbox.enlist()
        return (oauth, inbox, credential)
    }

    /// The platform forgets a token long before its end.
    private func forget(_ credential: AccountCredential, on oauth: OAuthWorld) {
        let old = credential.tokens.access.reveal()
        oauth.wire.edit { request, answer in
            request.bearer == old ? AnsweringPlatform.json(#"{"error":"x"}"#, status: 401) : answer
        }
    }

    @Test func aLookWhoseTokenIsRefusedGoesOnWithANewOne() async throws {
        let (oauth, inbox, credential) = try await renewable()
        forget(credential, on: oauth)
        _ = try await oauth.platform.add(
            Remark(by: "joe", text: "Hi", about: "7", on: .mastodon, in: oauth.platform), key: nil)
        let worker = inbox.worker(client: oauth.wire)
        try await inbox.work(worker)
        let account = try await oauth.credential(credential.account.id).account
        #expect(account.status == .active)
        #expect(oauth.wire.renewals == 1)
        #expect(try await oauth.events("account.disconnected").isEmpty)
        let next = try #require(try await inbox.inbox.nextPoll(.mastodon))
        oauth.world.clock.set(next)
        try await inbox.work(worker)
        #expect(try await inbox.items().map(\.text) == ["Hi"])
        #expect(oauth.wire.renewals == 1)
    }

    @Test func aTokenThatIsRefusedAfterItWasReplacedParksNothing() async throws {
        let oauth = try await OAuthWorld()
        try await oauth.person(#"{"account":"7"}"#)
        let credential = try await oauth.connect()
        let inbox = InboxWorld(oauth.world)
        try await inbox.inbox.enlist()
        forget(credential, on: oauth)
        let (accounts, caller, id) = (oauth.world.accounts, oauth.world.caller, credential.account.id)
        // The person reconnects while the old token is on its way.
        oauth.wire.look { request in
            guard request.url.contains("/notifications") else { return }
            _ = try? await accounts.update(id, status: nil, token: Secret("new"), profile: nil, for: caller)
        }
        let worker = inbox.worker(client: oauth.wire)
        for job in try await worker.claim(.mastodon, limit: 1) { await worker.run(job) }
        #expect(try await oauth.credential(id).account.status == .active)
        #expect(try await oauth.events("account.disconnected").isEmpty)
    }

    @Test func aReplyWhoseTokenIsRefusedIsSentWithANewOne() async throws {
        let (oauth, inbox, credential) = try await renewable()
        _ = try await oauth.platform.add(
            Remark(by: "joe", text: "Hi", about: "7", on: .mastodon, in: oauth.platform), key: nil)
        let worker = inbox.worker(client: oauth.wire)
        try await inbox.work(worker)
        let item = try #require(try await inbox.items().first)
        forget(credential, on: oauth)
        _ = try await inbox.answer(item)
        try await inbox.settleReplies(worker)
        let replies = try await inbox.inbox.get(item.id, for: oauth.world.caller).replies
        #expect(replies.map(\.state) == [.sent])
        #expect(oauth.wire.renewals == 1)
        let own = try await oauth.platform.remarks(platform: .mastodon, account: "7", limit: 10).filter(\.isOwn)
        #expect(own.map(\.id) == replies.map(\.platformID))
    }
}
