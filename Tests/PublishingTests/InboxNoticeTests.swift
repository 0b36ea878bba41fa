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
}
