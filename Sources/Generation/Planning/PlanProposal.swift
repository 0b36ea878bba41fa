package import Core

/// One proposed post.
package struct PlanItem: Hashable, Sendable {
    package var topic: String
    /// Fits every one of `platforms`.
    package var caption: String
    package var platforms: [Platform]
    package var scheduledFor: Instant
    package var contentType: ContentType
    package var categoryID: String?
    package var pillarID: String?
    /// Why this, and why then: for the person who reviews the plan.
    package var rationale: String

    package init(
        topic: String, caption: String, platforms: [Platform], scheduledFor: Instant, contentType: ContentType,
        categoryID: String? = nil, pillarID: String? = nil, rationale: String = ""
    ) {
        self.topic = topic
        self.caption = caption
        self.platforms = platforms
        self.scheduledFor = scheduledFor
        self.contentType = contentType
        self.categoryID = categoryID
        self.pillarID = pillarID
        self.rationale = rationale
    }
}

/// A proposed plan, in order of time.
package struct PlanProposal: Hashable, Sendable {
    package var items: [PlanItem]
    /// Who made it: ``OfflineGenerator/name`` or `openai-compatible (model)`.
    package var provider: String
    /// What the user should know, such as that another generator failed.
    package var notes: [String]

    package init(items: [PlanItem], provider: String, notes: [String] = []) {
        self.items = items
        self.provider = provider
        self.notes = notes
    }
}

/// A changed plan, and what became of the instruction.
package struct PlanRevision: Hashable, Sendable {
    package var proposal: PlanProposal
    /// Who carried it out; the words that it did not touch are still those of the proposal's provider.
    package var provider: String
    /// What was done, a sentence each.
    package var applied: [String]
    /// The parts of the instruction that were not understood or not possible, as they were written.
    package var notUnderstood: [String]

    package init(proposal: PlanProposal, provider: String, applied: [String] = [], notUnderstood: [String] = []) {
        self.proposal = proposal
        self.provider = provider
        self.applied = applied
        self.notUnderstood = notUnderstood
    }
}
