import Contract
import Core

/// Whether a change of a proposal leaves one that a post can be made of: pure.
struct PlanItemCheck {
    let plan: ContentPlan
    let order: PlanOrder
    let rules: any PlatformRules
    let draft: (PlanItem) -> Post

    func issues(of input: PlanItemInput, on item: PlanItem) -> [FieldIssue] {
        guard item.status != .converted else {
            return [FieldIssue("id", "names a proposal that is a post already; change the post")]
        }
        guard input.status != .converted else {
            return [FieldIssue("status", "must be proposed, accepted or rejected; approving the plan makes posts")]
        }
        var changed = item
        input.apply(to: &changed)
        var issues: [FieldIssue] = []
        if input.platforms != nil {
            for platform in changed.content.platforms where !plan.wish.platforms.contains(platform) {
                issues.append(FieldIssue("platforms", "\(platform.rawValue) is not among the plan's platforms"))
            }
        }
        if let time = input.scheduledFor, !isInside(time) {
            issues.append(FieldIssue("scheduledFor", "must be between \(plan.wish.from.text) and \(plan.wish.to.text)"))
        }
        if let category = input.categoryID.value, !order.categories.contains(where: { $0.id == category }) {
            issues.append(FieldIssue("categoryId", "is not among the plan's categories"))
        }
        if let pillar = input.pillarID.value, !order.pillars.contains(where: { $0.id == pillar }) {
            issues.append(FieldIssue("pillarId", "is not among the plan's pillars"))
        }
        if input.caption != nil || input.platforms != nil {
            let post = draft(changed)
            for platform in changed.content.platforms where rules.platforms.contains(platform) {
                issues += rules.issues(of: post, mediaCount: 1, platform: platform)
            }
        }
        return issues
    }

    private func isInside(_ time: Instant) -> Bool {
        guard let clock = LocalClock(plan.wish.timezone), order.span.from <= order.span.to else { return false }
        let isInDays = (order.span.from...order.span.to).contains(clock.local(time).day)
        return isInDays && order.span.notBefore.map { time >= $0 } ?? true && order.span.notAfter.map { time <= $0 } ?? true
    }
}
