import Contract
import Core
import Creation
import Features
import Generation

/// Content plans from any generator: orders become its requests, its proposals become drafts.
struct GeneratedPlans: PlanGenerator {
    private let generator: any Generator

    init(_ generator: any Generator) { self.generator = generator }

    func propose(_ order: PlanOrder) async throws -> PlanDraft {
        do {
            return try Self.draft(try await generator.plan(Self.request(for: order)))
        } catch let issue as GenerationIssue {
            throw Self.error(issue, field: "totalPosts")
        }
    }

    func revise(_ draft: PlanDraft, of order: PlanOrder, as prompt: String) async throws -> PlanDraftRevision {
        let proposal = PlanProposal(items: draft.items.map(Self.item), provider: draft.provider, notes: draft.notes)
        do {
            let revision = try await generator.revise(proposal, of: Self.request(for: order), as: prompt)
            return PlanDraftRevision(
                draft: try Self.draft(revision.proposal), provider: revision.provider, applied: revision.applied,
                notUnderstood: revision.notUnderstood)
        } catch let issue as GenerationIssue {
            throw Self.error(issue, field: "prompt")
        }
    }

    private static func request(for order: PlanOrder) -> PlanRequest {
        let wish = order.wish
        var request = PlanRequest(
            brand: BrandVoice(order.brand), from: order.span.from, to: order.span.to, timeZone: wish.timezone,
            totalPosts: wish.totalPosts, platforms: wish.platforms)
        request.categories = order.categories.map { PlanRequest.Category(id: $0.id.rawValue, name: $0.name) }
        request.pillars = order.pillars.map {
            PlanRequest.Pillar(id: $0.id.rawValue, name: $0.name, targetPercentage: $0.share)
        }
        request.goals = wish.goals.sentences
        request.bestTimes = Generation.BestTimes(
            order.goodHours.map { .init(weekday: $0.weekday, hour: $0.hour, weight: $0.score - 1) })
        for (type, count) in wish.typeCounts.pairs {
            if let type = Generation.ContentType(rawValue: type.rawValue) { request.typeCounts[type] = count }
        }
        for (platform, count) in wish.platformCounts.pairs { request.platformCounts[platform] = count }
        request.notBefore = order.span.notBefore
        request.notAfter = order.span.notAfter
        request.seed = wish.seed
        return request
    }

    private static func draft(_ proposal: PlanProposal) throws -> PlanDraft {
        let items = proposal.items.compactMap { item -> ProposedPost? in
            guard let type = Features.ContentType(rawValue: item.contentType.rawValue) else { return nil }
            return ProposedPost(
                topic: item.topic, caption: item.caption, platforms: item.platforms, scheduledFor: item.scheduledFor,
                contentType: type, categoryID: item.categoryID.map { CategoryID($0) },
                pillarID: item.pillarID.map { PillarID($0) }, rationale: item.rationale)
        }
        return PlanDraft(items: items, provider: proposal.provider, notes: proposal.notes)
    }

    private static func item(_ post: ProposedPost) -> Generation.PlanItem {
        Generation.PlanItem(
            topic: post.topic, caption: post.caption, platforms: post.platforms, scheduledFor: post.scheduledFor,
            contentType: Generation.ContentType(rawValue: post.contentType.rawValue) ?? .text,
            categoryID: post.categoryID?.rawValue, pillarID: post.pillarID?.rawValue, rationale: post.rationale)
    }

    /// What the caller can mend is 400 at the field; everything else is the provider's, and 503.
    private static func error(_ issue: GenerationIssue, field: String) -> APIError {
        switch issue {
        case .invalidRequest(let reasons): APIError.invalid(reasons.map { FieldIssue(field, "cannot be met: \($0)") })
        case .noWordsLeft: APIError.invalid("brandId", "names a brand without words: \(issue.description)")
        default: APIError(.unavailable, issue.description)
        }
    }
}
