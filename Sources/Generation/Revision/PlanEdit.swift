import Core

/// Carries out one ``RevisionStep``: pure, items in, items out.
struct PlanEdit: Sendable {
    /// What became of a step, with a sentence for the user.
    enum Outcome {
        case done([PlanItem], String)
        case impossible(String)
    }
    private let request: PlanRequest
    private let calendar: PlanCalendar

    init(_ request: PlanRequest, clock: LocalClock) {
        self.request = request
        calendar = PlanCalendar(request, clock: clock)
    }

    func applying(_ step: RevisionStep, to items: [PlanItem]) throws(GenerationIssue) -> Outcome {
        switch step {
        case .avoid(let weekdays): return avoid(weekdays, items)
        case .move(let part): return retime(items, to: part.minutes, saying: "in the \(part.rawValue)")
        case .at(let minute):
            let text = "at \(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60)"
            return retime(items, to: minute...min(minute + 59, 1_439), saying: text)
        case .more(let type): return more(type, items)
        case .fewer(let type): return fewer(type, items, all: false)
        case .removeType(let type): return fewer(type, items, all: true)
        case .removePlatform(let platform): return keep(items, "from \(platform.displayName)") { $0 != platform }
        case .onlyPlatform(let platform):
            guard request.platforms.contains(platform) else {
                return .impossible("\(platform.displayName) is not in this plan.")
            }
            return keep(items, "from all but \(platform.displayName)") { $0 == platform }
        case .removePost(let number):
            guard items.indices.contains(number - 1), items.count > 1 else {
                return .impossible("There is no post \(number) to remove.")
            }
            var items = items
            items.remove(at: number - 1)
            return .done(items, "Removed post \(number).")
        case .removePillar(let id): return try withoutPillar(id, items)
        case .removeCategory(let id): return withoutCategory(id, items)
        case .morePillar(let id): return try more(pillar: id, items)
        }
    }

    private func avoid(_ weekdays: Set<Int>, _ items: [PlanItem]) -> Outcome {
        let names = weekdays.sorted().compactMap {
            CalendarDay.weekdayNames.indices.contains($0 - 1) ? CalendarDay.weekdayNames[$0 - 1] : nil
        }
        let list = names.joined(separator: ", ")
        var result = items
        var taken = TakenTimes(items)
        let moved = items.indices.filter { weekdays.contains(calendar.day(of: items[$0]).weekday) }
        for index in moved {
            taken.remove(items[index].scheduledFor)
            guard let instant = calendar.move(items[index], awayFrom: weekdays, taken) else {
                return .impossible("There is no other day for every post that is on \(list).")
            }
            taken.insert(instant)
            result[index].scheduledFor = instant
        }
        return .done(result, "Moved \(Self.posts(moved.count)) away from \(list).")
    }

    private func retime(_ items: [PlanItem], to minutes: ClosedRange<Int>, saying when: String) -> Outcome {
        var result = items
        var taken = TakenTimes(items)
        var moved = 0
        for index in items.indices where !minutes.contains(calendar.minuteOfDay(of: items[index])) {
            taken.remove(items[index].scheduledFor)
            guard let instant = calendar.retime(items[index], to: minutes, taken) else {
                return .impossible("There is no room for every post \(when).")
            }
            taken.insert(instant)
            result[index].scheduledFor = instant
            moved += 1
        }
        return .done(result, "Moved \(Self.posts(moved)); all are \(when) now.")
    }

    /// A fifth of all posts, those of the commonest other kind first.
    private func more(_ type: ContentType, _ items: [PlanItem]) -> Outcome {
        var counts: [ContentType: Int] = [:]
        for item in items where item.contentType != type { counts[item.contentType, default: 0] += 1 }
        let open = items.indices.filter { items[$0].contentType != type && items[$0].platforms.allSatisfy(type.fits) }
        let partly = items.indices.filter {
            items[$0].contentType != type && !items[$0].platforms.allSatisfy(type.fits)
                && items[$0].platforms.contains(where: type.fits)
        }
        let candidates = (open.isEmpty ? partly : open).sorted {
            let (a, b) = (counts[items[$0].contentType] ?? 0, counts[items[$1].contentType] ?? 0)
            return a != b ? a > b : $0 < $1
        }
        guard !candidates.isEmpty else { return .impossible("No post can become a \(type.word).") }
        var result = items
        let chosen = candidates.prefix(Self.fifth(of: items.count))
        for index in chosen { result[index].contentType = type }
        return .done(result, "Made \(Self.posts(chosen.count)) more of type \(type.rawValue).")
    }

