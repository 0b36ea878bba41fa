import Core

/// The seeded planner: slots, kinds, pillars and words, each by its own pure part.
struct OfflinePlanner {
    private let request: PlanRequest
    private let clock: LocalClock
    private let banned: BannedWords
    /// The brand's sets, as many of each as a post takes.
    private let hashtagSets: [[String]]

    init(_ request: PlanRequest) throws(GenerationIssue) {
        let issues = request.issues
        guard issues.isEmpty, let clock = LocalClock(request.timeZone) else { throw .invalidRequest(issues) }
        self.request = request
        self.clock = clock
        let banned = BannedWords(request.brand.bannedWords)
        self.banned = banned
        hashtagSets = request.brand.hashtagSets.map { set in
            var seen: Set<String> = []
            return set.compactMap(Hashtags.normalized).filter {
                !banned.occur(inTag: $0) && seen.insert($0.lowercased()).inserted
            }.prefix(5).map { $0 }
        }
    }

    func proposal() throws(GenerationIssue) -> PlanProposal {
        PlanProposal(items: try items(), provider: OfflineGenerator.name, notes: [OfflineGenerator.note])
    }

    func items() throws(GenerationIssue) -> [PlanItem] {
        var slots = SlotPlanner(request, clock: clock)
        let times = slots.slots()
        guard times.count == request.totalPosts else {
            throw .invalidRequest(["There is no time left in the range for \(request.totalPosts) posts."])
        }
        let mix = TypeMix(request).assignments()
        var generator = SplitMix64(state: request.seed ^ 0x91_11)
        let pillars = Apportionment.interleaved(pillarCounts, using: &generator)
        let equal = Apportionment.counts(of: request.totalPosts, by: request.categories.map { _ in 1 })
        let categories = Apportionment.interleaved(equal, using: &generator)
        var writer = CaptionWriter(request.brand, goals: request.goals, seed: request.seed)
        var items: [PlanItem] = []
        for (number, (slot, kind)) in zip(times, mix).enumerated() {
            let pillar = pillars.indices.contains(number) ? request.pillars[pillars[number]] : nil
            let category = categories.indices.contains(number) ? request.categories[categories[number]] : nil
            items.append(
                try item(number: number, slot, type: kind.type, on: kind.platforms, pillar, category, writer: &writer))
        }
        return items
    }

    private var pillarCounts: [Int] {
        Apportionment.counts(of: request.totalPosts, by: request.pillars.map(\.targetPercentage))
    }

    private func item(
        number: Int, _ slot: Slot, type: ContentType, on platforms: [Platform], _ pillar: PlanRequest.Pillar?,
        _ category: PlanRequest.Category?, writer: inout CaptionWriter
    ) throws(GenerationIssue) -> PlanItem {
        let subject = slot.holiday?.name ?? pillar?.name ?? category?.name ?? request.brand.name
        let angle = writer.angle(number: number, isHoliday: slot.holiday != nil)
        let caption = try writer.caption(
            subject, angle, hashtags: hashtags(number: number), limits: platforms.map(request.limits(of:)))
        return PlanItem(
            topic: writer.topic(subject, angle), caption: caption.text, platforms: platforms, scheduledFor: slot.instant,
            contentType: type, categoryID: category?.id, pillarID: pillar?.id, rationale: rationale(slot, pillar, category))
    }

    /// The brand's sets, one after the other.
    private func hashtags(number: Int) -> [String] {
        hashtagSets.isEmpty ? [] : hashtagSets[number % hashtagSets.count]
    }

    private func rationale(_ slot: Slot, _ pillar: PlanRequest.Pillar?, _ category: PlanRequest.Category?) -> String {
        var sentences: [String] = []
        if let holiday = slot.holiday { sentences.append("\(slot.day) is \(holiday.name).") }
        if let pillar { sentences.append("Keeps the share of the pillar \(pillar.name).") }
        if let category { sentences.append("Category \(category.name).") }
        switch (slot.isBestTime, request.bestTimes.isMeasured) {
        case (true, true): sentences.append("\(slot.day.weekdayName) at this hour is one of your best times.")
        case (true, false): sentences.append("A common time to post; there are no figures of your own yet.")
        case (false, _): sentences.append("The better hours of that day are taken.")
        }
        return sentences.filter { !banned.occur(in: $0) }.joined(separator: " ")
    }
}
