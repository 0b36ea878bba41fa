import Core
import Outbound
import Testing

@testable import Platforms

#if canImport(Glibc)
    import Glibc
#endif

/// What a simulator in a process of its own needs: one base for all platforms, a control API, a ledger that survives.
@Suite struct SimulatorProcessTests {
    private let clock = Ambient.fixed().1
    private let world: MemoryWorld
    private let router: SimulatorRouter

    init() {
        let clock = clock
        world = MemoryWorld(clock: { clock.now })
        router = SimulatorRouter(world: world)
    }

    private func ask(_ method: String, _ path: String, _ body: String = "") async throws -> (status: Int, json: JSONValue?) {
        guard case .answer(let response) = await router.respond(to: OutboundRequest(method, path, body: Array(body.utf8)))
        else {
            Issue.record("\(path) hangs")
            return (0, nil)
        }
        return (response.status, response.json)
    }

    private func session(_ platform: Platform) -> PlatformSession {
        let clock = clock
        return PlatformSession(
            baseURL: "http://127.0.0.1:4999/\(platform.rawValue)", externalID: "7", token: Secret("sandbox:7"),
            transport: SimulatorTransport(router), pause: { clock.advance(by: $0) }, now: { clock.now })
    }

    private func publish(_ platform: Platform, _ text: String = "Routed") async throws -> PublishOutcome {
        let connector = try #require(PlatformList.connector(for: platform))
        let post = Bench.post(text, pictures: 1, armedAt: clock.now)
        guard case .ready(let prepared) = await connector.prepare(post, on: session(platform)) else {
            return .failed(PublishFailure(.final, code: "unprepared", message: ""))
        }
        return await connector.publish(post, prepared: prepared, on: session(platform))
    }

    @Test func everyPlatformIsServedUnderItsNameAndTheLedgerShowsAll() async throws {
        for platform in platforms { #expect(try await publish(platform).postID != nil) }
        let ledger = try await ask("GET", "/__sim/ledger")
        let posts = try #require(ledger.json?["posts"]?.array)
        #expect(posts.compactMap { $0["platform"]?.string } == platforms.map(\.rawValue))
        #expect(
            posts.first?.object?.map(\.key) == ["platform", "id", "account", "text", "mediaCount", "permalink", "createdAt"])
        #expect(posts.first?["text"]?.string == "Routed")
        #expect(posts.first?["mediaCount"]?.int == 1)

        #expect(try await ask("DELETE", "/__sim/ledger").status == 204)
        #expect(try await ask("GET", "http://127.0.0.1:4999/__sim/ledger").json?["posts"]?.array == [])
    }