    private func fewer(_ type: ContentType, _ items: [PlanItem], all: Bool) -> Outcome {
        let those = items.indices.filter { items[$0].contentType == type }
        guard !those.isEmpty else { return .impossible("There is no post of type \(type.rawValue).") }
        let chosen = all ? those[...] : those.prefix(max(1, those.count / 2))
        var result = items
        for index in chosen {
            let others: [ContentType] = [.image, .video, .text, .carousel].filter { $0 != type }
            let platforms = items[index].platforms
            result[index].contentType =
                others.first { platforms.allSatisfy($0.fits) } ?? others.first { platforms.contains(where: $0.fits) } ?? .text
        }
        return .done(result, "Changed \(Self.posts(chosen.count)) of type \(type.rawValue) to another.")
    }

    private func keep(_ items: [PlanItem], _ what: String, _ isKept: (Platform) -> Bool) -> Outcome {
        var result = items
        for index in result.indices { result[index].platforms.removeAll { !isKept($0) } }
        let left = result.filter { !$0.platforms.isEmpty }
        guard !left.isEmpty else { return .impossible("Taking the posts \(what) would leave none.") }
        let gone = result.count - left.count
        guard left != items else { return .impossible("No post is to be taken \(what).") }
        return .done(left, "Took the posts \(what)." + (gone > 0 ? " \(Self.posts(gone)) had no other platform and went." : ""))
    }

    private func withoutPillar(_ id: String, _ items: [PlanItem]) throws(GenerationIssue) -> Outcome {
        let name = request.pillars.first { $0.id == id }?.name ?? id
        let others = request.pillars.filter { $0.id != id }
        guard !others.isEmpty else { return .impossible("\(name) is the only pillar.") }
        let those = items.indices.filter { items[$0].pillarID == id }
        guard !those.isEmpty else { return .impossible("No post has the pillar \(name).") }
        let counts = Apportionment.counts(of: those.count, by: others.map(\.targetPercentage))
        var generator = SplitMix64(state: request.seed ^ 0xED_17)
        let order = Apportionment.interleaved(counts, using: &generator)
        var result = items
        for (index, choice) in zip(those, order) { result[index] = try rewritten(items[index], as: others[choice], index) }
        return .done(result, "Gave \(Self.posts(those.count)) of the pillar \(name) to the other pillars.")
    }

    private func more(pillar id: String, _ items: [PlanItem]) throws(GenerationIssue) -> Outcome {
        guard let pillar = request.pillars.first(where: { $0.id == id }) else { return .impossible("No such pillar.") }
        let others = Apportionment.spread(items.count).filter { items[$0].pillarID != id }.prefix(Self.fifth(of: items.count))
        guard !others.isEmpty else { return .impossible("Every post has the pillar \(pillar.name) already.") }
        var result = items
        for index in others { result[index] = try rewritten(items[index], as: pillar, index) }
        return .done(result, "Gave \(Self.posts(others.count)) more to the pillar \(pillar.name).")
    }

    /// The post with another pillar needs other words.
    private func rewritten(
        _ item: PlanItem, as pillar: PlanRequest.Pillar, _ number: Int
    ) throws(GenerationIssue) -> PlanItem {
        var writer = CaptionWriter(request.brand, goals: request.goals, seed: request.seed &+ UInt64(number) &+ 1)
        let angle = writer.angle(number: number, isHoliday: false)
        var item = item
        let tags = Hashtags.tags(in: item.caption)
        item.caption = try writer.caption(
            pillar.name, angle, hashtags: tags, limits: item.platforms.map(request.limits(of:))
        ).text
        item.topic = writer.topic(pillar.name, angle)
        item.pillarID = pillar.id
        let reason = "Moved to the pillar \(pillar.name)."
        item.rationale = BannedWords(request.brand.bannedWords).occur(in: reason) ? "" : reason
        return item
    }

    private func withoutCategory(_ id: String, _ items: [PlanItem]) -> Outcome {
        let name = request.categories.first { $0.id == id }?.name ?? id
        let others = request.categories.filter { $0.id != id }
        let those = items.indices.filter { items[$0].categoryID == id }
        guard !those.isEmpty else { return .impossible("No post has the category \(name).") }
        var result = items
        for (turn, index) in those.enumerated() {
            result[index].categoryID = others.isEmpty ? nil : others[turn % others.count].id
        }
        return .done(result, "Took \(Self.posts(those.count)) out of the category \(name).")
    }

    private static func fifth(of count: Int) -> Int { max(1, (count + 4) / 5) }
    private static func posts(_ count: Int) -> String { count == 1 ? "1 post" : "\(count) posts" }
}
