package import Contract
package import Core

/// The waits after each failed attempt. Written `5s,30s,2m,10m`: a number and s, m, h or d.
package struct RetrySchedule: Hashable, Sendable {
    package var delays: [Duration]

    package init(delays: [Duration]) { self.delays = delays }

    /// 12 attempts over 70 h 42 m 35 s.
    package static let standard = RetrySchedule(
        delays: [
            .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800), .seconds(3600), .seconds(10_800),
            .seconds(21_600),
            .seconds(43_200), .seconds(86_400), .seconds(86_400),
        ])

    /// Schedules with a name.
    package enum Preset: String, Sendable, CaseIterable, APIEnum { case fast, `default`, patient, none }

    /// `fast`: 5 attempts in an hour. `patient`: 20 attempts over 10 days. `none`: one attempt only.
    package static let presets: [(name: Preset, schedule: RetrySchedule)] = [
        (.fast, RetrySchedule(delays: [.seconds(30), .seconds(120), .seconds(600), .seconds(2850)])),
        (.default, .standard),
        (
            .patient,
            RetrySchedule(
                delays: [5, 30, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200].map { .seconds($0) }
                    + Array(repeating: .seconds(86_400), count: 9))
        ),
        (.none, RetrySchedule(delays: [])),
    ]

    /// - Throws: ``ScheduleIssue`` naming the part that is wrong and what is allowed.
    package init(_ text: String) throws(ScheduleIssue) {
        delays = []
        if text.allSatisfy(\.isWhitespace) { return }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            delays.append(try Self.delay(String(part)))
        }
        if let issue = issue { throw ScheduleIssue(description: issue) }
    }

    /// `90s`, `2m`, `1h`, `1d`; a bare number is seconds.
    package static func delay(_ text: String) throws(ScheduleIssue) -> Duration {
        let trimmed = text.filter { !$0.isWhitespace }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let factor = trimmed.last.flatMap { units[$0] }
        let digits = factor == nil ? trimmed[...] : trimmed.dropLast()
        guard digits.utf8.count <= 7, !digits.isEmpty, let number = Int(digits), number >= 0 else {
            throw ScheduleIssue(
                description: "\"\(text.prefix(32))\" is no wait; allowed are numbers with s, m, h or d, such as 5s,30s,2m,1h")
        }
        return .seconds(number * (factor ?? 1))
    }

    /// What is wrong with the schedule as a whole: at most 25 waits, each 1 s to 48 h, 14 days together.
    package var issue: String? {
        if delays.count > 25 { return "has \(delays.count) waits; allowed are at most 25" }
        if delays.contains(where: { $0 < .seconds(1) || $0 > .seconds(172_800) }) { return "has a wait outside 1s to 48h" }
        if delays.reduce(.zero, +) > .seconds(1_209_600) { return "has more than 14 days together" }
        return nil
    }

    /// The stored form: seconds, comma separated.
    package var text: String { delays.map { "\($0.components.seconds)s" }.joined(separator: ",") }
}

/// A retry schedule that cannot be used, and why.
package struct ScheduleIssue: Error, CustomStringConvertible {
    package let description: String
}

/// A wait in a request: `"30s"`, or seconds as a number.
struct WaitInput: ReadableValue {
    var delay: Duration

    static let schema: JSONValue = [
        "anyOf": [["type": "string", "pattern": "^[0-9]+[smhd]?$"], ["type": "integer", "minimum": 1]]
    ]

    static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        let text = json.string ?? json.int.map(String.init) ?? ""
        do {
            return Self(delay: try RetrySchedule.delay(text))
        } catch {
            issues.append(FieldIssue(path, error.description))
            return nil
        }
    }
}

/// `{"schedule":["5s","30s"]}` or `{"preset":"patient"}` in a request.
package struct RetryInput: APIInput {
    package var given: RetrySchedule?
    package var preset: RetrySchedule.Preset?

    package init() {}

    /// The schedule that is meant; an empty object means the server's own.
    package var schedule: RetrySchedule? {
        given ?? preset.flatMap { name in RetrySchedule.presets.first { $0.name == name }?.schedule }
    }

    package static let name = "RetryInput"
    package static let fields: [InputField<Self>] = [
        InputField(
            "schedule",
            "The waits after each failed attempt, such as [\"5s\",\"30s\",\"2m\"]; an empty list: one attempt only.",
            Rule<[WaitInput]> { RetrySchedule(delays: $0.map(\.delay)).issue }
        ) { $0.given = RetrySchedule(delays: $1.map(\.delay)) },
        InputField("preset", "Instead of a schedule: fast (5 attempts in an hour), default, patient (20 in 10 days), none.") {
            $0.preset = $1
        },
    ]
    package static let example: JSONValue = ["schedule": ["5s", "30s", "2m"]]
}