    @Test(arguments: platforms)
    func aFaultIsArmedOverTheControlAPI(platform: Platform) async throws {
        let body =
            #"{"platform":"\#(platform.rawValue)","account":"7","step":"publish","mode":"timeout_after_effect","count":2}"#
        #expect(try await ask("POST", "/__sim/faults", body).status == 201)
        for _ in 0..<2 { #expect(try await publish(platform).failure?.failureClass == .ambiguous) }
        // The second try has the same key: Mastodon shows one post, the others have no key.
        #expect(world.posts.count == (platform == .mastodon ? 1 : 2))
        clock.advance(by: .seconds(3601))
        #expect(try await publish(platform).postID != nil)

        #expect(try await ask("POST", "/__sim/faults", body).status == 201)
        #expect(try await ask("DELETE", "/__sim/faults").status == 204)
        #expect(try await publish(platform, "Unharmed").postID != nil)
    }

    @Test(arguments: [
        ("nonsense", 400), ("[]", 400), ("{}", 422), (#"{"platform":"tiktok","step":"publish","mode":"status"}"#, 422),
        (#"{"platform":"mastodon","step":"other","mode":"status"}"#, 422),
        (#"{"platform":"mastodon","step":"publish","mode":"other"}"#, 422),
        (#"{"platform":"mastodon","step":"publish","mode":"status","status":200}"#, 422),
        (#"{"platform":"mastodon","step":"publish","mode":"status","count":0}"#, 422),
        (#"{"platform":"mastodon","step":"publish","mode":"status","status":503,"count":3}"#, 201),
    ])
    func faultsThatMakeNoSenseAreRefused(body: String, status: Int) async throws {
        let answer = try await ask("POST", "/__sim/faults", body)
        #expect(answer.status == status)
        #expect((answer.json?["error"]?.string != nil) == (status >= 400))
    }

    @Test func otherRoutesAnswerForThemselves() async throws {
        #expect(try await ask("GET", "/__sim/livez").status == 200)
        #expect(try await ask("GET", "/__sim/nothing").status == 404)
        #expect(try await ask("GET", "/tiktok/v2/x").status == 404)
        #expect(try await ask("GET", "/").status == 404)
        #expect(try await ask("GET", "/mastodon").status == 401)
        #expect(try await ask("GET", "/mastodon/api/v1/accounts/verify_credentials").status == 401)
    }

    @Test func aHangIsSaidAsOne() async throws {
        world.arm(SimulatedFault(mode: .timeoutBeforeEffect), platform: .mastodon, step: "read")
        let request = OutboundRequest(
            "GET", "/mastodon/api/v1/accounts/verify_credentials", headers: [("authorization", "Bearer x")])
        guard case .hang = await router.respond(to: request) else {
            Issue.record("no hang")
            return
        }
    }

    private func temporaryPath() throws -> String {
        var template = Array("/tmp/audenci-ledger-XXXXXX".utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        try #require(descriptor >= 0)
        close(descriptor)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func lines(_ path: String) throws -> [[UInt8]] { try LedgerFile(path: path).lines() }

    @Test(arguments: platforms)
    func aWorldWithALedgerSurvivesItsProcess(platform: Platform) async throws {
        let path = try temporaryPath()
        defer { for file in [path, path + ".state"] { unlink(file) } }
        let connector = try #require(PlatformList.connector(for: platform))
        let simulator = try #require(PlatformList.simulator(for: platform))
        let clock = clock
        func world() throws -> MemoryWorld { try MemoryWorld(now: { clock.now }, ledgerPath: path) }
        func session(_ world: MemoryWorld) -> PlatformSession {
            Bench.session(platform, SimulatorTransport(simulator, world: world), clock: clock)
        }
        let post = Bench.post("Survives", pictures: 2, armedAt: clock.now)

        // Prepared before the first restart, published before the second, with its answer lost.
        guard case .ready(let prepared) = await connector.prepare(post, on: session(try world())) else {
            Issue.record("not prepared")
            return
        }
        let second = try world()
        second.arm(SimulatedFault(mode: .timeoutAfterEffect), platform: platform, step: "publish")
        _ = await connector.publish(post, prepared: prepared, on: session(second))
        #expect(try lines(path).count == 1)

        let third = try world()
        #expect(third.posts.map(\.text) == ["Survives"])
        #expect(await connector.reconcile(post, prepared: prepared, on: session(third)).postID == third.posts.first?.id)
        let other = await connector.publish(
            Bench.post("Other", pictures: 2, armedAt: clock.now), prepared: .init(handles: []), on: session(third))
        // The key is known (Mastodon), the container is not there (Instagram), a text alone is taken (Facebook).
        switch platform {
        case .mastodon: #expect(other.postID == third.posts.first?.id)
        case .facebook: #expect(other.postID != third.posts.first?.id)
        default: #expect(other.failure != nil)
        }
        #expect(Set(third.posts.map(\.id)).count == third.posts.count)
    }

    @Test func aLineThatACrashCutOffIsNoPost() async throws {
        let path = try temporaryPath()
        defer { for file in [path, path + ".state"] { unlink(file) } }
        func show(_ world: MemoryWorld, _ text: String) async throws {
            _ = try await world.show(
                VisiblePost(
                    platform: .mastodon, id: world.newID(), account: "a", text: text, mediaCount: 0,
                    permalink: "https://a.example",
                    createdAt: world.now()), key: text)
        }
        try await show(try MemoryWorld(ledgerPath: path), "whole \n\"line\"")
        do {
            let file = try #require(fopen(path, "a"))
            fputs(#"{"platform":"mastodon","id":"9","acc"#, file)
            fclose(file)
        }
        let world = try MemoryWorld(ledgerPath: path)
        #expect(world.posts.map(\.text) == ["whole \n\"line\""])
        try await show(world, "next")
        try await show(world, "next")
        #expect(try lines(path).count == 2)
        #expect(try MemoryWorld(ledgerPath: path).posts.count == 2)

        try world.removePosts()
        #expect(try lines(path).isEmpty)
        #expect(try MemoryWorld(ledgerPath: path).posts.isEmpty)
    }

    @Test func aLedgerThatIsNoneIsRefused() throws {
        let path = try temporaryPath()
        defer { unlink(path) }
        let file = try #require(fopen(path, "a"))
        fputs("something else\n", file)
        fclose(file)
        #expect(throws: LedgerFile.Failure.self) { try MemoryWorld(ledgerPath: path) }
        #expect(throws: LedgerFile.Failure.self) { try MemoryWorld(ledgerPath: "/nonexistent/ledger") }
    }
}
