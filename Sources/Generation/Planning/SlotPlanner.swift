import Core

/// One place in the calendar for a post.
struct Slot: Hashable, Sendable {
    let day: CalendarDay
    let instant: Instant
    let minuteOfDay: Int
    var holiday: Holiday?
    /// Whether the hour is one of the good ones of that weekday.
    let isBestTime: Bool
}

/// Spreads posts over the days of a plan and finds a good time for each.
///
/// The range is cut into as many equal windows as there are posts, and each post stays in its own: that is what "evenly"
/// means here. Inside its window a post takes a holiday or the best weekday. No two slots share a minute.
struct SlotPlanner {
    private let request: PlanRequest
    private let clock: LocalClock
    private var generator: SplitMix64
    private var taken: Set<Instant> = []

    init(_ request: PlanRequest, clock: LocalClock) {
        self.request = request
        self.clock = clock
        generator = SplitMix64(state: request.seed ^ 0x51_07)
    }

    /// `totalPosts` slots in order of time.
    mutating func slots() -> [Slot] {
        let days = usableDays()
        guard !days.isEmpty else { return [] }
        var chosen: [CalendarDay: Int] = [:]
        let holidays = holidaysByDay(days)
        for index in 0..<request.totalPosts {
            let first = index * days.count / request.totalPosts
            let last = max(first, (index + 1) * days.count / request.totalPosts - 1)
            let window = days[min(first, days.count - 1)...min(last, days.count - 1)]
            if let day = best(of: window, holidays) { chosen[day, default: 0] += 1 }
        }
        return chosen.sorted { $0.key < $1.key }.flatMap { day, count in
            var slots = times(count, on: day)
            if let holiday = holidays[day], !slots.isEmpty { slots[0].holiday = holiday }
            return slots
        }
    }

    /// The days of the range on which there is still time for a post.
    private func usableDays() -> [CalendarDay] {
        (0..<request.dayCount).map { request.from.advanced(by: $0) }.filter { day in
            // 20:00, so that nobody is asked for a post in what is left of an evening; the last day is taken as it is.
            if day < request.to, let notBefore = request.notBefore,
                clock.instant(day, minuteOfDay: 20 * 60).map({ $0 <= notBefore }) ?? true
            {
                return false
            }
            // Noon, so that the last day has more than a night to offer.
            guard day > request.from, let notAfter = request.notAfter else { return true }
            return clock.instant(day, minuteOfDay: 12 * 60).map { $0 <= notAfter } ?? false
        }
    }

    /// At most a quarter of the posts are about holidays, or one.
    private mutating func holidaysByDay(_ days: [CalendarDay]) -> [CalendarDay: Holiday] {
        let banned = BannedWords(request.brand.bannedWords)
        let found = days.compactMap { day in
            request.holidays.first { $0.monthAndDay == day.monthAndDay && !banned.occur(in: $0.name) }.map { (day, $0) }
        }
        let some = found.shuffled(using: &generator).prefix(max(1, request.totalPosts / 4))
        return Dictionary(some, uniquingKeysWith: { first, _ in first })
    }

    private mutating func best(of window: ArraySlice<CalendarDay>, _ holidays: [CalendarDay: Holiday]) -> CalendarDay? {
        if let holiday = window.first(where: { holidays[$0] != nil }) { return holiday }
        let centre = Double(window.startIndex + window.endIndex - 1) / 2
        let first = window.indices.max { a, b in
            let (left, right) = (
                request.bestTimes.best(onWeekday: window[a].weekday), request.bestTimes.best(onWeekday: window[b].weekday)
            )
            return left != right ? left < right : abs(Double(a) - centre) > abs(Double(b) - centre)
        }
        return first.map { window[$0] }
    }

    /// `count` times on one day, as far apart as the day allows, the good hours first.
    private mutating func times(_ count: Int, on day: CalendarDay) -> [Slot] {
        let hours = rankedHours(on: day)
        let offset = Int(generator.next() % 4) * 15
        var slots: [Slot] = []
        for gap in [180, 90, 45, 30, 15, 5, 1] where slots.count < count {
            let step = min(gap, 15)
            let minutes = stride(from: 0, to: 60, by: step).map { ($0 + offset) % 60 }
            for (minute, hour) in minutes.flatMap({ minute in hours.map { (minute, $0) } }) where slots.count < count {
                let minuteOfDay = hour.hour * 60 + minute
                // Only good hours while there is room in them.
                guard hour.isBest || gap < 90, !slots.contains(where: { abs($0.minuteOfDay - minuteOfDay) < gap }),
                    let instant = clock.instant(day, minuteOfDay: minuteOfDay), isFree(instant)
                else { continue }
                taken.insert(instant)
                slots.append(
                    Slot(day: day, instant: instant, minuteOfDay: minuteOfDay, holiday: nil, isBestTime: hour.isBest))
            }
        }
        return slots.sorted { $0.instant < $1.instant }
    }

    private func isFree(_ instant: Instant) -> Bool {
        !taken.contains(instant) && request.allows(instant)
    }

    /// The day's hours by weight, with a little chance so that not every Tuesday is alike; nights come last.
    private mutating func rankedHours(on day: CalendarDay) -> [(hour: Int, isBest: Bool)] {
        let hasOwn = request.bestTimes.best(onWeekday: day.weekday) > 0
        let ranked = (0...23).map { hour -> (hour: Int, weight: Double, rank: Double) in
            let own = request.bestTimes.weight(weekday: day.weekday, hour: hour)
            let weight = hasOwn ? own : request.bestTimes.overall(hour: hour)
            let chance = 0.75 + Double(generator.next() % 1_000) / 2_000
            let standing = (8...21).contains(hour) ? 0.001 : 0.0001
            return (hour, weight, (weight > 0 ? weight : standing * 1e-6) * chance)
        }
        return ranked.sorted { $0.rank > $1.rank }.map { ($0.hour, $0.weight > 0) }
    }
}
