import Core
import Outbound
import Testing

@testable import Generation

#if canImport(Glibc)
    import Glibc
#endif

private let mockURL = getenv("AUDENCI_TEST_LLMOCK").map { String(cString: $0) }

/// The client against llmock (PyPI), a server that speaks OpenAI's API and that none of us wrote.
/// `script/with-llmock swift test --filter LLMockTests` starts one; without it these tests do not run.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: mockURL != nil)) struct LLMockTests {
    private let base: String
    private let client: GuardedClient
    private let generator: OpenAICompatibleGenerator

    init() throws {
        base = try #require(mockURL)
        let authority = String(base.dropFirst("http://".count))
        client = try GuardedClient(
            policy: AddressPolicy(allow: try OutboundAllowList(authority), allowsPlainHTTP: true), trustsSystem: false)
        let configuration = ProviderConfiguration(
            baseURL: base + "/v1", key: Secret("sk-anything"), textModel: "gpt-4o-mini", imageModel: "dall-e-3")
        generator = OpenAICompatibleGenerator(configuration, transport: client)
    }

    /// Queues what the server does next.
    private func script(_ behaviors: JSONValue...) async throws {
        let reset = try await client.send(OutboundRequest("POST", base + "/_llmock/reset"))
        #expect((200..<300).contains(reset.status))
        guard !behaviors.isEmpty else { return }
        let answer = try await client.send(
            OutboundRequest(
                "POST", base + "/_llmock/scenario", headers: [("Content-Type", "application/json")],
                body: (["behaviors": .array(behaviors)] as JSONValue).bytes))
        #expect(answer.status == 201)
    }

    private func onePost() throws -> PlanRequest {
        var request = try makeRequest(posts: 1)
        request.pillars = []
        return request
    }

    @Test func anAnswerMadeFromOurSchemaAlonePasses() async throws {
        try await script()
        let plan = try await generator.plan(try onePost())
        #expect(plan.items.map(\.topic) == ["mock-topic"])
        #expect(plan.provider == "openai-compatible (gpt-4o-mini)")
        let request = CaptionRequest(brand: BrandVoice(name: "Linden"), topic: "Rye", platforms: [.x, .mastodon], variants: 1)
        #expect(try await generator.captions(request).variants.count == 2)
    }

    @Test func limitsAreReportedWithTheirWait() async throws {
        try await script(["type": "fail", "status": 429, "retry_after": 2])
        let request = try onePost()
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
        #expect(found == .rateLimited(retryAfter: .seconds(2)))
    }

    @Test(arguments: [400, 500, 503] as [Int64]) func refusalsAreReportedWithTheirStatus(_ status: Int64) async throws {
        try await script(["type": "fail", "status": .int(status)])
        let request = try onePost()
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
        guard case .rejected(Int(status), _) = found else { Issue.record("\(String(describing: found))"); return }
    }

    @Test func nonsenseIsRepairedOnceAndThenAnError() async throws {
        try await script(["type": "reply", "text": "I would love to help!"])
        #expect(try await generator.plan(try onePost()).items.count == 1)
        try await script(["type": "reply", "text": "Sure!", "times": 2])
        let request = try onePost()
        let found = await issue { () async throws(GenerationIssue) in try await generator.plan(request) }
        guard case .wrongAnswer = found else { Issue.record("\(String(describing: found))"); return }
        // Two posts made from the schema alone are at the same minute, which no schema can say.
        try await script()
        let two = try makeRequest(posts: 2)
        #expect(await issue { () async throws(GenerationIssue) in try await generator.plan(two) }?.allowsFallback == true)
    }

    @Test func slownessEndsAtTheDeadline() async throws {
        try await script(["type": "delay", "seconds": 20])
        var configuration = ProviderConfiguration(baseURL: base + "/v1", textModel: "gpt-4o-mini")
        configuration.deadline = .milliseconds(500)
        let slow = OpenAICompatibleGenerator(configuration, transport: client)
        let request = try onePost()
        let found = await issue { () async throws(GenerationIssue) in try await slow.plan(request) }
        #expect(found == .timedOut(.milliseconds(500)))
    }

    @Test func itsPicturesAreJudgedByTheirBytes() async throws {
        try await script()
        let found = await issue { () async throws(GenerationIssue) in try await generator.images(ImageRequest(prompt: "Bread"))
        }
        // Its pictures are SVG, which is what a client must not take.
        #expect(found == .notAnImage("it is neither PNG, JPEG nor WebP."))
    }
}
