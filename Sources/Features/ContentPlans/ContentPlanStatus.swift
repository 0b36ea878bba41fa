import Contract
import Core

/// Where a content plan is in its life.
package enum ContentPlanStatus: String, Sendable, CaseIterable, APIEnum, QueryValue {
    case generating = "GENERATING_PLAN"
    case ready = "PLAN_READY"
    case approved = "APPROVED"
    case creatingPosts = "CREATING_POSTS"
    case completed = "COMPLETED"
    case failed = "FAILED"
    case cancelled = "CANCELLED"

    /// True while the server itself has something to do, and does it again after a crash.
    var isAtWork: Bool { self == .generating || self == .approved || self == .creatingPosts }
}

/// What became of a proposed post.
package enum PlanItemStatus: String, Sendable, CaseIterable, APIEnum, QueryValue {
    case proposed, accepted, rejected
    /// It is a post now.
    case converted
}
