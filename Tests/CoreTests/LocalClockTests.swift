import Core
import Testing

/// Wall time and daylight saving.
@Suite struct LocalClockTests {
    private func instant(_ zone: String, _ day: String, _ hour: Int, _ minute: Int = 0) throws -> String? {
        let clock = try #require(LocalClock(zone))
        return clock.instant(try #require(CalendarDay(day)), minuteOfDay: hour * 60 + minute)?.description
    }

    @Test func theSameWallTimeIsAnotherInstantInSummer() throws {
        #expect(try instant("Europe/Berlin", "2026-03-28", 9) == "2026-03-28T08:00:00Z")
        #expect(try instant("Europe/Berlin", "2026-03-29", 9) == "2026-03-29T07:00:00Z")
        #expect(try instant("America/New_York", "2026-11-01", 12) == "2026-11-01T17:00:00Z")
        #expect(try instant("Asia/Kathmandu", "2026-11-01", 12) == "2026-11-01T06:15:00Z")
    }

    @Test func aTimeThatClocksSkipIsNone() throws {
        #expect(try instant("Europe/Berlin", "2026-03-29", 2, 30) == nil)
        #expect(try instant("Europe/Berlin", "2026-03-29", 3) == "2026-03-29T01:00:00Z")
        #expect(try instant("America/New_York", "2026-03-08", 2, 15) == nil)
    }

    @Test func aTimeThatClocksShowTwiceIsTheFirst() throws {
        #expect(try instant("Europe/Berlin", "2026-10-25", 2, 30) == "2026-10-25T00:30:00Z")
        #expect(try instant("America/New_York", "2026-11-01", 1, 30) == "2026-11-01T05:30:00Z")
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC", "Africa/Casablanca"])
    func thereAndBackAgainIsTheSame(_ zone: String) throws {
        let clock = try #require(LocalClock(zone))
        for day in stride(from: Int64(20_454), to: 20_819, by: 1) {
            for minute in stride(from: 0, to: 1_440, by: 75) {
                guard let instant = clock.instant(CalendarDay(ordinal: day), minuteOfDay: minute) else { continue }
                let back = clock.local(instant)
                #expect(back.day.ordinal == day && back.minuteOfDay == minute)
            }
        }
    }

    @Test func namesThatAreNoZonesAreRefused() {
        #expect(LocalClock("Europe/Nowhere") == nil)
        #expect(LocalClock("") == nil)
        #expect(LocalClock(String(repeating: "x", count: 10_000)) == nil)
    }

    @Test func daysKnowTheirWeekday() throws {
        #expect(try #require(CalendarDay("2026-03-29")).weekday == 7)
        #expect(try #require(CalendarDay("1969-12-31")).weekday == 3)
        #expect(try #require(CalendarDay("1969-12-31")).ordinal == -1)
        #expect(CalendarDay("2026-02-30") == nil)
        #expect(CalendarDay("2026-2-3") == nil)
    }
}
