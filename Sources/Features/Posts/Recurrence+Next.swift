import Core
import Foundation

extension Recurrence {
    /// The occurrence after one at `instant`.
    struct Following {
        var at: Instant
        /// What it carries.
        var recurrence: Recurrence
        /// How many units of ``Recurrence/every`` lie between the two.
        var units: Int
    }

    /// So many occurrences are passed over at most: fifty years of days.
    private static let maximumSteps = 20_000

    /// The occurrence after `instant` that is still to come at `now`, at the series' own day and time in `zone`, whatever the
    /// season and the month's length; nil after the last. What passed while nobody published, or while a campaign was
    /// paused, is not made up for: nobody wants a week's posts at once.
    func following(_ instant: Instant, now: Instant, in zone: TimeZone) -> Following? {
        guard remaining != 0 else { return nil }
        let dates = Dates(unit: component, zone: zone)
        // Counted from the anchor, unless somebody moved this occurrence or changed the rhythm since.
        let (start, passed) =
            anchor.flatMap { anchor in
                steps(from: anchor, to: instant, dates).map { (anchor, $0) }
            } ?? (instant, 0)
        for step in (passed + 1)...(passed + Self.maximumSteps) {
            guard let found = dates.date(start, adding: step * interval) else { return nil }
            if let until, found > until { return nil }
            guard found > instant, found > now else { continue }
            var rest = self
            rest.remaining = remaining.map { $0 - 1 }
            rest.anchor = start
            return Following(at: found, recurrence: rest, units: (step - passed) * interval)
        }
        return nil
    }

    /// A time of one of this occurrence's accounts, moved on as the occurrence is.
    func moved(_ instant: Instant, by units: Int, in zone: TimeZone) -> Instant? {
        Dates(unit: component, zone: zone).date(instant, adding: units)
    }

    private var component: Calendar.Component {
        switch every {
        case .day: .day
        case .week: .weekOfYear
        case .month: .month
        }
    }

    /// How many steps lead from `anchor` to `instant`; nil when none do.
    private func steps(from anchor: Instant, to instant: Instant, _ dates: Dates) -> Int? {
        let guess = dates.units(from: anchor, to: instant) / interval
        return (max(guess - 1, 0)...max(guess + 1, 0)).first { dates.date(anchor, adding: $0 * interval) == instant }
    }
}

/// Days, weeks and months by the calendar of a time zone.
private struct Dates {
    let unit: Calendar.Component
    let calendar: Calendar

    init(unit: Calendar.Component, zone: TimeZone) {
        self.unit = unit
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    func date(_ instant: Instant, adding count: Int) -> Instant? {
        calendar.date(byAdding: unit, value: count, to: Self.date(instant)).map {
            Instant(milliseconds: Int64(($0.timeIntervalSince1970 * 1000).rounded()))
        }
    }

    func units(from start: Instant, to end: Instant) -> Int {
        calendar.dateComponents([unit], from: Self.date(start), to: Self.date(end)).value(for: unit) ?? 0
    }

    private static func date(_ instant: Instant) -> Date { Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000) }
}
