import Core
import Outbound
import TestSupport
import Testing

@testable import Generation

private let key = "sk-secret-0123456789abcdef"

/// The client for OpenAI's API against a real server over TLS that says whatever it likes.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RemoteTests {
    private func generator(_ receiver: TestReceiver, deadline: Duration = .seconds(30)) throws -> OpenAICompatibleGenerator {
        var configuration = ProviderConfiguration(
            baseURL: receiver.baseURL + "/v1", key: Secret(key), textModel: "small", imageModel: "painter")
        configuration.deadline = deadline
        configuration.imageDeadline = deadline
        return OpenAICompatibleGenerator(configuration, transport: try makeClient(receiver))
    }

    /// What a model would answer that keeps the draft it was shown, with other words.
    private static func answer(_ request: TestReceiver.Received, change: (inout [JSONValue]) -> Void = { _ in }) -> TestAnswer {
        let body = try? JSONValue(parsing: request.body)
        let data = body?["messages"]?[1]?["content"]?.string.flatMap { try? JSONValue(parsing: $0) }
        var rows = (data?["draft"] ?? data?["plan"])?.array ?? []
        rows = rows.enumerated().map { number, row in
            let members = (row.object ?? []).filter { $0.key != "topic" && $0.key != "caption" }
            return .object(
                members + [
                    .init("topic", .string("Topic \(number)")), .init("caption", .string("Words for it, number \(number).")),
                    .init("rationale", "Because."),
                ])
        }
        change(&rows)
        return chat(
            JSONValue.object([
                .init("items", .array(rows)), .init("applied", ["Done."]), .init("notUnderstood", []),
            ]).text)
    }

    private static func chat(_ content: String, finish: String = "stop") -> TestAnswer {
        let message: JSONValue = ["role": "assistant", "content": .string(content)]
        let choice: JSONValue = ["index": 0, "message": message, "finish_reason": .string(finish)]
        return .status(200, bytes: (["choices": [choice]] as JSONValue).bytes)
    }

    @Test func aGoodAnswerBecomesThePlanAndTheRequestIsStrict() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer { Self.answer($0) }
        let request = try makeRequest()
        let plan = try await generator(receiver).plan(request)
        #expect(plan.provider == "openai-compatible (small)")
        #expect(try #require(PlanCheck(request)).issues(of: plan.items) == [])
        #expect(plan.items.first?.topic == "Topic 0")
        let sent = try #require(receiver.requests.first)
        #expect(receiver.requests.count == 1)
        #expect(sent.target == "/v1/chat/completions" && sent.method == "POST")
        #expect(sent.header("authorization") == "Bearer \(key)")
        let body = try JSONValue(parsing: sent.body)
        #expect(body["response_format"]?["type"]?.string == "json_schema")
        #expect(body["response_format"]?["json_schema"]?["strict"]?.bool == true)
        let schema = body["response_format"]?["json_schema"]?["schema"]
        #expect(schema?["additionalProperties"]?.bool == false)
        let item = schema?["properties"]?["items"]?["items"]
        #expect(item?["required"]?.array?.count == item?["properties"]?.object?.count)
        #expect(!sent.text.contains(key))
        await receiver.stop()
    }

    @Test func theModelIsToldEveryWordThatItsAnswerIsJudgedBy() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer { Self.answer($0) }
        var request = try makeRequest()
        // As many as a brand may have.
        request.brand.bannedWords = (1...200).map { "unwanted\($0)x" }
        _ = try await generator(receiver).plan(request)
        let sent = try #require(receiver.requests.first).text
        #expect(request.brand.bannedWords.filter { !sent.contains($0) } == [])
        await receiver.stop()
    }

    @Test func aWrongAnswerIsRepairedOnceWithItsIssuesQuoted() async throws {
        let receiver = try await TestReceiver.start()
        let request = try makeRequest()
        receiver.answer { received in
            let isRepair = received.text.contains("Your answer does not fit")
            return Self.answer(received) { rows in if !isRepair { rows.removeLast() } }
        }
        let plan = try await generator(receiver).plan(request)
        #expect(plan.items.count == 20)
        #expect(receiver.requests.count == 2)
        #expect(receiver.requests.last?.text.contains("There are 19 posts, not 20.") == true)
        await receiver.stop()
    }

    @Test(arguments: [
        "date=2026-02-01", "date=2026-03-99", "hour=25", "platforms=tiktok", "platforms=myspace", "contentType=OPERA",
        "pillar=pillar-9", "caption=", "caption=A cheap trick", "topic=5", "minute=1e300",
    ])
    func whatWasNotAskedForIsRefused(_ change: String) async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer { received in
            Self.answer(received) { rows in
                guard let first = rows.first?.object else { return }
                let pair = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let value: JSONValue =
                    pair[0] == "platforms" ? [.string(pair[1])] : Double(pair[1]).map { .double($0) } ?? .string(pair[1])
                rows[0] = .object(first.map { $0.key == pair[0] ? .init(pair[0], value) : $0 })
            }
        }
        let request = try makeRequest()
        let generator = try generator(receiver)
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
        guard case .wrongAnswer(let reasons) = found else { Issue.record("\(String(describing: found))"); return }
        #expect(!reasons.isEmpty)
        #expect(receiver.requests.count == 2)
        await receiver.stop()
    }

    static let faults: [(String, TestAnswer, GenerationIssue)] = [
        ("not JSON", .status(200, body: "<html>hello</html>"), .notJSON),
        ("nothing", .status(200), .notJSON),
        (
            "another schema", .status(200, body: #"{"ok":true}"#),
            .wrongAnswer(["It has no choices, so it is no chat completion."])
        ),
        ("10 MB", .status(200, bytes: [0x7B] + Array(repeating: 0x20, count: 10_000_000)), .tooLarge(limit: 1_048_576)),
        ("no end", .endless, .tooLarge(limit: 1_048_576)),
        ("429", .status(429, headers: [("Retry-After", "7")], body: "{}"), .rateLimited(retryAfter: .seconds(7))),
        ("429 without a time", .status(429, headers: [("Retry-After", "soon")]), .rateLimited(retryAfter: nil)),
        ("401 with the key", .status(401, body: #"{"error":{"message":"Bad key \#(key)"}}"#), .unauthorized(status: 401)),
        (
            "400 with the key", .status(400, body: #"{"error":{"message":"Bad key sk-secret-01***"}}"#),
            .rejected(status: 400, nil)
        ),
        ("500", .status(500, body: #"{"error":{"message":"Out of\r\nmemory"}}"#), .rejected(status: 500, "Out of  memory")),
        ("Ollama's 500", .status(500, body: #"{"error":"no model loaded"}"#), .rejected(status: 500, "no model loaded")),
        ("404", .status(404), .notFound(model: "small")),
        ("redirect", .status(302, headers: [("Location", "https://example.com/")]), .rejected(status: 302, nil)),
        ("cut off", chat("{\"items\":[", finish: "length"), .cutOff),
        ("filtered", chat("", finish: "content_filter"), .refused),
        (
            "refusal",
            .status(200, body: #"{"choices":[{"message":{"refusal":"No.","content":null},"finish_reason":"stop"}]}"#),
            .refused
        ),
    ]

    @Test(arguments: faults.indices) func everyFaultHasAName(_ index: Int) async throws {
        let (name, answer, expected) = Self.faults[index]
        let receiver = try await TestReceiver.start()
        receiver.answer(with: answer)
        let request = try makeRequest()
        let generator = try generator(receiver)
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
        #expect(found == expected, "\(name)")
        #expect(receiver.requests.count == 1, "\(name)")
        #expect(
            found?.description.contains("sk-secret") == false && "\(String(reflecting: found))".contains("sk-secret") == false)
        await receiver.stop()
    }

    @Test func whoHangsIsGivenUp() async throws {
        let receiver = try await TestReceiver.start()
        let request = try makeRequest()
        for answer in [TestAnswer.hang, .drip()] {
            receiver.answer(with: answer)
            let generator = try generator(receiver, deadline: .milliseconds(700))
            let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
            #expect(found == .timedOut(.milliseconds(700)))
        }
        await receiver.stop()
    }

    @Test func whoHangsAtTheRepairDidNotAnswerWithinTheWholeTime() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer { received in
            let isRepair = received.text.contains("Your answer does not fit")
            return isRepair ? .hang : Self.chat("{}").delayed(by: .milliseconds(300))
        }
        let request = try makeRequest()
        let generator = try generator(receiver, deadline: .seconds(2))
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
        #expect(found == .timedOut(.seconds(2)))
        #expect(receiver.requests.count == 2)
        await receiver.stop()
    }

    @Test func aCancelledRequestIsNoFaultOfTheProvider() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .hang)
        let request = try makeRequest()
        let generator = FallbackGenerator(try generator(receiver), or: OfflineGenerator())
        let task = Task { await issue { () async throws(GenerationIssue) in try await generator.plan(request) } }
        try await receiver.waitForRequests(1)
        task.cancel()
        #expect(await task.value == .cancelled)
        await receiver.stop()
    }

    @Test func whoCannotBeReachedIsSaid() async throws {
        let receiver = try await TestReceiver.start()
        let generator = try generator(receiver)
        let request = try makeRequest()
        await receiver.stop()
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
        guard case .unreachable = found else { Issue.record("\(String(describing: found))"); return }
        #expect(found?.description.contains(key) == false)
    }

    @Test func theCallerMayFallBackAndTheResultSaysSo() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(429, headers: [("Retry-After", "7")]))
        let request = try makeRequest()
        let generator = FallbackGenerator(try generator(receiver), or: OfflineGenerator())
        let plan = try await generator.plan(request)
        #expect(plan.provider == "offline-template")
        #expect(plan.notes.first?.contains("Try again in 7 s") == true)
        let offline = try await OfflineGenerator().plan(request)
        #expect(plan.items == offline.items)
        var unmeetable = request
        unmeetable.totalPosts = 0
        let wrong = unmeetable
        let asked = receiver.requests.count
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(wrong) }
        #expect(found == .invalidRequest(["A plan has 1 to 1000 posts, not 0."]))
        #expect(receiver.requests.count == asked)
        await receiver.stop()
    }

    @Test func aChangeByTemplatesLeavesAModelsWordsUnderTheModelsName() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(500))
        let request = try makeRequest()
        var plan = try await OfflineGenerator().plan(request)
        plan.provider = "openai-compatible (large)"
        plan.notes = ["Written by a model."]
        let generator = FallbackGenerator(try generator(receiver), or: OfflineGenerator())
        for _ in 0..<3 {
            let revision = try await generator.revise(plan, of: request, as: "more video")
            #expect(revision.proposal.provider == "openai-compatible (large)" && revision.provider == "offline-template")
            plan = revision.proposal
        }
        #expect(plan.notes.count == 2 && plan.notes.last == "Written by a model.", "\(plan.notes)")
        await receiver.stop()
    }

    @Test func anInstructionGoesToTheModelWithThePlan() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer { received in Self.answer(received) { rows in rows.removeLast() } }
        let request = try makeRequest()
        let plan = try await OfflineGenerator().plan(request)
        let revision = try await generator(receiver).revise(plan, of: request, as: "Drop the last one")
        #expect(revision.proposal.items.count == 19)
        #expect(revision.applied == ["Done."])
        #expect(receiver.requests.first?.text.contains("Drop the last one") == true)
        await receiver.stop()
    }

    @Test func whatAModelLeavesAsItWasIsTheSameInEveryPart() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer { received in
            let body = try? JSONValue(parsing: received.body)
            let data = body?["messages"]?[1]?["content"]?.string.flatMap { try? JSONValue(parsing: $0) }
            // As models do: the posts are copied, and each gets a new reason, for the form demands one.
            let rows = (data?["plan"]?.array ?? []).map { row -> JSONValue in
                .object((row.object ?? []) + [.init("rationale", "Because.")])
            }
            let answer: [JSONValue.Member] = [
                .init("items", .array(Array(rows.dropLast()))), .init("applied", []), .init("notUnderstood", []),
            ]
            return Self.chat(JSONValue.object(answer).text)
        }
        let request = try makeRequest()
        var plan = try await OfflineGenerator().plan(request)
        // Written by a person, who may use any word, at any second.
        plan.items[0].caption = "Our cheap bread\n"
        plan.items[1].scheduledFor = plan.items[1].scheduledFor + .seconds(20)
        plan.items[2].scheduledFor = plan.items[3].scheduledFor
        let revision = try await generator(receiver).revise(plan, of: request, as: "Drop the last one")
        #expect(revision.proposal.items == Array(plan.items.dropLast()))
        #expect(receiver.requests.count == 1)
        await receiver.stop()
    }

    /// A small model that is held to the schema adds posts for as long as the schema lets it.
    @Test func aRevisionMayAddPostsButNotMultiplyThem() async throws {
        let receiver = try await TestReceiver.start()
        let request = try makeRequest(posts: 2)
        let plan = try await OfflineGenerator().plan(request)
        let generator = try generator(receiver)
        func answer(with count: Int) {
            receiver.answer { received in
                Self.answer(received) { rows in
                    let first = rows[0].object ?? []
                    rows = (0..<count).map { number in
                        .object(first.map { $0.key == "minute" ? .init("minute", .int(Int64(number))) : $0 })
                    }
                }
            }
        }
        answer(with: 14)
        let revision = try await generator.revise(plan, of: request, as: "More of it")
        #expect(revision.proposal.items.count == 14)
        let sent = try JSONValue(parsing: try #require(receiver.requests.first).body)
        let schema = sent["response_format"]?["json_schema"]?["schema"]?["properties"]?["items"]
        #expect(schema?["minItems"]?.int == 1 && schema?["maxItems"]?.int == 14)
        answer(with: 15)
        let found = await issue { () async throws(GenerationIssue) in
            try await generator.revise(plan, of: request, as: "More of it")
        }
        #expect(found == .wrongAnswer(["There are 15 posts; a change of 2 may make 1 to 14."]))
        await receiver.stop()
    }

    @Test func captionsAreCheckedForEachPlatform() async throws {
        let receiver = try await TestReceiver.start()
        let request = CaptionRequest(brand: try makeRequest().brand, topic: "Rye", platforms: [.x, .mastodon], variants: 2)
        let long = String(repeating: "long ", count: 60)
        receiver.answer(
            with: Self.chat((["x": ["One", .string(long)], "mastodon": ["Two", "Two"]] as JSONValue).text),
            Self.chat("```json\n" + (["x": ["One", "Other #rye"], "mastodon": ["Two", "Three"]] as JSONValue).text + "\n```"))
        let proposal = try await generator(receiver).captions(request)
        #expect(proposal.variants.map(\.caption) == ["One", "Other #rye", "Two", "Three"])
        #expect(proposal.variants[1].hashtags == ["#rye"])
        #expect(receiver.requests.count == 2)
        await receiver.stop()
    }
}
