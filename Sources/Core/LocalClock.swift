import Foundation

/// Wall-clock time in one time zone. Foundation's zone tables are used for offsets only; which instant a wall time means
/// when clocks change is decided here, so that it is the same on every system.
package struct LocalClock: Sendable {
    private let zone: TimeZone

    /// Nil when there is no zone of that IANA name.
    package init?(_ identifier: String) {
        guard identifier.utf8.count <= 64, let zone = TimeZone(identifier: identifier) else { return nil }
        self.zone = zone
    }

    /// The instant at which clocks show that time on that day; the first one when they show it twice.
    /// - Returns: nil when they never do, because they are put forward over it.
    package func instant(_ day: CalendarDay, minuteOfDay: Int) -> Instant? {
        let wall = day.ordinal &* 86_400 &+ Int64(minuteOfDay) &* 60
        // No zone changes its clocks twice within two days, so these are the only offsets that can hold.
        let candidates = [offset(atSecond: wall - 86_400), offset(atSecond: wall + 86_400)].map { wall &- $0 }
        return candidates.filter { $0 &+ offset(atSecond: $0) == wall }.min().map { Instant(seconds: $0) }
    }

    /// What clocks show at an instant.
    package func local(_ instant: Instant) -> (day: CalendarDay, minuteOfDay: Int) {
        let wall = instant.seconds &+ offset(atSecond: instant.seconds)
        let second = wall % 86_400
        let inDay = second < 0 ? second + 86_400 : second
        return (CalendarDay(ordinal: (wall - inDay) / 86_400), Int(inDay / 60))
    }

    private func offset(atSecond second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }
}
