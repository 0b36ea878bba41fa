import Core
import Foundation
import Testing

@testable import Features

@Suite struct CronTests {
    /// The next instants after `start`, as that zone's clocks show them with their offset.
    private func next(_ cron: String, after start: String, in zone: String = "UTC", count: Int = 1) throws -> [String] {
        let zone = try #require(TimeZone(identifier: zone))
        let expression = try CronExpression(cron)
        var instant = try #require(Instant(iso8601: start))
        var found: [String] = []
        for _ in 0..<count {
            guard let following = expression.next(after: instant, in: zone) else { break }
            instant = following
            found.append(instant.description)
        }
        return found
    }

    @Test(arguments: [
        ("* * * * *", "2026-02-03T10:30:00Z", "2026-02-03T10:31:00Z"),
        ("* * * * *", "2026-02-03T10:30:59Z", "2026-02-03T10:31:00Z"),
        ("*/15 * * * *", "2026-02-03T10:30:01Z", "2026-02-03T10:45:00Z"), ("5/1 * * * *", "2026-02-03T10:30:00Z", ""),
        ("10-40/10 9 * * *", "2026-02-03T09:20:00Z", "2026-02-03T09:30:00Z"),
        ("0 9 * * mon-fri", "2026-02-06T09:00:00Z", "2026-02-09T09:00:00Z"),
        ("0 9 * * 7", "2026-02-03T00:00:00Z", "2026-02-08T09:00:00Z"),
        ("0 9 * * 0", "2026-02-03T00:00:00Z", "2026-02-08T09:00:00Z"),
        ("0 9 * * SUN", "2026-02-03T00:00:00Z", "2026-02-08T09:00:00Z"),
        ("0 0 1 jan,jul *", "2026-02-03T00:00:00Z", "2026-07-01T00:00:00Z"),
        ("0 0 29 2 *", "2026-02-03T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"),
        // Both days restricted: one of them is enough. One of them a star: both must match.
        ("0 0 13 * fri", "2026-02-03T00:00:00Z", "2026-02-06T00:00:00Z"),
        ("0 0 */2 * fri", "2026-02-03T00:00:00Z", "2026-02-13T00:00:00Z"),
    ])
    func theNextInstantIs(_ cron: String, _ start: String, _ expected: String) throws {
        let found = (try? next(cron, after: start)) ?? []
        #expect(found == (expected.isEmpty ? [] : [expected]))
    }

    @Test func aTimeThatClocksSkipRunsRightAfterTheGap() throws {
        // Berlin goes from 02:00 to 03:00 on 2026-03-29.
        let found = try next("30 2 * * *", after: "2026-03-28T12:00:00Z", in: "Europe/Berlin", count: 2)
        #expect(found == ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"])
        let beforehand = try next("30 2 * * *", after: "2026-03-29T00:59:59Z", in: "Europe/Berlin")
        #expect(beforehand == ["2026-03-29T01:00:00Z"])
        let after = try next("30 2 * * *", after: "2026-03-29T01:00:00Z", in: "Europe/Berlin")
        #expect(after == ["2026-03-30T00:30:00Z"])
    }

    @Test func aTimeThatComesTwiceRunsTheFirstTime() throws {
        // Berlin goes from 03:00 back to 02:00 on 2026-10-25.
        let found = try next("30 2 * * *", after: "2026-10-24T12:00:00Z", in: "Europe/Berlin", count: 2)
        #expect(found == ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"])
        // Half an hour, on Lord Howe Island: 02:00 back to 01:30 on 2026-04-05.
        let odd = try next("45 1 * * *", after: "2026-04-04T12:00:00Z", in: "Australia/Lord_Howe", count: 2)
        #expect(odd == ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"])
    }

    @Test func everyHourGoesByRealTime() throws {
        let spring = try next("30 * * * *", after: "2026-03-28T23:45:00Z", in: "Europe/Berlin", count: 3)
        #expect(spring == ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"])
        let autumn = try next("30 * * * *", after: "2026-10-24T23:45:00Z", in: "Europe/Berlin", count: 3)
        #expect(autumn == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"])
    }

    @Test func nineStaysNineWhateverTheSeason() throws {
        let found = try next("0 9 * * *", after: "2026-03-27T12:00:00Z", in: "America/New_York")
        let earlier = try next("0 9 * * *", after: "2026-03-07T00:00:00Z", in: "America/New_York", count: 2)
        #expect(found == ["2026-03-27T13:00:00Z"])
        #expect(earlier == ["2026-03-07T14:00:00Z", "2026-03-08T13:00:00Z"])
    }

    @Test(arguments: [
        ("* * * *", "five fields"), ("60 * * * *", "minute \"60\" that must be 0 to 59"), ("* 24 * * *", "hour"),
        ("* * 0 * *", "day of month \"0\""), ("* * * foo *", "month \"foo\" that must be 1 to 12, or jan to dec"),
        ("* * * * 8", "day of week"), ("5-1 * * * *", "backwards"), ("*/0 * * * *", "step"), ("*/x * * * *", "step"),
        ("1,,2 * * * *", "minute \"\""), ("1/2/3 * * * *", "step"), ("5/10 * * * *", "step without"), ("+1 * * * *", "minute"),
        ("0 0 30 2 *", "never run"), ("0 0 31 4,6,9,11 *", "never run"), ("1-2-3 * * * *", "range"),
    ])
    func whatIsNoScheduleIsRefusedByItsField(_ cron: String, _ words: String) {
        var message = ""
        do throws(CronIssue) { _ = try CronExpression(cron) } catch { message = error.description }
        #expect(message.contains(words), "\(cron): \(message)")
    }

    @Test func everyInstantOfAYearAgreesWithTheClock() throws {
        // Against the clock itself: every minute of some weeks around both changes.
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let cron = try CronExpression("*/20 7-9 * * mon,wed")
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        for start in ["2026-03-20T00:00:00Z", "2026-10-18T00:00:00Z"] {
            let first = try #require(Instant(iso8601: start))
            var expected: [Instant] = []
            for minute in 1...(14 * 1440) {
                let instant = first + .seconds(minute * 60)
                let parts = calendar.dateComponents(
                    [.weekday, .hour, .minute], from: Date(timeIntervalSince1970: Double(instant.seconds)))
                let isDay = parts.weekday == 2 || parts.weekday == 4
                if isDay, (7...9).contains(parts.hour ?? 0), (parts.minute ?? 1) % 20 == 0 { expected.append(instant) }
            }
            var found: [Instant] = []
            var instant = first
            while found.count < expected.count, let next = cron.next(after: instant, in: zone) {
                instant = next
                found.append(next)
            }
            #expect(found == expected)
        }
    }
}
