public import Foundation

/// Many deliveries that are sent again.
public struct Replay: Codable, Hashable, Sendable {
    /// Nil: a dry run, which only counts.
    public var id: String?
    public var webhookId: String
    public var state: ReplayState
    public var since: Date
    public var until: Date
    public var states: [ReplayedState]
    public var events: [String]
    public var codes: [Int]
    public var ratePerSecond: Int
    public var total: Int
    public var sent: Int
    public var createdAt: Date
    public var updatedAt: Date
}

/// Which deliveries are to be sent again.
public struct ReplayWish: Codable, Hashable, Sendable {
    public var since: Date
    public var until: Date?
    public var states: [ReplayedState]?
    public var events: [EventType]?
    /// HTTP statuses that the receiver answered.
    public var codes: [Int]?
    /// Counts, and sends nothing.
    public var dryRun: Bool?
    public var ratePerSecond: Int?

    public init(
        since: Date, until: Date? = nil, states: [ReplayedState]? = nil, events: [EventType]? = nil, codes: [Int]? = nil,
        dryRun: Bool? = nil, ratePerSecond: Int? = nil
    ) {
        self.since = since
        self.until = until
        self.states = states
        self.events = events
        self.codes = codes
        self.dryRun = dryRun
        self.ratePerSecond = ratePerSecond
    }
}
