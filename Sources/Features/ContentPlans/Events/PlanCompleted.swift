package import Contract
import Core

/// Every accepted proposal of a plan is a post.
package struct PlanCompleted: Event {
    package var plan: ContentPlan
    package var postCount: Int

    package static let type = "plan.completed"
    package static let name = "PlanCompletedEvent"
    package static let summary = "Posts of a content plan created"
    package static let properties: [Property<Self>] = [
        Property("planId", "The plan's id.") { $0.plan.id },
        Property("name", "Its name.") { $0.plan.title },
        Property("postCount", "How many posts were made of it.") { $0.postCount },
    ]
    package static let example = PlanCompleted(plan: .example, postCount: 12)
    package var scope: EventScope {
        EventScope(entity: plan.id.rawValue, platforms: plan.wish.platforms.map(\.rawValue))
    }
}
