/// A schedule as cron writes it: minute, hour, day of month, month, day of week. `0 9 * * mon-fri` is nine in the morning
/// from Monday to Friday.
///
/// Each field takes `*`, numbers, ranges, lists and steps (`*/15`, `10-40/10`); months and days of the week their English
/// names' first three letters too; Sunday is 0 and 7. As in cron, when both days are restricted one of them is enough.
package struct CronExpression: Hashable, Sendable {
    /// As it was written.
    package let text: String
    let minutes: Set<Int>
    let hours: Set<Int>
    let days: Set<Int>
    let months: Set<Int>
    /// 0 is Sunday.
    let weekdays: Set<Int>
    /// Whether a date needs only one of its two days to match.
    private let isEitherDay: Bool

    /// Runs in every hour, so that no hour of the clock matters: it goes by real time when clocks change.
    var isEveryHour: Bool { hours.count == 24 }

    /// - Throws: ``CronIssue`` naming the field that is wrong and what is allowed.
    package init(_ text: String) throws(CronIssue) {
        guard text.utf8.count <= 200 else { throw CronIssue("must have at most 200 characters") }
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count == 5 else {
            throw CronIssue(
                "must have five fields, minute hour day-of-month month day-of-week, such as 0 9 * * mon-fri; it has \(words.count)"
            )
        }
        self.text = text
        minutes = try CronField.minute.values(of: words[0])
        hours = try CronField.hour.values(of: words[1])
        days = try CronField.day.values(of: words[2])
        months = try CronField.month.values(of: words[3])
        weekdays = Set(try CronField.weekday.values(of: words[4]).map { $0 % 7 })
        isEitherDay = !words[2].hasPrefix("*") && !words[4].hasPrefix("*")
        let longest = months.map { Self.longestMonth[$0 - 1] }.max() ?? 31
        guard isEitherDay || (days.min() ?? 1) <= longest else {
            throw CronIssue("names a day that none of its months has, so it would never run")
        }
    }

    /// Days of each month in its longest year.
    private static let longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// True when it runs on such a day.
    func matches(month: Int, day: Int, weekday: Int) -> Bool {
        guard months.contains(month) else { return false }
        let (isDay, isWeekday) = (days.contains(day), weekdays.contains(weekday))
        return isEitherDay ? isDay || isWeekday : isDay && isWeekday
    }
}

/// What is wrong with a cron expression, as the end of a sentence that begins with the field.
package struct CronIssue: Error, Hashable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// One of the five fields.
private struct CronField {
    var name: String
    var range: ClosedRange<Int>
    var names: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let day = CronField(name: "day of month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let weekday = CronField(
        name: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    func values(of text: Substring) throws(CronIssue) -> Set<Int> {
        var all: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard pieces.count <= 2, let base = pieces.first else { throw issue(part, "has more than one step") }
            let span = try span(of: base)
            var step = 1
            if pieces.count == 2 {
                guard base == "*" || base.contains("-") else { throw issue(part, "has a step without * or a range before it") }
                guard let number = Int(pieces[1]), (1...range.upperBound).contains(number) else {
                    throw issue(part, "has a step that is no number from 1 to \(range.upperBound)")
                }
                step = number
            }
            all.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        return all
    }

    private func span(of text: Substring) throws(CronIssue) -> ClosedRange<Int> {
        // The seventh day is another name of Sunday, no eighth day.
        if text == "*" { return name == Self.weekday.name ? 0...6 : range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = ends.first, let last = ends.last else { throw issue(text, "is no range") }
        let (low, high) = (try number(first), try number(last))
        guard low <= high else { throw issue(text, "runs backwards; write it as a list of two ranges") }
        return low...high
    }

    private func number(_ text: Substring) throws(CronIssue) -> Int {
        if let index = names.firstIndex(of: text.lowercased()) { return index + range.lowerBound }
        if text.utf8.count <= 2, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            range.contains(number)
        {
            return number
        }
        let words = names.isEmpty ? "" : ", or \(names.first ?? "") to \(names.last ?? "")"
        throw issue(text, "must be \(range.lowerBound) to \(range.upperBound)\(words)")
    }

    private func issue(_ text: Substring, _ what: String) -> CronIssue {
        CronIssue("has a \(name) \"\(text.prefix(40))\" that \(what)")
    }
}
