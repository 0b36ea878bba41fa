package import Contract
package import Core

/// Weekly slots: a post that takes its time from a queue is scheduled for the next slot that is free.
package struct PostingQueue: Sendable {
    package var id: QueueID
    package var brandID: BrandID
    package var title: String
    package var timezone: String
    package var slots: [QueueSlot]
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

extension PostingQueue: APIObject {
    package static let name = "Queue"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The queue's id.") { $0.id },
        Property("brandId", "The brand.") { $0.brandID },
        Property("name", "Its name.") { $0.title },
        Property("timezone", "The time zone of its slots.") { $0.timezone },
        Property("slots", "Its slots in each week.") { $0.slots },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = PostingQueue(
        id: ID("cmb2k7q0x0000000000000051"), brandID: ID("clx456def"), title: "Weekdays at nine", timezone: "Europe/Berlin",
        slots: [.example], createdAt: Instant(seconds: 1_770_114_600), updatedAt: Instant(seconds: 1_770_114_600), version: 1)
}

/// A minute of the week.
package struct QueueSlot: Sendable, Hashable, Comparable {
    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int
    /// Minutes since midnight.
    package var minute: Int

    package static func < (a: Self, b: Self) -> Bool { (a.weekday, a.minute) < (b.weekday, b.minute) }

    package var time: String {
        let hour = minute / 60, rest = minute % 60
        return (hour < 10 ? "0" : "") + String(hour) + (rest < 10 ? ":0" : ":") + String(rest)
    }
}

extension QueueSlot: APIObject {
    package static let name = "QueueSlot"
    package static let properties: [Property<Self>] = [
        Property("weekday", "1 is Monday, 7 is Sunday.") { $0.weekday },
        Property("time", "The time of day, HH:MM.") { $0.time },
    ]
    package static let example = QueueSlot(weekday: 1, minute: 540)
}

/// A slot, as a request gives it.
package struct QueueSlotInput: APIInput {
    package var slot = QueueSlot(weekday: 1, minute: 0)

    package init() {}

    package static let name = "QueueSlotInput"
    package static let fields: [InputField<Self>] = [
        InputField("weekday", "1 is Monday, 7 is Sunday.", required: true, .range(1...7)) { $0.slot.weekday = $1 },
        InputField("time", "The time of day, HH:MM.", required: true, timeOfDay) { $0.slot.minute = minutes(of: $1) ?? 0 },
    ]
    package static let example: JSONValue = ["weekday": 1, "time": "09:00"]

    private static func minutes(of text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(\.isDigit) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    private static let timeOfDay = Rule<String>([.init("pattern", "^([01][0-9]|2[0-3]):[0-5][0-9]$")]) { text in
        minutes(of: text) == nil ? "must be a time of day such as 09:00" : nil
    }
}

/// What a request says of a queue.
package struct QueueInput: APIInput {
    package var brandID: BrandID?
    package var title: String?
    package var timezone: String?
    package var slots: [QueueSlotInput]?

    package init() {}

    package static let name = "QueueInput"
    package static let fields: [InputField<Self>] = [
        InputField("brandId", "The brand; required when creating.") { $0.brandID = $1 },
        InputField("name", "Its name; required when creating.", .length(1...120)) { $0.title = $1 },
        InputField("timezone", "The time zone of its slots; the organization's unless said otherwise.", .timezone) {
            $0.timezone = $1
        },
        InputField("slots", "Its slots in each week; required when creating.", .count(1...200)) { $0.slots = $1 },
    ]
    package static let example: JSONValue = [
        "brandId": "clx456def", "name": "Weekdays at nine", "timezone": "Europe/Berlin",
        "slots": [["weekday": 1, "time": "09:00"], ["weekday": 3, "time": "09:00"]],
    ]
}
