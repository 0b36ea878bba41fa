import Core
import Testing

@Suite struct InstantTests {
    @Test(arguments: [
        ("2026-02-03T10:30:00Z", "2026-02-03T10:30:00Z"), ("2026-02-03T11:30:00+01:00", "2026-02-03T10:30:00Z"),
        ("2026-02-03t10:30:00.999z", "2026-02-03T10:30:00Z"), ("2024-02-29T23:59:59-0030", "2024-03-01T00:29:59Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"), ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("1969-12-31T23:59:59.500Z", "1969-12-31T23:59:59Z"),
    ])
    func readsEveryOffsetAndWritesUTC(text: String, expected: String) {
        #expect(Instant(iso8601: text)?.description == expected)
    }

    @Test(arguments: [
        "", "2026-02-30T10:00:00Z", "2026-13-01T00:00:00Z", "2026-02-03", "2026-02-03T10:30:00", "2026-02-03T24:00:00Z",
        "2026-02-03T10:30:00Z ", "2026-02-03T10:30:00.Z", "yesterday", "2026-02-03T10:30:00+25:00", "２026-02-03T10:30:00Z",
    ])
    func refusesWhatIsNoInstant(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test func arithmeticSaturatesInsteadOfTrapping() {
        #expect(Instant(milliseconds: .max) + .seconds(1) == Instant(milliseconds: .max))
        #expect(Instant(milliseconds: .min) - .seconds(1) == Instant(milliseconds: .min))
    }

    @Test func calendarMonthCoversDecember() {
        let month = Instant(iso8601: "2026-12-31T23:59:59Z")?.calendarMonth
        #expect(month?.lowerBound.description == "2026-12-01T00:00:00Z")
        #expect(month?.upperBound.description == "2027-01-01T00:00:00Z")
    }

    @Test func monthsBeginWhereTheyAreAnchored() throws {
        let table = [
            ("2026-01-31T12:00:00Z", "2026-02-15T00:00:00Z", "2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z"),
            ("2026-01-31T12:00:00Z", "2026-02-28T11:59:59.999Z", "2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z"),
            ("2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z", "2026-02-28T12:00:00Z", "2026-03-31T12:00:00Z"),
            ("2023-12-31T23:59:59Z", "2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z", "2024-03-31T23:59:59Z"),
            ("2026-02-03T10:30:00Z", "2027-01-01T00:00:00Z", "2026-12-03T10:30:00Z", "2027-01-03T10:30:00Z"),
            ("2026-02-03T10:30:00Z", "2026-02-03T10:30:00Z", "2026-02-03T10:30:00Z", "2026-03-03T10:30:00Z"),
            ("1969-12-31T23:00:00Z", "1970-01-30T00:00:00Z", "1969-12-31T23:00:00Z", "1970-01-31T23:00:00Z"),
        ]
        for (anchor, moment, start, end) in table {
            let month = try #require(Instant(iso8601: moment)).month(from: try #require(Instant(iso8601: anchor)))
            #expect(month.lowerBound.description == start && month.upperBound.description == end)
        }
    }
}
