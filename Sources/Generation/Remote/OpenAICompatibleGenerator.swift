import Core
package import Outbound

/// Plans, captions, hashtags and pictures from a model behind OpenAI's API: OpenAI, Ollama, vLLM, llama.cpp.
///
/// What the model says is checked against what was asked, once repaired, and otherwise an error: nothing half right gets
/// through. It never waits for a limit to pass; ``GenerationIssue/rateLimited(retryAfter:)`` tells the caller how long.
package struct OpenAICompatibleGenerator: Generator, ImageGenerator {
    private let configuration: ProviderConfiguration
    private let transport: any Transport
    private let chat: ChatClient

    package init(_ configuration: ProviderConfiguration, transport: any Transport) {
        self.configuration = configuration
        self.transport = transport
        chat = ChatClient(configuration, transport: transport)
    }

    package var provider: String { configuration.provider(configuration.textModel) }

    package func plan(_ request: PlanRequest) async throws(GenerationIssue) -> PlanProposal {
        // The offline plan is the draft: a small model then only has to write, not to count.
        let draft = try OfflinePlanner(request).items()
        let form = try PlanForm(request)
        let items = try await chat.ask(form.question(draft: draft)) { form.items(from: $0) }
        return PlanProposal(items: items, provider: provider, notes: Self.notes)
    }

    package func revise(
        _ proposal: PlanProposal, of request: PlanRequest, as instruction: String
    ) async throws(GenerationIssue) -> PlanRevision {
        guard (1...2_000).contains(instruction.count) else {
            throw .invalidRequest(["An instruction has 1 to 2000 characters."])
        }
        let form = try PlanForm(request)
        return try await chat.ask(form.question(revising: proposal.items, as: instruction)) { [provider] answer in
            switch form.items(from: answer, revising: proposal.items) {
            case .wrong(let issues): return .wrong(issues)
            case .fits(let items):
                let changed = PlanProposal(items: items, provider: provider, notes: Self.notes)
                return .fits(
                    PlanRevision(
                        proposal: changed, provider: provider, applied: Self.sentences(answer["applied"]),
                        notUnderstood: Self.sentences(answer["notUnderstood"])))
            }
        }
    }

    package func captions(_ request: CaptionRequest) async throws(GenerationIssue) -> CaptionProposal {
        let issues = request.issues
        guard issues.isEmpty else { throw .invalidRequest(issues) }
        let form = CaptionForm(request)
        let variants = try await chat.ask(form.question) { form.variants(from: $0) }
        return CaptionProposal(variants: variants, provider: provider, notes: Self.notes)
    }

    /// From the brand's history like the offline ones: a model knows nothing of what this brand has used.
    package func hashtags(_ request: HashtagRequest) async throws(GenerationIssue) -> HashtagProposal {
        try await OfflineGenerator().hashtags(request)
    }

    package func images(_ request: ImageRequest) async throws(GenerationIssue) -> ImageProposal {
        try await ImageClient(configuration, transport: transport).images(request)
    }

    static let notes = ["Written by a model: check names, figures and claims before you publish."]

    private static func sentences(_ value: JSONValue?) -> [String] {
        (value?.array ?? []).compactMap(\.string).prefix(50).map { String(Instructions.cleaned($0).prefix(300)) }
    }
}
