package import Contract
package import Core
import Foundation

/// What makes an automation run: an event, or the clock.
package struct AutomationTrigger: Sendable, Hashable {
    /// An event's name, or ``schedule``.
    package var type: String
    /// When, for the type `schedule`.
    package var timetable: Timetable?

    package struct Timetable: Sendable, Hashable {
        package var cron: CronExpression
        package var timezone: String
    }

    /// The type of those that run by the clock.
    package static let schedule = "schedule"

    /// When it runs next by the clock; nil for events.
    func next(after instant: Instant) -> Instant? {
        timetable.flatMap { $0.cron.next(after: instant, in: TimeZone(identifier: $0.timezone) ?? .gmt) }
    }

    var params: JSONValue {
        guard let timetable else { return [:] }
        return ["cron": .string(timetable.cron.text), "timezone": .string(timetable.timezone)]
    }
}

extension AutomationTrigger: APIObject {
    package static let name = "AutomationTrigger"
    package static let properties: [Property<Self>] = [
        Property("type", "An event, or schedule.") { $0.type },
        Property("params", "For schedule: cron and timezone.") { $0.params },
    ]
    package static let example = AutomationTrigger(type: "post.published", timetable: nil)
}

/// `{"type":"schedule","params":{"cron":"0 9 * * mon","timezone":"Europe/Berlin"}}` in a request.
package struct AutomationTriggerInput: APIInput {
    package var type = ""
    package var params: TimetableInput?

    package init() {}

    package static let name = "AutomationTriggerInput"
    package static let fields: [InputField<Self>] = [
        InputField("type", "An event's name, or schedule.", required: true, Rule { typeIssue($0) }) { $0.type = $1 },
        InputField("params", "For schedule: when.") { $0.params = $1 },
    ]
    package static let example: JSONValue = ["type": "post.published"]

    private static func typeIssue(_ type: String) -> String? {
        let known = FeatureList.events.map { $0.type } + [AutomationTrigger.schedule]
        return known.contains(type) ? nil : "must be one of \(known.joined(separator: ", "))"
    }

    /// What contradicts itself, at `path`.
    func issues(at path: String) -> [FieldIssue] {
        if type == AutomationTrigger.schedule {
            guard params?.cron == nil else { return [] }
            return [FieldIssue("\(path).params.cron", "is required for the type schedule, such as 0 9 * * mon-fri")]
        }
        guard params?.cron != nil || params?.timezone != nil else { return [] }
        return [FieldIssue("\(path).params", "is for the type schedule only; conditions say which events count")]
    }

    /// The trigger that this says, once it has no issues.
    var trigger: AutomationTrigger {
        let timetable = params?.cron.map { AutomationTrigger.Timetable(cron: $0, timezone: params?.timezone ?? "UTC") }
        return AutomationTrigger(type: type, timetable: timetable)
    }
}

/// When a scheduled automation runs.
package struct TimetableInput: APIInput {
    package var cron: CronExpression?
    package var timezone: String?

    package init() {}

    package static let name = "AutomationTimetableInput"
    package static let fields: [InputField<Self>] = [
        InputField("cron", "Minute, hour, day of month, month, day of week.", Rule { cronIssue($0) }) {
            $0.cron = try? CronExpression($1)
        },
        InputField("timezone", "The IANA time zone whose clocks count; UTC, when absent.", .timezone) { $0.timezone = $1 },
    ]
    package static let example: JSONValue = ["cron": "0 9 * * mon-fri", "timezone": "Europe/Berlin"]

    private static func cronIssue(_ text: String) -> String? {
        do throws(CronIssue) {
            _ = try CronExpression(text)
            return nil
        } catch {
            return error.description
        }
    }
}
