import Core
import Foundation
import Outbound
import Testing

@testable import Platforms

/// What strangers write in the simulator's process: by its control API, kept in a file, told by its webhook.
@Suite struct RemarkTests {
    private let clock = Ambient.fixed().1

    private func world(_ path: String? = nil) throws -> MemoryWorld {
        let clock = clock
        return try MemoryWorld(now: { clock.now }, ledgerPath: path)
    }

    private func show(_ platform: Platform, in world: MemoryWorld) async throws {
        _ = try await world.show(
            VisiblePost(
                platform: platform, id: "1_5", account: "1", text: "Hi", mediaCount: 0, permalink: "https://a.example",
                createdAt: clock.now), key: nil)
    }

    private func ask(_ router: SimulatorRouter, _ path: String, _ body: String) async -> OutboundResponse {
        let request = OutboundRequest("POST", path, body: Array(body.utf8))
        guard case .answer(let response) = await router.respond(to: request) else { return OutboundResponse(status: 0) }
        return response
    }

    @Test(arguments: [
        ("/__sim/comments", "nonsense", 400), ("/__sim/comments", "[]", 400), ("/__sim/comments", "{}", 422),
        ("/__sim/comments", #"{"platform":"tiktok","postId":"1_5","author":"a","text":"b"}"#, 422),
        ("/__sim/comments", #"{"platform":"facebook","postId":"9","author":"a","text":"b"}"#, 422),
        ("/__sim/comments", #"{"platform":"facebook","postId":"1_5","author":"","text":"b"}"#, 422),
        ("/__sim/comments", #"{"platform":"facebook","postId":"1_5","author":"a"}"#, 422),
        ("/__sim/mentions", #"{"platform":"facebook","author":"a","text":"b"}"#, 422),
        ("/__sim/comments", #"{"platform":"facebook","postId":"1_5","author":"a","text":"b"}"#, 201),
        ("/__sim/mentions", #"{"platform":"mastodon","account":"7","author":"a","text":"b"}"#, 201),
    ])
    func theControlAPITakesRemarksOrSaysWhatIsWrong(path: String, body: String, status: Int) async throws {
        let world = try world()
        try await show(.facebook, in: world)
        let response = await ask(SimulatorRouter(world: world), path, body)
        #expect(response.status == status)
        #expect(world.remarks.count == (status == 201 ? 1 : 0))
    }

    @Test func remarksOutliveTheirProcessWithWhatBecameOfThem() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/audenci-remarks-\(UUID().uuidString)"
        let first = try world(path)
        try await show(.facebook, in: first)
        let post = try #require(first.posts.first)
        let remark = try await first.add(Remark(by: "jane", text: "a\n\"b\"", under: post, in: first), key: "k")
        let again = try await first.add(Remark(by: "joe", text: "c", under: post, in: first), key: "k")
        #expect(again == remark)
        #expect(try await first.setHidden(true, platform: .facebook, remark: remark.id))

        let second = try world(path)
        var hidden = remark
        hidden.isHidden = true
        #expect(second.remarks == [hidden])
        #expect(try await second.add(remark, key: "k") == hidden)
        #expect(second.newID() > remark.id.split(separator: "_").last ?? "")
    }

    @Test(arguments: [Platform.facebook, .instagram])
    func theWebhookSaysWhatMetaWouldSay(platform: Platform) async throws {
        let world = try world()
        try await show(platform, in: world)
        let transport = ScriptedTransport(.json("ok"), .json("no", status: 403))
        let webhook = SimulatedWebhook(
            callback: "https://app.example/webhooks/meta", appSecret: Secret("s"), transport: transport)
        let router = SimulatorRouter(world: world, webhook: webhook)
        let name = platform.rawValue
        let comment = await ask(
            router, "/__sim/comments", #"{"platform":"\#(name)","postId":"1_5","author":"jane","text":"Hi"}"#)
        let mention = await ask(
            router, "/__sim/mentions", #"{"platform":"\#(name)","account":"1","author":"joe","text":"@acme"}"#)
        #expect(comment.header("X-Webhook-Status") == "200")
        #expect(mention.header("X-Webhook-Status") == "403")
        for request in transport.requests {
            let signature = "sha256=" + Signature.audenci(body: request.body, secret: Secret("s"))
            #expect(request.header("X-Hub-Signature-256") == signature)
        }
        let notices = transport.requests.flatMap { MetaNotice.parse($0.body) ?? [] }
        #expect(notices.map(\.accountID) == ["1", "1"])
        #expect(notices.first?.message?.id == world.remarks.first?.id)
        #expect(notices.first?.message?.text == "Hi")
        #expect(notices.first?.postID == "1_5")
        #expect(notices.last?.postID == world.remarks.last?.id)
        #expect(notices.last?.message == nil)
    }
}
