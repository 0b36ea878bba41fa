import Core
import Outbound
import Testing

@testable import Generation

#if canImport(Glibc)
    import Glibc
#endif

private let modelURL = getenv("AUDENCI_TEST_SMOLLM2").map { String(cString: $0) }

/// The client against a real model: SmolLM2 of 135 million parameters in llama.cpp's own server, both from PyPI.
/// `script/with-smollm2 swift test --filter SmolLM2Tests` starts it; without it these tests do not run.
///
/// What so small a model writes is poor, and often not what was asked. So these tests claim shape, limits and labels only:
/// either its answer passes every check, or the result is the template's and says why.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: modelURL != nil)) struct SmolLM2Tests {
    private let transport: RecordingTransport
    private let configuration: ProviderConfiguration
    private let remote: OpenAICompatibleGenerator
    /// As the server puts it together.
    private let generator: FallbackGenerator

    init() throws {
        let base = try #require(modelURL)
        let authority = String(base.dropFirst("http://".count))
        let client = try GuardedClient(
            policy: AddressPolicy(allow: try OutboundAllowList(authority), allowsPlainHTTP: true), trustsSystem: false)
        transport = RecordingTransport(client)
        configuration = ProviderConfiguration(baseURL: base + "/v1", textModel: "smollm2", imageModel: "smollm2")
        remote = OpenAICompatibleGenerator(configuration, transport: transport)
        generator = FallbackGenerator(remote, or: OfflineGenerator())
    }

    private func captionRequest(_ topic: String, _ platforms: [Platform], variants: Int = 2) throws -> CaptionRequest {
        var request = CaptionRequest(brand: try makeRequest().brand, topic: topic, platforms: platforms, variants: variants)
        request.history = ["Fresh from the oven #bread"]
        return request
    }

    private func planRequest(posts: Int = 3) throws -> PlanRequest {
        try makeRequest(from: "2026-03-02", to: "2026-03-08", posts: posts)
    }

    /// Who wrote, and what the first note must then say.
    private func checkLabel(_ provider: String, _ notes: [String]) throws {
        let first = try #require(notes.first)
        switch provider {
        case "openai-compatible (smollm2)": #expect(first.hasPrefix("Written by a model"))
        case OfflineGenerator.name:
            #expect(first.hasPrefix("openai-compatible (smollm2) failed, so this is from offline-template."))
        default: Issue.record("provider \(provider)")
        }
    }

    /// The server took our schema, and held the model to it wherever the answer is whole.
    private func checkExchanges(_ counts: ClosedRange<Int> = 1...2) throws {
        let exchanges = transport.exchanges
        #expect(counts.contains(exchanges.count))
        for exchange in exchanges {
            #expect(exchange.status == 200, "\(exchange.answer?.text ?? "not JSON")")
            let schema = try #require(exchange.schema)
            guard exchange.isWhole else { continue }
            let answer = try JSONValue(parsing: Array(try #require(exchange.content).utf8))
            #expect(SchemaCheck.issues(of: answer, against: schema) == [])
        }
    }

    @Test(arguments: ["Our new rye bread", "Opening hours in winter", "The sourdough workshop"])
    func captionsFitTheirPlatformsOrAreTheTemplates(_ topic: String) async throws {
        let request = try captionRequest(topic, [.x, .mastodon])
        let proposal = try await generator.captions(request)
        #expect(proposal.variants.map(\.platform) == [.x, .x, .mastodon, .mastodon])
        let banned = BannedWords(request.brand.bannedWords)
        for variant in proposal.variants {
            let limits = PlatformLimits.standard(for: variant.platform)
            #expect(limits.fits(variant.caption) && variant.hashtags.count <= limits.hashtags && !variant.caption.isEmpty)
            #expect(banned.first(in: variant.caption) == nil)
        }
        try checkLabel(proposal.provider, proposal.notes)
        try checkExchanges()
    }

    @Test func captionsForEveryPlatformAtOnceAreASchemaThatItTakes() async throws {
        let proposal = try await generator.captions(try captionRequest("Rye", Platform.allCases, variants: 1))
        #expect(proposal.variants.map(\.platform) == Platform.allCases)
        try checkLabel(proposal.provider, proposal.notes)
        try checkExchanges()
    }

    @Test func aWeeksPlanIsWhatWasAskedForOrTheTemplates() async throws {
        let request = try planRequest()
        let plan = try await generator.plan(request)
        #expect(try #require(PlanCheck(request)).issues(of: plan.items) == [])
        try checkLabel(plan.provider, plan.notes)
        try checkExchanges()
    }

    @Test func aRevisionKeepsThePlansRulesOrIsTheTemplates() async throws {
        let request = try planRequest()
        let draft = PlanProposal(items: try OfflinePlanner(request).items(), provider: OfflineGenerator.name)
        let revision = try await generator.revise(draft, of: request, as: "No posts on weekends")
        #expect(try #require(PlanCheck(request)).issues(of: revision.proposal.items, checksTotals: false) == [])
        try checkLabel(revision.proposal.provider, revision.proposal.notes)
        try checkExchanges()
    }

    @Test func whatNoAnswerCanMeetIsRepairedOnceAndThenAnError() async throws {
        var request = try captionRequest("Rye", [.x])
        // An empty caption is refused, and so is one that is longer than nothing.
        request.limits = [.x: PlatformLimits(captionLength: 0, hashtags: 0)]
        let wish = request
        let found = await issue { () async throws(GenerationIssue) in try await remote.captions(wish) }
        switch try #require(found) {
        case .wrongAnswer(let reasons): #expect(!reasons.isEmpty && transport.exchanges.count == 2)
        case .cutOff, .timedOut: break
        default: Issue.record("\(String(describing: found))")
        }
        try checkExchanges(0...2)
    }

    @Test func moreThanItsContextHoldsIsSaidAndLeftToTheTemplates() async throws {
        var request = try captionRequest("Rye", [.x])
        request.brand.dos = (0..<100).map { "\($0): " + String(repeating: "Name the mill and the farmer. ", count: 16) }
        let wish = request
        let found = await issue { () async throws(GenerationIssue) in try await remote.captions(wish) }
        guard case .rejected(400, let said?) = found else { Issue.record("\(String(describing: found))"); return }
        #expect(said.contains("context"))
        let proposal = try await generator.captions(request)
        #expect(proposal.provider == OfflineGenerator.name && proposal.notes.first?.contains("context") == true)
    }

    @Test func hangingUpAtTheDeadlineFreesTheServer() async throws {
        var hurried = configuration
        hurried.deadline = .milliseconds(400)
        let request = try captionRequest("Our new rye bread", Platform.allCases, variants: 10)
        let slow = OpenAICompatibleGenerator(hurried, transport: transport)
        let found = await issue { () async throws(GenerationIssue) in try await slow.captions(request) }
        #expect(found == .timedOut(.milliseconds(400)))
        // There is one slot: were it still writing the 140 captions, another question would wait for it.
        let next: JSONValue = ["max_tokens": 1, "messages": [["role": "user", "content": "Hello"]]]
        let answer = try await transport.send(
            OutboundRequest(
                "POST", configuration.baseURL + "/chat/completions", headers: [("Content-Type", "application/json")],
                body: next.bytes, deadline: .seconds(10)))
        #expect(answer.status == 200)
    }

    @Test func hashtagsAreTheBrandsAndItIsNotAsked() async throws {
        let request = HashtagRequest(brand: try makeRequest().brand, text: "Rye bread", history: ["Fresh #bread"])
        let proposal = try await generator.hashtags(request)
        #expect(proposal.provider == OfflineGenerator.name && proposal.hashtags.contains("#bread"))
        #expect(transport.exchanges.isEmpty)
    }

    @Test func picturesItDoesNotMakeAndThatIsSaid() async throws {
        let found = await issue { () async throws(GenerationIssue) in try await remote.images(ImageRequest(prompt: "Bread")) }
        #expect(found == .notFound(model: "smollm2"))
    }
}
