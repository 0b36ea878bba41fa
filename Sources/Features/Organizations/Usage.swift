package import Contract
package import Core

/// What an organization has used of its plan. Null limits are unlimited.
package struct Usage: APIObject {
    package struct Meter: APIObject {
        package var used: Int64
        package var limit: Int64?

        package static let name = "UsageMeter"
        package static let properties: [Property<Self>] = [
            Property("used", "How much is used.") { $0.used },
            Property("limit", "How much there is; null: unlimited.") { $0.limit },
        ]
        package static let example = Meter(used: 12, limit: 500)
    }

    package var plan: Plan
    package var monthStart: Instant
    package var monthEnd: Instant
    package var posts: Meter
    package var accounts: Meter
    package var storage: Meter
    package var credits: Meter
    package var requestsPerHour: Int64

    package static let name = "Usage"
    package static let properties: [Property<Self>] = [
        Property("plan", "The plan.") { $0.plan },
        Property("periodStart", "When this month began.") { $0.monthStart },
        Property("periodEnd", "When the next begins.") { $0.monthEnd },
        Property("posts", "Posts created this month.") { $0.posts },
        Property("socialAccounts", "Connected accounts; sandbox accounts do not count.") { $0.accounts },
        Property("storageBytes", "Bytes in the media library.") { $0.storage },
        Property("credits", "The plan's credits of this billing month, reserved ones included; /api/credits has all.") {
            $0.credits
        },
        Property("requestsPerHour", "Requests that may be sent in an hour; the headers of each answer say how many are left.") {
            $0.requestsPerHour
        },
    ]
    package static let example = Usage(
        plan: .growth, monthStart: Instant(seconds: 1_769_904_000), monthEnd: Instant(seconds: 1_772_323_200),
        posts: .example, accounts: Meter(used: 3, limit: 5), storage: Meter(used: 1_048_576, limit: 26_843_545_600),
        credits: Meter(used: 52, limit: 1_000),
        requestsPerHour: 500)
}
