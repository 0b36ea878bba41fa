package import Contract
package import Core

/// What a plan is asked for, checked and complete.
package struct PlanWish: Sendable {
    package var brandID: BrandID
    package var from: PlanEdge
    package var to: PlanEdge
    package var timezone: String
    package var totalPosts: Int
    package var platforms: [Platform]
    /// The accounts that shall publish; empty: all of the brand's on these platforms.
    package var accountIDs: [SocialAccountID] = []
    package var categoryIDs: [CategoryID] = []
    package var pillarIDs: [PillarID] = []
    package var goals = PlanGoals()
    package var typeCounts = PlanCounts<ContentType>()
    package var platformCounts = PlanCounts<Platform>()

    /// The same for the same wish, so that a plan holds what its preview showed.
    package var seed: UInt64 {
        let digest = Signature.sha256(jsonBytes)
        return UInt64(digest.prefix(16), radix: 16) ?? 0
    }
}

extension PlanWish: APIObject {
    package static let name = "PlanWishView"
    package static let properties: [Property<Self>] = [
        Property("brandId", "The brand that speaks.") { $0.brandID },
        Property("dateFrom", "Where it begins, as it was asked for.") { $0.from },
        Property("dateTo", "Where it ends, as it was asked for.") { $0.to },
        Property("timezone", "The time zone of its days and hours.") { $0.timezone },
        Property("totalPosts", "How many posts were asked for.") { $0.totalPosts },
        Property("platforms", "Where they go.") { $0.platforms },
        Property("socialAccountIds", "The accounts that publish; empty: all of the brand's on these platforms.") {
            $0.accountIDs
        },
        Property("categoryIds", "The categories that it uses.") { $0.categoryIDs },
        Property("pillarIds", "The pillars that it serves, each with its share.") { $0.pillarIDs },
        Property("goals", "What it shall reach.") { $0.goals.sentences },
        Property("typeCounts", "Exactly so many posts of these types.") { $0.typeCounts },
        Property("platformCounts", "Exactly so many posts on each platform.") { $0.platformCounts },
    ]
    package static let example: PlanWish = {
        var wish = PlanWish(
            brandID: ID("clx456def"), from: .instant(Instant(seconds: 1_770_076_800)),
            to: .instant(Instant(seconds: 1_772_495_999)), timezone: "UTC", totalPosts: 12, platforms: [.instagram, .facebook])
        wish.typeCounts = PlanCounts([(.video, 3)])
        return wish
    }()
}

/// What a request asks a plan for. A preview and a plan take the same.
package struct PlanWishInput: APIInput {
    package var title: String?
    package var brandID: BrandID?
    package var from: PlanEdge?
    package var to: PlanEdge?
    package var timezone: String?
    package var totalPosts: Int?
    package var platforms: [Platform] = []
    package var accountIDs: [SocialAccountID] = []
    /// Nil: all of the organization's.
    package var categoryIDs: [CategoryID]?
    package var pillarIDs: [PillarID]?
    package var goals = PlanGoals()
    package var typeCounts = PlanCounts<ContentType>()
    package var platformCounts = PlanCounts<Platform>()

    package init() {}

    package static let name = "PlanWish"
    package static let fields: [InputField<Self>] = [
        InputField("name", "The plan's name; a preview needs none.", .length(1...120)) { $0.title = $1 },
        InputField("brandId", "The brand that speaks.", required: true) { $0.brandID = $1 },
        InputField(
            "dateFrom", "The first day, such as 2026-03-01, or an instant before which nothing is planned.", required: true
        ) { $0.from = $1 },
        InputField("dateTo", "The last day, or an instant after which nothing is planned; 7 to 92 days in all.", required: true)
        {
            $0.to = $1
        },
        InputField("timezone", "The time zone of the days and hours; the organization's, when absent.", .timezone) {
            $0.timezone = $1
        },
        InputField("totalPosts", "How many posts.", required: true, .range(1...1000)) { $0.totalPosts = $1 },
        InputField("platforms", "Where they go; those of socialAccountIds, when absent.", .count(1...14)) { $0.platforms = $1 },
        InputField(
            "socialAccountIds", "The accounts that publish; all of the brand's on these platforms, when absent.",
            .count(0...100)
        ) { $0.accountIDs = $1 },
        InputField("categoryIds", "The categories to use; all, when absent.", .count(0...100)) { $0.categoryIDs = $1 },
        InputField("pillarIds", "The pillars to serve, each with its share; all, when absent.", .count(0...100)) {
            $0.pillarIDs = $1
        },
        InputField("goals", "What the plan shall reach: a sentence, or several.") { $0.goals = $1 },
        InputField("typeCounts", "Exactly so many posts of these types; the others are chosen.") { $0.typeCounts = $1 },
        InputField(
            "platformCounts", "Exactly so many posts on each platform; every post goes wherever its type fits, when absent."
        ) {
            $0.platformCounts = $1
        },
    ]
    package static let example: JSONValue = [
        "brandId": "clx123abc", "dateFrom": "2026-03-01", "dateTo": "2026-03-31", "totalPosts": 12,
        "platforms": ["instagram", "facebook"], "goals": "More visitors in the shop", "typeCounts": ["VIDEO": 3],
    ]
}

extension PlanWish {
    /// Everything that is wrong with it in itself, each issue with its field; what it names is looked up elsewhere.
    package func issues(now: Instant) -> [FieldIssue] {
        guard let clock = LocalClock(timezone) else { return [FieldIssue("timezone", "is no time zone that is known here")] }
        let span = PlanSpan(from: from, to: to, clock: clock)
        var issues: [FieldIssue] = []
        if span.days < 1 {
            issues.append(FieldIssue("dateTo", "must not be before dateFrom"))
        } else if !PlanSpan.lengths.contains(span.days) {
            issues.append(FieldIssue("dateTo", "must make the plan 7 to 92 days long; it is \(span.days) days"))
        } else if clock.local(now).day > span.to || span.notAfter.map({ $0 <= now }) ?? false {
            issues.append(FieldIssue("dateTo", "must be in the future; it is now \(now)"))
        }
        if platforms.isEmpty { issues.append(FieldIssue("platforms", "is required, or socialAccountIds")) }
        return issues + countIssues
    }

    private var countIssues: [FieldIssue] {
        var issues: [FieldIssue] = []
        let isComplete = ContentType.allCases.allSatisfy { typeCounts[$0] != nil }
        if typeCounts.sum > totalPosts || isComplete && typeCounts.sum < totalPosts {
            issues.append(FieldIssue("typeCounts", "must not add up to \(typeCounts.sum) when totalPosts is \(totalPosts)"))
        }
        guard !platformCounts.isEmpty else { return issues }
        for (platform, count) in platformCounts.pairs {
            if !platforms.contains(platform) {
                issues.append(FieldIssue("platformCounts.\(platform.rawValue)", "is not among the platforms"))
            } else if count > totalPosts {
                issues.append(FieldIssue("platformCounts.\(platform.rawValue)", "must be at most totalPosts, \(totalPosts)"))
            }
        }
        for platform in platforms where platformCounts[platform] == nil {
            issues.append(
                FieldIssue("platformCounts.\(platform.rawValue)", "is required: give a count for every platform or for none"))
        }
        if issues.isEmpty, platformCounts.sum < totalPosts {
            issues.append(
                FieldIssue(
                    "platformCounts", "adds up to \(platformCounts.sum); \(totalPosts) posts need at least one platform each"))
        }
        return issues
    }
}
