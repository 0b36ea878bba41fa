package import Core

/// What a plan is asked for.
package struct PlanRequest: Hashable, Sendable {
    /// A category that posts may be put into.
    package struct Category: Hashable, Sendable {
        package var id: String
        package var name: String
        package init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// A theme with its share of the posts. Shares that do not add up to 100 are taken in proportion.
    package struct Pillar: Hashable, Sendable {
        package var id: String
        package var name: String
        package var targetPercentage: Double
        package init(id: String, name: String, targetPercentage: Double) {
            self.id = id
            self.name = name
            self.targetPercentage = targetPercentage
        }
    }

    package var brand: BrandVoice
    /// First and last day, both included: 7 to 92 days.
    package var from: CalendarDay
    package var to: CalendarDay
    /// The brand's, by IANA name.
    package var timeZone: String
    package var totalPosts: Int
    package var platforms: [Platform]
    package var categories: [Category] = []
    package var pillars: [Pillar] = []
    package var goals: [String] = []
    /// Exactly so many posts of these kinds; the others are chosen.
    package var typeCounts: [ContentType: Int] = [:]
    /// Exactly so many posts on each of `platforms`; empty: every post goes wherever its kind fits.
    package var platformCounts: [Platform: Int] = [:]
    package var bestTimes = BestTimes.common
    /// Days that may become topics.
    package var holidays = Holiday.international
    /// What each platform takes, where it is known better than ``PlatformLimits/standard(for:)``.
    package var limits: [Platform: PlatformLimits] = [:]
    /// Nothing is planned before this, as when a range begins today.
    package var notBefore: Instant?
    /// Nothing is planned after this, as when a range ends at some hour.
    package var notAfter: Instant?
    /// Equal requests with equal seeds give equal plans offline.
    package var seed: UInt64 = 0

    package static let lengthInDays = 7...92
    package static let postCount = 1...1_000

    package init(
        brand: BrandVoice, from: CalendarDay, to: CalendarDay, timeZone: String, totalPosts: Int, platforms: [Platform]
    ) {
        self.brand = brand
        self.from = from
        self.to = to
        self.timeZone = timeZone
        self.totalPosts = totalPosts
        self.platforms = platforms
    }

    func limits(of platform: Platform) -> PlatformLimits { limits[platform] ?? .standard(for: platform) }
    /// Whether the instant is inside the request's bounds; its days are judged apart.
    func allows(_ instant: Instant) -> Bool {
        notBefore.map { instant >= $0 } ?? true && notAfter.map { instant <= $0 } ?? true
    }
    var dayCount: Int { Int(clamping: to.ordinal &- from.ordinal &+ 1) }
}

extension PlanRequest {
    /// Everything that is wrong with the request itself; empty when it can be met.
    package var issues: [String] {
        var issues: [String] = []
        if !Self.lengthInDays.contains(dayCount) {
            issues.append("A plan covers 7 to 92 days; \(from) to \(to) are \(dayCount).")
        }
        if !Self.postCount.contains(totalPosts) { issues.append("A plan has 1 to 1000 posts, not \(totalPosts).") }
        if LocalClock(timeZone) == nil {
            issues.append("\(timeZone.prefix(64)) is no time zone; use a name such as Europe/Berlin.")
        }
        if platforms.isEmpty { issues.append("Name at least one platform.") }
        if Set(platforms).count != platforms.count { issues.append("Name each platform once.") }
        if Set(pillars.map(\.id)).count != pillars.count { issues.append("Name each pillar once.") }
        if Set(categories.map(\.id)).count != categories.count { issues.append("Name each category once.") }
        issues += typeIssues + platformIssues
        if let notBefore, let clock = LocalClock(timeZone), clock.local(notBefore).day > to {
            issues.append("The whole range is in the past.")
        }
        return issues
    }

    private var typeIssues: [String] {
        let counts = typeCounts.values
        if counts.contains(where: { !(0...Self.postCount.upperBound).contains($0) }) {
            return ["A count by type is 0 to 1000."]
        }
        let sum = counts.reduce(0, +)
        if sum > totalPosts { return ["The counts by type add up to \(sum), more than the \(totalPosts) posts."] }
        if sum < totalPosts, ContentType.allCases.allSatisfy({ typeCounts[$0] != nil }) {
            return ["The counts by type add up to \(sum), not to the \(totalPosts) posts."]
        }
        return []
    }

    private var platformIssues: [String] {
        guard !platformCounts.isEmpty else { return [] }
        if platformCounts.keys.contains(where: { !platforms.contains($0) }) {
            return ["The counts by platform name a platform that is not in the plan."]
        }
        if platforms.contains(where: { platformCounts[$0] == nil }) {
            return ["Give a count for every platform of the plan, or for none."]
        }
        if platformCounts.values.contains(where: { !(0...max(totalPosts, 0)).contains($0) }) {
            return ["A count by platform is 0 to the number of posts."]
        }
        let sum = platformCounts.values.reduce(0, +)
        return sum < totalPosts
            ? ["The counts by platform add up to \(sum); \(totalPosts) posts need at least as many, one for each."] : []
    }
}
