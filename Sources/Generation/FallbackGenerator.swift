/// A generator with another behind it: what the first fails at, the second does, and the result says so.
package struct FallbackGenerator: Generator {
    private let first: any Generator
    private let second: any Generator

    package init(_ first: any Generator, or second: any Generator) {
        self.first = first
        self.second = second
    }

    package var provider: String { first.provider }

    package func plan(_ request: PlanRequest) async throws(GenerationIssue) -> PlanProposal {
        do throws(GenerationIssue) {
            return try await first.plan(request)
        } catch {
            guard error.allowsFallback else { throw error }
            var proposal = try await second.plan(request)
            proposal.notes.insert(note(error), at: 0)
            return proposal
        }
    }

    package func captions(_ request: CaptionRequest) async throws(GenerationIssue) -> CaptionProposal {
        do throws(GenerationIssue) {
            return try await first.captions(request)
        } catch {
            guard error.allowsFallback else { throw error }
            var proposal = try await second.captions(request)
            proposal.notes.insert(note(error), at: 0)
            return proposal
        }
    }

    package func hashtags(_ request: HashtagRequest) async throws(GenerationIssue) -> HashtagProposal {
        do throws(GenerationIssue) {
            return try await first.hashtags(request)
        } catch {
            guard error.allowsFallback else { throw error }
            var proposal = try await second.hashtags(request)
            proposal.notes.insert(note(error), at: 0)
            return proposal
        }
    }

    package func revise(
        _ proposal: PlanProposal, of request: PlanRequest, as instruction: String
    ) async throws(GenerationIssue) -> PlanRevision {
        do throws(GenerationIssue) {
            return try await first.revise(proposal, of: request, as: instruction)
        } catch {
            guard error.allowsFallback else { throw error }
            var revision = try await second.revise(proposal, of: request, as: instruction)
            // Told once, of the last change: a plan may be changed often while a provider is away.
            let lead = "\(first.provider) failed, so the last change is from \(second.provider). "
            revision.proposal.notes.removeAll { $0.hasPrefix(lead) }
            revision.proposal.notes.insert(lead + error.description, at: 0)
            return revision
        }
    }

    private func note(_ issue: GenerationIssue) -> String {
        "\(first.provider) failed, so this is from \(second.provider). \(issue.description)"
    }
}
