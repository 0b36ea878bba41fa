/// Templates, no AI: works without any network, gives the same for the same seed, and calls itself what it is.
///
/// It knows the brand's words, pillars, times and past hashtags, and nothing else: it states no facts.
package struct OfflineGenerator: Generator {
    /// What every result of it carries as its provider.
    package static let name = "offline-template"

    package init() {}

    package var provider: String { Self.name }

    package func plan(_ request: PlanRequest) async throws(GenerationIssue) -> PlanProposal {
        try OfflinePlanner(request).proposal()
    }

    package func captions(_ request: CaptionRequest) async throws(GenerationIssue) -> CaptionProposal {
        let issues = request.issues
        guard issues.isEmpty else { throw .invalidRequest(issues) }
        let tags = Hashtags.ranked(
            for: HashtagRequest(brand: request.brand, text: request.topic, history: request.history, limit: 10))
        var variants: [CaptionVariant] = []
        for platform in request.platforms {
            var writer = CaptionWriter(request.brand, goals: request.goals, seed: request.seed)
            for number in 0..<request.variants {
                let angle = writer.angle(number: number, isHoliday: false)
                let (text, used) = try writer.caption(
                    request.topic, angle, hashtags: tags, limits: [request.limits(of: platform)])
                variants.append(CaptionVariant(platform: platform, caption: text, hashtags: used))
            }
        }
        return CaptionProposal(variants: variants, provider: provider, notes: [Self.note])
    }

    package func hashtags(_ request: HashtagRequest) async throws(GenerationIssue) -> HashtagProposal {
        let found = Hashtags.ranked(for: request)
        return HashtagProposal(
            hashtags: found, provider: provider,
            notes: found.isEmpty ? ["The brand has no hashtags yet: they come from its posts and its sets."] : [])
    }

    package func revise(
        _ proposal: PlanProposal, of request: PlanRequest, as instruction: String
    ) async throws(GenerationIssue) -> PlanRevision {
        try PlanReviser(request).revise(proposal, as: instruction)
    }

    static let note = "Made from English templates, without AI: replace the sentences with what you have to say."
}
