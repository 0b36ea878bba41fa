/// Whatever proposes plans, captions and hashtags: values in, values out, nothing stored.
package protocol Generator: Sendable {
    /// The name that every result carries, so that nobody takes a template for a model's work.
    var provider: String { get }

    /// Proposes posts for a range of days.
    func plan(_ request: PlanRequest) async throws(GenerationIssue) -> PlanProposal

    /// Writes several captions for each platform.
    func captions(_ request: CaptionRequest) async throws(GenerationIssue) -> CaptionProposal

    /// Suggests hashtags.
    func hashtags(_ request: HashtagRequest) async throws(GenerationIssue) -> HashtagProposal

    /// Changes a proposal as an instruction in words says.
    func revise(
        _ proposal: PlanProposal, of request: PlanRequest, as instruction: String
    ) async throws(GenerationIssue) -> PlanRevision
}

/// Whatever makes pictures from words.
package protocol ImageGenerator: Sendable {
    /// Whether it shows ``ImageRequest/brandLogo``; if not, nobody needs to decode one.
    var drawsLogos: Bool { get }

    func images(_ request: ImageRequest) async throws(GenerationIssue) -> ImageProposal
}

extension ImageGenerator {
    package var drawsLogos: Bool { false }
}
