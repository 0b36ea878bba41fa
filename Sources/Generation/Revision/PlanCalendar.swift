import Core

/// Finds other times for posts of a plan: inside the range, and never two at one minute.
struct PlanCalendar: Sendable {
    private let request: PlanRequest
    private let clock: LocalClock

    init(_ request: PlanRequest, clock: LocalClock) {
        self.request = request
        self.clock = clock
    }

    func day(of item: PlanItem) -> CalendarDay { clock.local(item.scheduledFor).day }
    func minuteOfDay(of item: PlanItem) -> Int { clock.local(item.scheduledFor).minuteOfDay }

    /// The nearest day outside `weekdays` with a free minute, at the same time of day or close behind.
    /// - Parameter taken: the times of the other posts; likewise below.
    func move(_ item: PlanItem, awayFrom weekdays: Set<Int>, _ taken: TakenTimes) -> Instant? {
        let (day, minute) = clock.local(item.scheduledFor)
        for distance in 1...92 {
            for step in [-distance, distance] {
                let other = day.advanced(by: step)
                guard other >= request.from, other <= request.to, !weekdays.contains(other.weekday) else { continue }
                if let instant = free(other, minute...1_439, taken) { return instant }
            }
        }
        return nil
    }

    /// A free minute on the same day: the best hour of those in `minutes` first, by its quarters.
    func retime(_ item: PlanItem, to minutes: ClosedRange<Int>, _ taken: TakenTimes) -> Instant? {
        let day = clock.local(item.scheduledFor).day
        let best = stride(from: minutes.lowerBound, through: minutes.upperBound, by: 15).sorted { a, b in
            let (left, right) = (
                request.bestTimes.weight(weekday: day.weekday, hour: a / 60),
                request.bestTimes.weight(weekday: day.weekday, hour: b / 60)
            )
            return left != right ? left > right : a < b
        }
        for minute in best {
            if let instant = free(day, minute...minute, taken) { return instant }
        }
        return free(day, minutes, taken)
    }

    private func free(_ day: CalendarDay, _ minutes: ClosedRange<Int>, _ taken: TakenTimes) -> Instant? {
        let step = minutes.count > 30 ? 15 : 1
        for minute in stride(from: minutes.lowerBound, through: minutes.upperBound, by: step) {
            guard let instant = clock.instant(day, minuteOfDay: minute), !taken.contains(instant), request.allows(instant)
            else { continue }
            return instant
        }
        return nil
    }
}
