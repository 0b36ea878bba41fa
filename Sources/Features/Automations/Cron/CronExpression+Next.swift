package import Core
package import Foundation

/// When a schedule runs next, by the clocks of a time zone. Foundation's tables are asked for offsets only; what happens when
/// clocks change is decided here, as cron users know it: a time that is skipped runs right after the gap, a time that comes
/// twice runs the first time. A schedule of every hour goes by real time instead.
extension CronExpression {
    /// The first instant after `instant` at which it runs; nil when there is none within nine years, which holds every leap day.
    package func next(after instant: Instant, in zone: TimeZone) -> Instant? {
        let clock = Clock(zone: zone)
        var second = instant.seconds - Wall.remainder(instant.seconds, 60)
        let end = second &+ 9 * 366 * 86_400
        var step: Int64 = 60
        while second < end {
            let offset = clock.offset(at: second)
            if clock.offset(at: second + step) == offset {
                second += step
            } else {
                let change = clock.change(from: second, to: second + step)
                let later = clock.offset(at: change)
                if later > offset, !isEveryHour, matchesAny(from: change + offset, to: change + later) {
                    return Instant(seconds: change)
                }
                second = change
            }
            let wall = Wall(second + clock.offset(at: second))
            if let wait = wait(at: wall) {
                step = wait
            } else if isEveryHour || !clock.isRepeat(second) {
                return Instant(seconds: second)
            } else {
                step = 60
            }
        }
        return nil
    }

    /// How long it cannot match from `wall` on; nil when it matches.
    private func wait(at wall: Wall) -> Int64? {
        guard matches(month: wall.month, day: wall.day, weekday: wall.weekday) else { return 86_400 - wall.secondOfDay }
        guard hours.contains(Int(wall.secondOfDay / 3600)) else { return 3600 - wall.secondOfDay % 3600 }
        return minutes.contains(Int(wall.secondOfDay / 60 % 60)) ? nil : 60 - wall.secondOfDay % 60
    }

    /// Whether it matches some minute that clocks skip.
    private func matchesAny(from start: Int64, to end: Int64) -> Bool {
        stride(from: start, to: end, by: 60).contains { wait(at: Wall($0)) == nil }
    }
}

/// What clocks show.
private struct Wall {
    let month: Int
    let day: Int
    /// 0 is Sunday.
    let weekday: Int
    let secondOfDay: Int64

    /// - Parameter second: as if 1970 had begun by these clocks.
    init(_ second: Int64) {
        secondOfDay = Self.remainder(second, 86_400)
        let days = (second - secondOfDay) / 86_400
        let date = Instant.civil(fromDays: days)
        month = Int(date.month)
        day = Int(date.day)
        // 1970 began on a Thursday.
        weekday = Int(Self.remainder(days + 4, 7))
    }

    static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }
}

private struct Clock {
    let zone: TimeZone

    func offset(at second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    /// The first second with another offset than `start` has, given that `end` has another.
    func change(from start: Int64, to end: Int64) -> Int64 {
        let before = offset(at: start)
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return high
    }

    /// True when clocks have shown this time before, because they were put back within the last three hours.
    func isRepeat(_ second: Int64) -> Bool {
        let (earlier, present) = (offset(at: second - 10_800), offset(at: second))
        return earlier > present && offset(at: second + present - earlier) == earlier
    }
}
