import Core

/// Changes a plan as simple instructions in English say, without AI: what it understands it does, and it says what it
/// did not understand.
package struct PlanReviser: Sendable {
    private let request: PlanRequest
    private let edit: PlanEdit
    /// Each goes over all posts, and 2000 characters have room for some 200.
    private static let mostSteps = 20

    package init(_ request: PlanRequest) throws(GenerationIssue) {
        let issues = request.issues
        guard issues.isEmpty, let clock = LocalClock(request.timeZone) else { throw .invalidRequest(issues) }
        self.request = request
        edit = PlanEdit(request, clock: clock)
    }

    /// The changed plan. Posts that no step speaks of stay as they are.
    package func revise(_ proposal: PlanProposal, as instruction: String) throws(GenerationIssue) -> PlanRevision {
        guard (1...2_000).contains(instruction.count) else {
            throw .invalidRequest(["An instruction has 1 to 2000 characters."])
        }
        let (found, unknown) = RevisionParser(request).parse(instruction)
        let steps = found.prefix(Self.mostSteps)
        var revision = PlanRevision(proposal: proposal, provider: OfflineGenerator.name, notUnderstood: unknown)
        if found.count > steps.count {
            revision.notUnderstood.append(
                "Only the first \(Self.mostSteps) of \(found.count) changes are made at once: say the others afterwards.")
        }
        // Numbers mean the plan that the user sees, so posts go last to first before anything moves.
        let numbered = steps.compactMap { step in if case .removePost(let number) = step { number } else { nil } }
        for number in Set(numbered).sorted(by: >) { try apply(.removePost(number: number), to: &revision) }
        // All days at once: one step must not move a post to a day that the next one clears.
        let days = steps.reduce(into: Set<Int>()) { days, step in if case .avoid(let more) = step { days.formUnion(more) } }
        if !days.isEmpty { try apply(.avoid(weekdays: days), to: &revision) }
        for step in steps {
            switch step {
            case .removePost, .avoid: continue
            case .move, .at, .more, .fewer, .removeType, .removePlatform, .onlyPlatform, .removePillar, .removeCategory,
                .morePillar:
                try apply(step, to: &revision)
            }
        }
        revision.proposal.items.sort { $0.scheduledFor < $1.scheduledFor }
        return revision
    }

    private func apply(_ step: RevisionStep, to revision: inout PlanRevision) throws(GenerationIssue) {
        switch try edit.applying(step, to: revision.proposal.items) {
        case .done(let items, let sentence):
            revision.proposal.items = items
            revision.applied.append(sentence)
        case .impossible(let sentence): revision.notUnderstood.append(sentence)
        }
    }
}
