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

/// `{"schedule":["5s","30s"]}` in a request.
package struct RetryInput: APIInput {
    package var schedule = RetrySchedule(delays: [])

    package init() {}

    package static let name = "RetryInput"
    package static let fields: [InputField<Self>] = [
        InputField(
            "schedule",
            "The waits after each failed attempt, such as [\"5s\",\"30s\",\"2m\"]; an empty list: one attempt only.",
            required: true, Rule<[WaitInput]> { RetrySchedule(delays: $0.map(\.delay)).issue }
        ) { $0.schedule = RetrySchedule(delays: $1.map(\.delay)) }
    ]
    package static let example: JSONValue = ["schedule": ["5s", "30s", "2m"]]
}
