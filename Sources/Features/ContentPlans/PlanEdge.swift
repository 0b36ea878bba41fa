package import Contract
package import Core

/// Where a plan begins or ends: a whole day of its time zone, or an instant.
package enum PlanEdge: Sendable, Hashable {
    case day(CalendarDay)
    case instant(Instant)

    package var text: String {
        switch self {
        case .day(let day): day.description
        case .instant(let instant): instant.description
        }
    }
}

extension PlanEdge: WritableValue, ReadableValue {
    package static var schema: JSONValue {
        ["type": "string", "anyOf": [["format": "date"], ["format": "date-time"]]]
    }
    package func write(to writer: inout JSONWriter) { writer.string(text) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        if let text = json.string {
            if let day = CalendarDay(text) { return .day(day) }
            if let instant = Instant(iso8601: text) { return .instant(instant) }
        }
        issues.append(FieldIssue(path, "must be a day such as 2026-03-08, or an instant such as 2026-03-08T09:00:00Z"))
        return nil
    }
}

/// The days of a plan, and what its edges cut off the first and the last of them.
package struct PlanSpan: Sendable, Hashable {
    package var from: CalendarDay
    package var to: CalendarDay
    package var notBefore: Instant?
    package var notAfter: Instant?

    /// One week to three months.
    package static let lengths = 7...92

    package var days: Int { Int(clamping: to.ordinal &- from.ordinal) + 1 }

    /// Instants count for the days that they touch; a midnight at the end, or an odd first piece of a day, only where the
    /// allowed length has room for it.
    package init(from: PlanEdge, to: PlanEdge, clock: LocalClock) {
        switch from {
        case .day(let day): self.from = day
        case .instant(let instant):
            self.from = clock.local(instant).day
            notBefore = instant
        }
        switch to {
        case .day(let day): self.to = day
        case .instant(let instant):
            let (day, minute) = clock.local(instant)
            self.to = day
            notAfter = instant
            if minute == 0, days > Self.lengths.lowerBound { self.to = day.advanced(by: -1) }
        }
        if notBefore != nil, days == Self.lengths.upperBound + 1 { self.from = self.from.advanced(by: 1) }
    }
}
