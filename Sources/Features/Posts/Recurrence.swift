package import Contract
package import Core

/// How a post repeats: when one occurrence begins to be published, the next is scheduled, once. The repetition moves on to
/// it: an occurrence that failed and is scheduled again does not begin a second series.
package struct Recurrence: Sendable, Hashable {
    package enum Unit: String, Sendable, CaseIterable, APIEnum {
        case day = "DAY"
        case week = "WEEK"
        case month = "MONTH"
    }

    package var every: Unit
    package var interval: Int
    package var until: Instant?
    /// How many occurrences are left, the present one not counted; nil: no end.
    package var remaining: Int?
    /// The occurrence from which days and times are counted, when the present one may not show them: the 31st becomes the
    /// 30th in some months, and clocks skip some times. Not told, and nil in the series' first occurrence.
    var anchor: Instant?
}

extension Recurrence: APIObject {
    package static let name = "Recurrence"
    package static let properties: [Property<Self>] = [
        Property("every", "DAY, WEEK or MONTH.") { $0.every },
        Property("interval", "Every how many of them.") { $0.interval },
        Property("until", "No occurrence is later.") { $0.until },
        Property("remaining", "How many follow this one; null: no end.") { $0.remaining },
    ]
    package static let example = Recurrence(every: .week, interval: 1, until: nil, remaining: 9)
}

extension Recurrence {
    private static let anchorKey = "anchor"

    /// As it is stored: what the API tells, and the anchor.
    var stored: String {
        guard case .object(var members) = try? JSONValue(parsing: RawJSON(rendering: self).text) else { return "{}" }
        if let anchor { members.append(.init(Self.anchorKey, .int(anchor.milliseconds))) }
        return JSONValue.object(members).text
    }

    init?(stored text: String?) {
        guard let text, case .object(let members) = try? JSONValue(parsing: text) else { return nil }
        var issues: [FieldIssue] = []
        let told = JSONValue.object(members.filter { $0.key != Self.anchorKey })
        guard let input = RecurrenceInput.read(told, at: "", issues: &issues) else { return nil }
        self = input.recurrence
        anchor = members.first { $0.key == Self.anchorKey }?.value.int.map { Instant(milliseconds: $0) }
    }
}

/// A recurrence, as a request gives it.
package struct RecurrenceInput: APIInput {
    package var recurrence = Recurrence(every: .week, interval: 1, until: nil, remaining: nil)

    package init() {}

    package static let name = "RecurrenceInput"
    package static let fields: [InputField<Self>] = [
        InputField("every", "DAY, WEEK or MONTH.", required: true) { $0.recurrence.every = $1 },
        InputField("interval", "Every how many of them; 1 unless said otherwise.", .range(1...366)) {
            $0.recurrence.interval = $1
        },
        InputField("until", "No occurrence is later.") { (input: inout Self, value: Change<Instant>) in
            input.recurrence.until = value.value
        },
        InputField("remaining", "How many follow this one.", .ifSet(.range(0...1000))) {
            (input: inout Self, value: Change<Int>) in
            input.recurrence.remaining = value.value
        },
    ]
    package static let example: JSONValue = ["every": "WEEK", "interval": 1, "remaining": 9]
}
