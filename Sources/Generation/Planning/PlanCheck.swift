import Core

/// Compares a plan with what was asked: what a model's answer must pass, and what the tests of the planner use.
package struct PlanCheck: Sendable {
    private let request: PlanRequest
    private let clock: LocalClock
    private let banned: BannedWords

    package init?(_ request: PlanRequest) {
        guard let clock = LocalClock(request.timeZone) else { return nil }
        self.request = request
        self.clock = clock
        banned = BannedWords(request.brand.bannedWords)
    }

    /// Everything that does not fit, a sentence each; empty when the plan is what was asked.
    /// - Parameters:
    ///   - checksTotals: false for a revised plan, whose instruction may have changed counts and shares.
    ///   - untouched: what a revision left as it was, which is nobody's to judge now: people may have written it.
    package func issues(
        of items: [PlanItem], checksTotals: Bool = true, except untouched: Set<PlanItem> = []
    ) -> [String] {
        var issues: [String] = []
        for (index, item) in items.enumerated() where !untouched.contains(item) {
            issues += self.issues(of: item, name: "Post \(index + 1)")
        }
        issues += collisions(in: items, except: untouched)
        return issues + (checksTotals ? totals(of: items) : [])
    }

    private func issues(of item: PlanItem, name: String) -> [String] {
        var issues: [String] = []
        if item.topic.allSatisfy(\.isWhitespace) { issues.append("\(name) has no topic.") }
        if item.topic.count > 300 { issues.append("\(name)'s topic is longer than 300 characters.") }
        if item.rationale.count > 1_000 { issues.append("\(name)'s rationale is longer than 1000 characters.") }
        if item.caption.allSatisfy(\.isWhitespace) { issues.append("\(name) has no caption.") }
        if item.platforms.isEmpty { issues.append("\(name) has no platform.") }
        if Set(item.platforms).count != item.platforms.count { issues.append("\(name) names a platform twice.") }
        for platform in item.platforms {
            let limits = request.limits(of: platform)
            if !request.platforms.contains(platform) { issues.append("\(name): \(platform.rawValue) was not asked for.") }
            if !limits.fits(item.caption) {
                let length = limits.length(of: item.caption)
                issues.append("\(name)'s caption has \(length) characters; \(platform.rawValue) takes \(limits.captionLength).")
            }
        }
        let day = clock.local(item.scheduledFor).day
        if !(request.from...max(request.from, request.to)).contains(day) {
            issues.append("\(name) is on \(day), outside \(request.from) to \(request.to).")
        }
        if let notBefore = request.notBefore, item.scheduledFor < notBefore { issues.append("\(name) is in the past.") }
        if let notAfter = request.notAfter, item.scheduledFor > notAfter { issues.append("\(name) is after the range.") }
        if let id = item.pillarID, !request.pillars.contains(where: { $0.id == id }) {
            issues.append("\(name) has an unknown pillar.")
        }
        if let id = item.categoryID, !request.categories.contains(where: { $0.id == id }) {
            issues.append("\(name) has an unknown category.")
        }
        if let word = banned.first(in: item.topic + "\n" + item.caption + "\n" + item.rationale) {
            issues.append("\(name) uses the banned word \"\(word)\".")
        }
        if Hashtags.tags(in: item.caption).contains(where: banned.occur(inTag:)) {
            issues.append("\(name) has a hashtag with a banned word.")
        }
        return issues
    }

    private func collisions(in items: [PlanItem], except untouched: Set<PlanItem>) -> [String] {
        func place(_ platform: Platform, _ item: PlanItem) -> String {
            "\(platform.rawValue) \(item.scheduledFor.seconds / 60)"
        }
        var seen = Set(untouched.flatMap { item in item.platforms.map { place($0, item) } })
        return items.enumerated().filter { !untouched.contains($0.element) }.flatMap { index, item in
            item.platforms.filter { !seen.insert(place($0, item)).inserted }.map {
                "Post \(index + 1) is at the same minute as another on \($0.rawValue)."
            }
        }
    }

    private func totals(of items: [PlanItem]) -> [String] {
        var issues: [String] = []
        if items.count != request.totalPosts { issues.append("There are \(items.count) posts, not \(request.totalPosts).") }
        for type in ContentType.allCases {
            let count = items.count { $0.contentType == type }
            if let wanted = request.typeCounts[type], wanted != count {
                issues.append("There are \(count) posts of type \(type.rawValue), not \(wanted).")
            }
        }
        for platform in request.platforms {
            let count = items.count { $0.platforms.contains(platform) }
            if let wanted = request.platformCounts[platform], wanted != count {
                issues.append("There are \(count) posts on \(platform.rawValue), not \(wanted).")
            }
        }
        let shares = Apportionment.counts(of: request.totalPosts, by: request.pillars.map(\.targetPercentage))
        for (pillar, share) in zip(request.pillars, shares) {
            let count = items.count { $0.pillarID == pillar.id }
            if abs(count - share) > 1 {
                issues.append("The pillar \(pillar.name) has \(count) posts; its share is \(share), give or take one.")
            }
        }
        return issues
    }
}
