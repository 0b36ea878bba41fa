package import Contract
import Core

/// A content plan was generated.
package struct PlanGenerated: Event {
    package var plan: ContentPlan
    package var itemCount: Int

    package static let type = "plan.generated"
    package static let name = "PlanGeneratedEvent"
    package static let summary = "Content plan generated"
    package static let properties: [Property<Self>] = [
        Property("planId", "The plan's id.") { $0.plan.id },
        Property("name", "Its name.") { $0.plan.title },
        Property("itemCount", "How many posts it proposes.") { $0.itemCount },
        Property("dateFrom", "Where it begins, as it was asked for.") { $0.plan.wish.from },
        Property("dateTo", "Where it ends, as it was asked for.") { $0.plan.wish.to },
        Property("provider", "Who proposed the posts.") { $0.plan.provider },
    ]
    package static let example = PlanGenerated(plan: .example, itemCount: 12)
    package var scope: EventScope {
        EventScope(entity: plan.id.rawValue, platforms: plan.wish.platforms.map(\.rawValue))
    }
}
