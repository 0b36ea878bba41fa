package import Contract
package import Core

/// Sends again what a webhook missed, failed to take, or took already: at a chosen pace, with progress, to be paused,
/// resumed and cancelled.
package struct Replay: Sendable {
    package enum State: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case running = "RUNNING"
        case paused = "PAUSED"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
    }
    /// What is sent again. `missed`: events that match the webhook now but have no delivery, because it is newer than they
    /// are or its filter was another.
    package enum Selection: String, Sendable, CaseIterable, APIEnum { case failed, held, missed, succeeded, cancelled }

    package var id: ReplayID
    package var organizationID: OrganizationID
    package var webhookID: WebhookID
    package var state: State
    package var since: Instant
    package var until: Instant
    package var selections: [Selection]
    package var events: [String]
    package var codes: [Int]
    package var ratePerSecond: Int
    /// The place in the feed that has been looked at.
    package var position: Int64
    /// The last place to look at.
    package var end: Int64
    /// Events that were looked at, and deliveries that were made due.
    package var scanned: Int64
    package var sent: Int64
    package var total: Int64
    package var createdAt: Instant
    package var updatedAt: Instant
}

extension Replay: APIObject {
    package static let name = "Replay"
    package static let properties: [Property<Self>] = [
        Property("id", "The replay's id; null for a dry run.") { $0.id.rawValue.isEmpty ? nil : $0.id.rawValue },
        Property("webhookId", "The webhook.") { $0.webhookID },
        Property("state", "Where it is.") { $0.state },
        Property("since", "Events from this instant on...") { $0.since },
        Property("until", "...and before this one.") { $0.until },
        Property("states", "What is sent again.") { $0.selections },
        Property("events", "Only these event types; empty: all.") { $0.events },
        Property("codes", "Only deliveries whose last answer had one of these statuses; empty: all.") { $0.codes },
        Property("ratePerSecond", "At most this many are made due in a second.") { $0.ratePerSecond },
        Property("total", "How many were to be sent when it began.") { $0.total },
        Property("sent", "How many have been made due.") { $0.sent },
        Property("createdAt", "When it was asked for.") { $0.createdAt },
        Property("updatedAt", "When it last did something.") { $0.updatedAt },
    ]
    package static let example = Replay(
        id: ID("cmb2k7q0x0000000000000017"), organizationID: ID("clx789xyz"), webhookID: ID("cmb2k7q0x0000000000000007"),
        state: .running, since: Instant(seconds: 1_770_028_200), until: Instant(seconds: 1_770_114_600), selections: [.failed],
        events: [], codes: [], ratePerSecond: 20, position: 0, end: 100, scanned: 40, sent: 12, total: 31,
        createdAt: Instant(seconds: 1_770_114_600), updatedAt: Instant(seconds: 1_770_114_601))
}

/// What a request says of a replay.
package struct ReplayInput: APIInput {
    package var since = Instant(seconds: 0)
    package var until: Instant?
    package var selections = [Replay.Selection.failed]
    package var events: [String] = []
    package var codes: [Int] = []
    package var isDryRun = false
    package var ratePerSecond = 20

    package init() {}

    package static let name = "ReplayInput"
    package static let fields: [InputField<Self>] = [
        InputField("since", "Events from this instant on; not before what is kept.", required: true) { $0.since = $1 },
        InputField("until", "Events before this instant; all until now, when absent.") { $0.until = $1 },
        InputField("states", "What is sent again: failed (the default), held, missed, succeeded, cancelled.", .count(1...5)) {
            $0.selections = $1
        },
        InputField("events", "Only these event types.", .count(0...100), .each(.length(1...64))) { $0.events = $1 },
        InputField("codes", "Only deliveries whose last answer had one of these statuses.", .count(0...100)) { $0.codes = $1 },
        InputField("dryRun", "Only count.") { $0.isDryRun = $1 },
        InputField("ratePerSecond", "At most this many in a second; 20 unless said otherwise.", .range(1...1000)) {
            $0.ratePerSecond = $1
        },
    ]
    package static let example: JSONValue = ["since": "2026-02-03T00:00:00Z", "states": ["failed"], "dryRun": true]
}
