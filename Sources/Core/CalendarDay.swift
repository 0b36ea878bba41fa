/// A day of the calendar, anywhere: no time and no zone. Days subtract and step like integers.
package struct CalendarDay: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// Days since 1970-01-01.
    package let ordinal: Int64

    package init(ordinal: Int64) { self.ordinal = ordinal }

    /// Reads `2026-03-08`; nil for everything else, days that do not exist included.
    package init?(_ text: String) {
        guard text.utf8.count == 10, let midnight = Instant(iso8601: text + "T00:00:00Z") else { return nil }
        ordinal = midnight.seconds / 86_400 - (midnight.seconds % 86_400 < 0 ? 1 : 0)
    }

    package var description: String { String(Instant(seconds: ordinal &* 86_400).description.prefix(10)) }

    /// 1 for Monday to 7 for Sunday, as ISO 8601 counts.
    package var weekday: Int {
        let days = (ordinal &+ 3) % 7
        return Int(days < 0 ? days + 7 : days) + 1
    }

    /// Saturday or Sunday.
    package var isWeekend: Bool { weekday > 5 }

    /// `03-08`: what tells days of a year apart.
    package var monthAndDay: String { String(description.suffix(5)) }

    /// The day that many days later, or earlier.
    package func advanced(by days: Int) -> CalendarDay { CalendarDay(ordinal: ordinal &+ Int64(days)) }

    package static func < (a: Self, b: Self) -> Bool { a.ordinal < b.ordinal }

    /// In English, Monday first.
    package static let weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    package var weekdayName: String { Self.weekdayNames.indices.contains(weekday - 1) ? Self.weekdayNames[weekday - 1] : "" }
}
