import Core
import Outbound
import Testing

@testable import Platforms

@Suite struct InsightsTests {
    private static func numbers<Numbers>(_ outcome: InsightsOutcome<Numbers>) throws -> Numbers {
        switch outcome {
        case .numbers(let numbers): return numbers
        case .failed(let failure): throw failure
        }
    }

    private func insights(_ platform: Platform) throws -> any InsightsConnector {
        try #require(PlatformList.connector(for: platform) as? any InsightsConnector)
    }

    /// Publishes a post through the connector; its id.
    private func publish(_ bench: Bench) async throws -> String {
        let request = bench.post()
        let prepared = try await bench.prepare(request)
        return try #require(await bench.connector.publish(request, prepared: prepared, on: bench.session).postID)
    }

    @Test(arguments: platforms)
    func aPostsNumbersGrowTheSameWayEachTime(platform: Platform) async throws {
        let bench = try Bench(platform)
        let connector = try insights(platform)
        let id = try await publish(bench)
        var last: Int64 = -1
        for _ in 0..<4 {
            let metrics = try Self.numbers(await connector.metrics(ofPost: id, on: bench.session))
            let likes = try #require(metrics[.likes])
            #expect(likes >= last)
            #expect(metrics == (try Self.numbers(await connector.metrics(ofPost: id, on: bench.session))))
            last = likes
            bench.clock.advance(by: .seconds(86_400))
        }
        #expect(last > 5)
    }

    @Test(arguments: platforms)
    func whatIsInjectedIsRead(platform: Platform) async throws {
        let bench = try Bench(platform)
        let connector = try insights(platform)
        let id = try await publish(bench)
        let router = SimulatorRouter(world: bench.world)
        func set(_ json: JSONValue) async -> Int? {
            let request = OutboundRequest("POST", "/__sim/accounts", body: json.bytes)
            guard case .answer(let answer) = await router.respond(to: request) else { return nil }
            return answer.status
        }
        let name = JSONValue.string(platform.rawValue)
        let account = JSONValue.string(Bench.account)
        #expect(
            await set([
                "platform": name, "account": account, "followerCount": 1003,
                "metrics": ["likes": 40, "comments": 3, "shares": 2],
            ]) == 204)
        #expect(await set(["platform": name, "account": account, "metrics": .object([.init(id, ["comments": 5])])]) == 204)
        let metrics = try Self.numbers(await connector.metrics(ofPost: id, on: bench.session))
        #expect(metrics[.likes] == 40)
        #expect(metrics[.comments] == 5)
        #expect(metrics[.shares] == 2)
        #expect(metrics[.videoViews] == nil)
        #expect(try Self.numbers(await connector.counts(on: bench.session)).followers == 1003)
        #expect(await set(["platform": name, "account": account, "metrics": ["hearts": 1]]) == 422)
        #expect(await set(["platform": name, "account": account, "followerCount": -1]) == 422)
        #expect(await set(["platform": "myspace", "account": account]) == 422)
    }

    @Test(arguments: platforms)
    func othersPostsAndLostTokensHaveNone(platform: Platform) async throws {
        let bench = try Bench(platform)
        let connector = try insights(platform)
        guard case .failed(let missing) = await connector.metrics(ofPost: "404", on: bench.session) else {
            throw Bench.Missing(platform: platform)
        }
        #expect(missing.failureClass == .final)
        let revoked = Bench.session(platform, bench.wire, token: "revoked", clock: bench.clock)
        guard case .failed(let refused) = await connector.counts(on: revoked) else { throw Bench.Missing(platform: platform) }
        #expect(refused.failureClass == .auth)
        bench.world.arm(SimulatedFault(mode: .rateLimit), platform: platform, step: "read")
        guard case .failed(let limited) = await connector.counts(on: bench.session) else {
            throw Bench.Missing(platform: platform)
        }
        #expect(limited.failureClass == .beforeEffect)
        #expect((limited.retryAfter ?? .zero) > .zero)
    }

    /// Numbers that make no sense are numbers that were not reported, whatever else is in the answer.
    @Test(arguments: [
        #"{"id":"1","favourites_count":-5,"replies_count":"12","reblogs_count":1e300,"data":[{"name":"likes"}]}"#,
        #"{"id":"1","favourites_count":null,"replies_count":[1],"data":[{"name":"reach","values":[]}]}"#,
        #"{"id":"1","data":[1,null,{"name":"likes","values":[{"value":-1}]},{"name":"reach","total_value":{"value":2.5}}]}"#,
    ])
    func nonsenseIsNotReported(answer: String) async throws {
        for platform in platforms {
            let session = Bench.session(platform, Answering(Array(answer.utf8)))
            let metrics = try Self.numbers(await insights(platform).metrics(ofPost: "1", on: session))
            #expect(metrics[.likes] == nil)
            #expect(metrics[.comments] == nil)
            #expect(metrics[.reach] == nil)
        }
    }

    /// Pages without insights, or tokens without the right to them: what the post's own fields say is known all the same.
    @Test func aPageWithoutInsightsHasTheRest() async throws {
        let fields = #"{"id":"1","reactions":{"summary":{"total_count":9}},"comments":{"summary":{"total_count":2}}}"#
        let refused = ScriptedTransport(
            .json(fields), .json(#"{"error":{"code":10,"message":"no permission"}}"#, status: 400))
        let outcome = try await insights(.facebook).metrics(ofPost: "1", on: Bench.session(.facebook, refused))
        let metrics = try Self.numbers(outcome)
        #expect(metrics == Metrics([(.likes, 9), (.comments, 2), (.shares, 0)]))
        // What may work later is asked for again, and a token that ended is no page without insights.
        for (code, expected) in [(2, PublishFailure.Class.beforeEffect), (4, .beforeEffect), (190, .auth)] {
            let failing = ScriptedTransport(.json(fields), .json(#"{"error":{"code":\#(code),"message":"x"}}"#, status: 400))
            let outcome = try await insights(.facebook).metrics(ofPost: "1", on: Bench.session(.facebook, failing))
            guard case .failed(let failure) = outcome else { throw Bench.Missing(platform: .facebook) }
            #expect(failure.failureClass == expected)
        }
    }

    @Test(arguments: ["", "null", "[]", "7", "\"x\"", "{", #"{"id":"2"}"#])
    func whatIsNoAnswerIsAFailure(answer: String) async throws {
        for platform in platforms {
            let session = Bench.session(platform, Answering(Array(answer.utf8)))
            let outcome = try await insights(platform).metrics(ofPost: "1", on: session)
            guard case .failed(let failure) = outcome else { throw Bench.Missing(platform: platform) }
            #expect(failure.failureClass == .beforeEffect)
        }
    }
}

/// Answers everything the same.
private struct Answering: Transport {
    let body: [UInt8]
    init(_ body: [UInt8]) { self.body = body }
    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        OutboundResponse(status: 200, headers: [("Content-Type", "application/json")], body: body)
    }
}
