package import Core

/// Who proposes posts: templates or a model. Implemented over the generators, which know nothing of plans that are kept.
package protocol PlanGenerator: Sendable {
    /// - Throws: ``APIError``: 400 naming the field when the order cannot be met, 503 when the provider fails.
    func propose(_ order: PlanOrder) async throws -> PlanDraft
    /// Changes a draft as the words say.
    /// - Throws: as ``propose(_:)``.
    func revise(_ draft: PlanDraft, of order: PlanOrder, as prompt: String) async throws -> PlanDraftRevision
}

/// Everything that a generator needs to know for a plan.
package struct PlanOrder: Sendable {
    /// A category that posts are put into.
    package struct Category: Sendable, Hashable {
        package var id: CategoryID
        package var name: String
    }

    /// A pillar with its share in percent.
    package struct Pillar: Sendable, Hashable {
        package var id: PillarID
        package var name: String
        package var share: Double
    }

    package var brand: Brand
    package var wish: PlanWish
    package var span: PlanSpan
    package var categories: [Category]
    package var pillars: [Pillar]
    /// The hours of the week at which the brand's posts did well, in the wish's time zone; empty while nobody can know.
    package var goodHours: [BestTimes.Bucket]

    /// Pillars without a share of their own divide what the others leave; when that is nothing, they are taken as equal to
    /// the average of the others.
    static func shares(_ given: [Double?]) -> [Double] {
        let known = given.compactMap(\.self)
        let open = given.count - known.count
        guard open > 0 else { return known }
        let rest = 100 - known.reduce(0, +)
        let average = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
        let each = rest > 0 ? rest / Double(open) : average
        return given.map { $0 ?? each }
    }
}

/// Proposals, in order of time.
package struct PlanDraft: Sendable, Hashable {
    package var items: [ProposedPost]
    package var provider: String
    package var notes: [String]

    package init(items: [ProposedPost], provider: String, notes: [String]) {
        self.items = items
        self.provider = provider
        self.notes = notes
    }
}

/// A draft after a revision in words.
package struct PlanDraftRevision: Sendable, Hashable {
    package var draft: PlanDraft
    /// Who carried it out; the draft's provider is whose words it has.
    package var provider: String
    package var applied: [String]
    package var notUnderstood: [String]

    package init(draft: PlanDraft, provider: String, applied: [String], notUnderstood: [String]) {
        self.draft = draft
        self.provider = provider
        self.applied = applied
        self.notUnderstood = notUnderstood
    }
}
