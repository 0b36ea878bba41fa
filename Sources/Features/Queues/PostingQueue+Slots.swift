package import Core
import Foundation

extension PostingQueue {
    /// The next instants of the queue's slots after `start`, in order: local times, so nine stays nine when clocks change.
    /// A time that a change of clocks skips falls on the moment right after the gap.
    package func instants(after start: Instant, days: Int) -> [Instant] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: timezone) ?? .gmt
        let first = calendar.startOfDay(for: Date(timeIntervalSince1970: Double(start.milliseconds) / 1000))
        var found: [Instant] = []
        for offset in 0..<max(days, 0) {
            guard let day = calendar.date(byAdding: .day, value: offset, to: first) else { continue }
            // Calendar counts from Sunday as 1; ISO from Monday.
            let weekday = (calendar.component(.weekday, from: day) + 5) % 7 + 1
            for slot in slots where slot.weekday == weekday {
                let at = calendar.date(bySettingHour: slot.minute / 60, minute: slot.minute % 60, second: 0, of: day)
                guard let at else { continue }
                let instant = Instant(seconds: Int64(at.timeIntervalSince1970.rounded()))
                if instant > start { found.append(instant) }
            }
        }
        return found.sorted()
    }
}
