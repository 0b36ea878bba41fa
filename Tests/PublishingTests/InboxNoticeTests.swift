import Core
import Features
import Platforms
import Publishing
import Testing

/// Who hears of what Meta's webhooks bring.
@Suite(.serialized) struct InboxNoticeTests {
    private func comment(_ id: String, of page: String) -> String {
        #"{"object":"page","entry":[{"id":"\#(page)","time":1,"changes":[{"field":"feed","value":{"item":"comment","#
            + #""verb":"add","comment_id":"\#(id)","post_id":"\#(page)_1","from":{"id":"9","name":"jane"},"#
            + #""message":"Nice","created_time":1770114600}}]}]}"#
    }

    /// Whoever connects an account by its token says where its platform is, and a platform of one's own says that one is
    /// any page: what the true one tells of that page is none of their business.
    @Test func anAccountAtAnAddressOfItsOwnHearsNothingOfANamesakeAtThePlatform() async throws {
        let world = try await InboxWorld()
        let page = try await world.connect(.facebook, as: "71")
        let older = try await world.connect(.facebook, as: "71", at: "https://graph.facebook.com/v24.0")
        let elsewhere = [
            "https://graph.example/v25.0", "http://graph.facebook.com/v25.0", "https://graph.facebook.com:8443/v25.0",
            "https://graph.facebook.com.example/v25.0",
        ]
        for address in elsewhere { _ = try await world.connect(.facebook, as: "71", at: address) }
        try await world.inbox.keep(notice: comment("1_2", of: "71"))
        let worker = world.worker(client: AnsweringPlatform { _ in AnsweringPlatform.json(#"{"data":[]}"#) })
        for job in try await worker.claim(.notices, limit: 10) { await worker.run(job) }
        #expect(Set(try await world.items().map(\.accountID)) == [page.id, older.id])
    }

    /// Instagram tells of mentions in words by webhook alone: what comes while an account waits for its person is kept, and
    /// what has to be looked up is looked up when there is a token again.
    @Test func whatComesWhileAnAccountNeedsReconnectingIsNotLost() async throws {
        let world = try await InboxWorld()
        let account = try await world.account(.instagram)
        let mention = try await world.mention("Look at @acme", .instagram)
        try await world.world.arm("token_revoked", step: "read", on: .instagram)
        try await world.work()
        #expect(try await world.account(.instagram).status == .needsReconnect)
        #expect(try await world.items().isEmpty)
        try await world.inbox.keep(
            notice: #"{"object":"instagram","entry":[{"id":"\#(account.externalID)","time":1,"changes":[{"field":"mentions","#
                + #""value":{"media_id":"\#(mention.id)"}}]}]}"#)
        let worker = world.worker()
        for job in try await worker.claim(.notices, limit: 10) { await worker.run(job) }
        let next = try #require(try await world.inbox.nextNotice())
        _ = try await world.world.accounts.update(
            account.id, status: nil, token: Secret("sandbox:\(account.externalID)"), profile: nil, for: world.world.caller)
        world.world.clock.set(next)
        for job in try await worker.claim(.notices, limit: 10) { await worker.run(job) }
        #expect(try await world.items().map(\.text) == ["Look at @acme"])
    }
}
