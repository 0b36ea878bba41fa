// ISO 8601 / RFC 3339, the one form the API speaks. Our own because the formatter of Foundation costs 112 us a parse
// (docs/decisions/0003-instants.md) and accepts less than we promise: any offset, any number of fraction digits.

extension Instant: CustomStringConvertible {
    /// `2026-02-03T10:30:00Z`: UTC, whole seconds.
    package var description: String {
        String(unsafeUninitializedCapacity: 20) { buffer in
            var count = 0
            writeISO8601 {
                buffer[count] = $0; count += 1
            }
            return count
        }
    }

    /// Feeds the bytes of ``description`` to `put`, for writers that own their buffer.
    package func writeISO8601(_ put: (UInt8) -> Void) {
        // Years outside 0...9999 have no RFC 3339 form; they are clamped rather than written wrongly.
        let clamped = min(max(seconds, -62_167_219_200), 253_402_300_799)
        var days = clamped / 86_400
        var rest = clamped % 86_400
        if rest < 0 { rest += 86_400; days -= 1 }
        let (year, month, day) = Self.civil(fromDays: days)
        func two(_ n: Int64) {
            put(UInt8(48 + n / 10))
            put(UInt8(48 + n % 10))
        }
        two(year / 100); two(year % 100); put(45)
        two(month); put(45)
        two(day); put(84)
        two(rest / 3600); put(58)
        two(rest / 60 % 60); put(58)
        two(rest % 60); put(90)
    }

    /// Parses `2026-02-03T10:30:00Z`, with any offset (`+01:00`) and any fraction (kept to the millisecond).
    /// Nil for everything else, dates that do not exist (February 30th) included.
    package init?(iso8601 text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        func digits(_ count: Int) -> Int64? {
            guard bytes.count >= count else { return nil }
            var value: Int64 = 0
            for _ in 0..<count {
                guard let byte = bytes.popFirst(), (48...57).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            return value
        }
        func skip(_ allowed: UInt8...) -> Bool {
            guard let next = bytes.first, allowed.contains(next) else { return false }
            bytes.removeFirst()
            return true
        }
        guard let year = digits(4), skip(45), let month = digits(2), skip(45), let day = digits(2),
            skip(84, 116, 32), let hour = digits(2), skip(58), let minute = digits(2), skip(58),
            let second = digits(2), (1...12).contains(month), day >= 1, day <= Self.daysIn(month: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction: Int64 = 0
        if skip(46, 44) {
            var scale: Int64 = 100
            var seen = 0
            while let byte = bytes.first, (48...57).contains(byte) {
                bytes.removeFirst()
                fraction += Int64(byte - 48) * scale
                scale /= 10
                seen += 1
            }
            guard seen > 0 else { return nil }
        }
        var offset: Int64 = 0
        if !skip(90, 122) {
            guard let sign = bytes.popFirst(), sign == 43 || sign == 45, let offsetHours = digits(2) else { return nil }
            _ = skip(58)
            guard let offsetMinutes = digits(2), offsetHours < 24, offsetMinutes < 60 else { return nil }
            offset = (offsetHours * 60 + offsetMinutes) * 60 * (sign == 45 ? -1 : 1)
        }
        guard bytes.isEmpty else { return nil }
        let days = Self.days(fromCivil: year, month, day)
        milliseconds = ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction - offset * 1000
    }

    private static func daysIn(month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Howard Hinnant's calendar algorithms ("chrono-Compatible Low-Level Date Algorithms"): proleptic Gregorian, exact.
    private static func days(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The calendar date that many days after 1970-01-01, proleptic Gregorian.
    package static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted + (shifted < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// The first instant of the UTC calendar month that holds this one, and of the month after it: the plan's
    /// posts-per-month quota counts inside this range.
    package var calendarMonth: Range<Instant> {
        var days = seconds / 86_400
        if seconds % 86_400 < 0 { days -= 1 }
        let (year, month, _) = Self.civil(fromDays: days)
        let start = Self.days(fromCivil: year, month, 1)
        let end = month == 12 ? Self.days(fromCivil: year + 1, 1, 1) : Self.days(fromCivil: year, month + 1, 1)
        return Instant(seconds: start * 86_400)..<Instant(seconds: end * 86_400)
    }

    /// The month that holds this instant, when months begin at the day and the time of `anchor`, or on the last day where a
    /// month is too short: what is renewed monthly since the 31st is renewed on April 30th and again on May 31st.
    package func month(from anchor: Instant) -> Range<Instant> {
        let (anchorDays, time) = anchor.daysAndTime
        let (_, _, day) = Self.civil(fromDays: anchorDays)
        func start(_ index: Int64) -> Instant {
            let (year, month) = (index / 12, index % 12 + 1)
            let days = Self.days(fromCivil: year, month, min(day, Self.daysIn(month: month, of: year)))
            return Instant(milliseconds: days * 86_400_000 + time)
        }
        let (year, month, _) = Self.civil(fromDays: daysAndTime.days)
        let index = year * 12 + month - 1
        return start(index) <= self ? start(index)..<start(index + 1) : start(index - 1)..<start(index)
    }

    /// Days since 1970, and milliseconds of the day.
    private var daysAndTime: (days: Int64, time: Int64) {
        let time = milliseconds % 86_400_000
        return time < 0 ? (milliseconds / 86_400_000 - 1, time + 86_400_000) : (milliseconds / 86_400_000, time)
    }
}
