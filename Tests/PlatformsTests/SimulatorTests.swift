import Core
import Outbound
import Testing

@testable import Platforms

#if canImport(Glibc)
    import Glibc
#endif

/// What the simulators promise of themselves: the platforms' rules, the world, the router.
@Suite struct SimulatorTests {
    private func send(
        _ bench: Bench, _ method: String, _ path: String, form: [(name: String, value: String)] = []
    ) async throws -> (status: Int, json: JSONValue) {
        let response = try await bench.wire.send(
            OutboundRequest(
                method, "https://graph.example/v25.0" + path,
                headers: [("Authorization", "Bearer sandbox:\(Bench.account)"), ("Content-Type", FormEncoding.contentType)],
                body: Array(FormEncoding.encode(form).utf8)))
        return (response.status, try JSONValue(parsing: response.body))
    }

    private func container(_ bench: Bench) async throws -> String {
        let made = try await send(bench, "POST", "/\(Bench.account)/media", form: [("image_url", "https://a.example/x.jpg")])
        return try #require(made.json["id"]?.string)
    }

    @Test func aContainerIsInProgressForOnePollThenFinishedThenPublishedOnce() async throws {
        let bench = try Bench(.instagram)
        let id = try await container(bench)
        func state() async throws -> String? {
            try await send(bench, "GET", "/\(id)?fields=status_code").json["status_code"]?.string
        }
        func publish() async throws -> (status: Int, json: JSONValue) {
            try await send(bench, "POST", "/\(Bench.account)/media_publish", form: [("creation_id", id)])
        }
        #expect(try await publish().json["error"]?["error_subcode"]?.int == 2_207_027)
        #expect(try await state() == "IN_PROGRESS")
        #expect(try await state() == "FINISHED")
        #expect(bench.world.posts.isEmpty)
        let published = try await publish()
        #expect(published.json["id"]?.string == bench.world.posts.first?.id)
        #expect(try await state() == "PUBLISHED")
        #expect(try await publish().json["error"]?["code"]?.int == 9007)
        #expect(bench.world.posts.count == 1)
    }

    @Test func aContainerExpiresAfterADay() async throws {
        let bench = try Bench(.instagram)
        let id = try await container(bench)
        _ = try await send(bench, "GET", "/\(id)?fields=status_code")
        bench.clock.advance(by: .seconds(86_401))
        #expect(try await send(bench, "GET", "/\(id)?fields=status_code").json["status_code"]?.string == "EXPIRED")
        let published = try await send(bench, "POST", "/\(Bench.account)/media_publish", form: [("creation_id", id)])
        #expect(published.json["error"]?["error_subcode"]?.int == 2_207_020)
    }

    @Test(arguments: [
        [("image_url", "ftp://a.example/x.jpg")], [("image_url", "https:///x.jpg")], [("image_url", "https://a.example/x.png")],
        [],
        [("media_type", "CAROUSEL"), ("children", "1")], [("media_type", "CAROUSEL"), ("children", "1,2")],
        [("image_url", "https://a.example/x.jpg"), ("caption", String(repeating: "a", count: 2201))],
    ])
    func instagramRefusesWhatItCannotUse(form: [(String, String)]) async throws {
        let bench = try Bench(.instagram)
        let answer = try await send(bench, "POST", "/\(Bench.account)/media", form: form.map { (name: $0.0, value: $0.1) })
        #expect(answer.status == 400)
        #expect(answer.json["error"]?["code"]?.int != nil)
    }

    @Test(arguments: [Platform.instagram, .facebook])
    func aTokenReachesOnlyItsOwnAccount(platform: Platform) async throws {
        let bench = try Bench(platform)
        try await bench.showForeign("Mine")
        let mine = try #require(bench.world.posts.first)
        let other = Bench.session(platform, bench.wire, token: "sandbox:42", clock: bench.clock)
        #expect(await bench.connector.prepare(bench.post(), on: other).failure?.code == "not_found")
        #expect(await bench.connector.verify(on: other).failure?.code == "not_found")
        let looked = try await GraphAPI(session: other, platform: platform).failure { (graph) async throws(PublishFailure) in
            _ = try await graph.get(mine.id, fields: "id")
        }
        #expect(looked?.code == "not_found")
    }

    @Test(arguments: platforms)
    func aTokenThatNamesNoAccountActsForTheOneInThePath(platform: Platform) async throws {
        let bench = try Bench(platform, token: "any-token")
        let post = bench.post()
        let outcome = await bench.connector.publish(post, prepared: try await bench.prepare(post), on: bench.session)
        #expect(outcome.postID != nil)
        #expect(outcome.permalink != nil)
        #expect(bench.world.posts.first?.account.contains("any-token") == false)
        #expect(await bench.connector.reconcile(post, prepared: .init(handles: []), on: bench.session).kind != "unreachable")
        #expect(await bench.connector.verify(on: bench.session).failure == nil)
    }

    @Test func aLargePictureIsProcessedFirst() async throws {
        let bench = try Bench(.mastodon)
        var post = bench.post()
        post.media = [Bench.picture(0, size: 1_048_577)]
        let prepared = try await bench.prepare(post)
        #expect(bench.wire.requests.map(\.method) == ["POST", "GET", "GET"])
        #expect(await bench.connector.publish(post, prepared: prepared, on: bench.session).postID != nil)
    }

    @Test func anUploadBelongsToOneStatusOfItsOwner() async throws {
        let bench = try Bench(.mastodon)
        var post = bench.post()
        let prepared = try await bench.prepare(post)
        let other = Bench.session(.mastodon, bench.wire, token: "sandbox:42", clock: bench.clock)
        #expect(await bench.connector.publish(post, prepared: prepared, on: other).failure?.code == "content_rejected")
        #expect(await bench.connector.publish(post, prepared: prepared, on: bench.session).postID != nil)
        post.idempotencyKey = "key-2"
        #expect(await bench.connector.publish(post, prepared: prepared, on: bench.session).failure?.code == "content_rejected")
    }

    @Test func faultsAreMetOnceInOrderByTheAccountTheyAreFor() async throws {
        let world = try Bench(.mastodon).world
        world.arm(SimulatedFault(mode: .status, status: 500), platform: .mastodon, account: "a", step: "publish", count: 2)
        world.arm(SimulatedFault(mode: .rateLimit), platform: .mastodon, step: "publish")
        func take(_ account: String, _ step: String = "publish") async throws -> SimulatedFault.Mode? {
            try await world.takeFault(platform: .mastodon, account: account, step: step)?.mode
        }
        #expect(try await take("a", "read") == nil)
        #expect(try await take("a") == .status)
        #expect(try await take("b") == .rateLimit)
        #expect(try await take("b") == nil)
        #expect(try await take("a") == .status)
        #expect(try await take("a") == nil)
    }

    @Test func concurrentRequestsWithOneKeyShowOnePost() async throws {
        let bench = try Bench(.mastodon)
        let post = bench.post(pictures: 0)
        let ids = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<50 {
                group.addTask { await bench.connector.publish(post, prepared: .init(), on: bench.session).postID }
            }
            return await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
        }
        #expect(ids.count == 1)
        #expect(bench.world.posts.count == 1)
    }
}

extension GraphAPI {
    fileprivate func failure(of ask: (GraphAPI) async throws(PublishFailure) -> Void) async throws -> PublishFailure? {
        do throws(PublishFailure) {
            try await ask(self)
            return nil
        } catch {
            return error
        }
    }
}
