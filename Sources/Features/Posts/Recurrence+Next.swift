import Core
import Foundation

extension Recurrence {
    /// When the occurrence after `instant` is, at the same time of day in `zone` whatever the season; nil after the last.
    func next(after instant: Instant, in zone: TimeZone) -> Instant? {
        guard remaining != 0 else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let unit: Calendar.Component =
            switch every {
            case .day: .day
            case .week: .weekOfYear
            case .month: .month
            }
        let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000)
        guard let next = calendar.date(byAdding: unit, value: interval, to: date) else { return nil }
        let found = Instant(milliseconds: Int64((next.timeIntervalSince1970 * 1000).rounded()))
        if let until, found > until { return nil }
        return found > instant ? found : nil
    }

    /// What the next occurrence carries.
    var afterOne: Recurrence {
        var rest = self
        rest.remaining = remaining.map { max($0 - 1, 0) }
        return rest
    }
}
