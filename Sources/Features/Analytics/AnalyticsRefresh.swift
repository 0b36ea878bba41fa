package import Contract
package import Core

/// A reading that somebody asked for, as a job: it is done when every number it is about was read, or could not be.
package struct AnalyticsRefresh: Sendable {
    package enum Status: String, Sendable, CaseIterable, APIEnum {
        case queued = "QUEUED"
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
    }

    package var id: JobID
    /// How many publications and accounts are read.
    package var total: Int64
    package var failed: Int64
    /// How many are not read yet.
    package var waiting: Int64
    package var createdAt: Instant

    package var status: Status {
        if waiting > 0 { return waiting == total ? .queued : .running }
        return failed > 0 ? .failed : .succeeded
    }
}

extension AnalyticsRefresh: APIObject {
    package static let name = "AnalyticsRefresh"
    package static let properties: [Property<Self>] = [
        Property("id", "The job's id.") { $0.id },
        Property("kind", "Always analytics.refresh.") { _ in "analytics.refresh" },
        Property("status", "FAILED: at least one platform gave no numbers; they are asked for again by themselves.") {
            $0.status
        },
        Property("progress", "How much of it is done, in percent.") { refresh in
            refresh.total > 0 ? (refresh.total - refresh.waiting) * 100 / refresh.total : 100
        },
        Property("total", "How many publications and accounts are read.") { $0.total },
        Property("failed", "For how many the platform gave no numbers.") { $0.failed },
        Property("createdAt", "When it was asked for.") { $0.createdAt },
    ]
    package static let example = AnalyticsRefresh(
        id: ID("cmb2k7q0x0000000000000071"), total: 2, failed: 0, waiting: 2, createdAt: Instant(seconds: 1_770_114_600))
}

/// What shall be read now: one post on all its platforms, or one account and its posts.
package struct AnalyticsRefreshInput: APIInput {
    package var postID: PostID?
    package var accountID: SocialAccountID?

    package init() {}

    package static let name = "AnalyticsRefreshInput"
    package static let fields: [InputField<Self>] = [
        InputField("postId", "The post, on all its platforms. Either this or socialAccountId.") { $0.postID = $1 },
        InputField("socialAccountId", "The account: its followers, and its 50 newest posts.") { $0.accountID = $1 },
    ]
    package static let example: JSONValue = ["postId": "clx123abc"]
}
