import Core

/// One organization's counters in this process: pure arithmetic, so that every rule can be seen at once.
struct RateAccount {
    /// Begins at a whole UTC hour.
    private(set) var start: Instant
    /// The limit that the latest request came with.
    private(set) var limit: Int
    /// Requests that this process let through.
    private(set) var used = 0
    /// Requests that this process has reserved in the table, the used ones included.
    private(set) var granted = 0
    /// Reserved by other processes, or by a run of this one that ended without giving back; as of the last reservation.
    private var elsewhere = 0
    /// The limit at which the table had nothing left, and when that was seen.
    private var exhausted: (limit: Int, at: Instant)?
    /// Someone waits for, or will soon need, another block.
    var wantsMore = false

    init(start: Instant, limit: Int) {
        self.start = start
        self.limit = limit
    }

    static let hour: Int64 = 3_600_000

    static func hourStart(of now: Instant) -> Instant {
        let rest = now.milliseconds % hour
        return Instant(milliseconds: now.milliseconds &- (rest < 0 ? rest + hour : rest))
    }

    /// A block is about a fiftieth of the limit: what a killed process takes with it is lost until the hour ends, and
    /// every block costs one durable write.
    var block: Int { min(max(limit / 50, 1), 200) }

    var resetsAt: Instant { start + .milliseconds(Self.hour) }
    var unused: Int { max(granted - used, 0) }

    /// Moves on to the hour of `now`. A clock reading that is slightly older, taken by a thread that came late, does not
    /// move back; a clock that was set back does.
    mutating func enter(_ now: Instant, limit: Int) {
        self.limit = limit
        let current = Self.hourStart(of: now)
        guard current != start, now >= start || start - now > .seconds(60) else { return }
        start = current
        used = 0
        granted = 0
        elsewhere = 0
        exhausted = nil
    }

    /// Lets one request through or refuses it; nil when only the table can tell.
    mutating func decide(_ now: Instant) -> Allowance? {
        if used + elsewhere >= limit { return refuse(now) }
        if used < granted {
            used += 1
            if unused <= block / 2, exhausted == nil { wantsMore = true }
            return Allowance(limit: limit, remaining: limit - used - elsewhere, resetsAt: resetsAt, isAllowed: true)
        }
        if let exhausted, limit <= exhausted.limit { return refuse(now) }
        return nil
    }

    private mutating func refuse(_ now: Instant) -> Allowance {
        // What others hold may come back when they stop: look again, but at most once a second, and let nobody wait for it.
        let isStale = exhausted.map { now - $0.at >= .seconds(1) || now < $0.at } ?? true
        if elsewhere > 0, isStale { wantsMore = true }
        return Allowance(limit: max(limit, 0), remaining: 0, resetsAt: resetsAt, isAllowed: false)
    }

    /// Books the table's answer to a reservation of `block` for the hour that began at `start`.
    mutating func book(_ answer: Granted, block: Int, limit: Int, start: Instant, now: Instant) {
        // An answer for an hour that is over: its requests are nobody's any more.
        guard start == self.start else { return }
        elsewhere = max(answer.before - granted, 0)
        granted += answer.count
        exhausted = answer.count < block ? (limit, now) : nil
    }

    /// Takes out what is reserved but not used.
    mutating func takeUnused() -> Int {
        let count = unused
        granted = used
        return count
    }
}
