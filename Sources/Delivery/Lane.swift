import Core
import Features

/// The claimed deliveries of one webhook that wait for one of its slots. A webhook that hangs fills its own lane and
/// nobody else's.
struct Lane {
    /// A claimed delivery, what its attempt needs, and how long its claim holds.
    struct Work: Sendable {
        var delivery: Delivery
        var target: AttemptMaker.Target
        var claimedAt: Instant
        /// Past this it must not be begun: somebody else may have claimed it.
        var beginBefore: Instant
    }

    let organization: OrganizationID
    /// How many requests it may have under way at a time, and how many deliveries go into one.
    private(set) var concurrency: Int
    private(set) var batchSize = 1
    /// Nothing is begun before then: its rate is used up.
    var restsUntil: Instant?
    /// How much may be claimed for it at a time. Doubles when that much was done within a second, halves when it took
    /// longer: a quick receiver is served in large batches, and a slow one does not sit on claims that it cannot begin.
    private(set) var allowance: Int
    private var measuredSince: Instant
    private var begun = 0
    private var waiting: [Work] = []
    private var head = 0
    private(set) var active = 0

    init(organization: OrganizationID, concurrency: Int, allowance: Int, now: Instant) {
        self.organization = organization
        self.concurrency = concurrency
        self.allowance = allowance
        measuredSince = now
    }

    /// Claimed deliveries in here, waiting ones and one for each worker.
    var held: Int { waitingCount + active }
    var waitingCount: Int { waiting.count - head }
    /// True when it is time to claim more.
    var isLow: Bool { waitingCount <= allowance / 4 }

    /// How many more it wants now.
    mutating func want(_ now: Instant, _ limits: DispatcherLimits) -> Int {
        guard isLow else { return 0 }
        // Every worker has one that is begun and not done.
        if begun - active >= allowance {
            let isQuick = now - measuredSince < .seconds(1)
            allowance =
                isQuick ? min(allowance * 2, max(limits.heldPerWebhook, batchSize * 2)) : max(allowance / 2, limits.perWebhook)
            begun = active
            measuredSince = now
        }
        return max(max(allowance, batchSize) - held, 0)
    }

    mutating func add(_ work: Work) {
        let options = work.target.webhook.options
        concurrency = options.concurrency
        batchSize = options.batchSize
        waiting.append(work)
    }

    /// Requests begun in a second, of late.
    func rate(_ now: Instant) -> Double { Double(begun) / max((now - measuredSince).inSeconds, 1) }

    mutating func beginWorker() { active += 1 }
    mutating func endWorker() { active -= 1 }

    /// The work of the next request: one piece, several for a webhook that wants batches; empty when none waits.
    mutating func next() -> ArraySlice<Work> {
        guard waitingCount > 0 else { return [] }
        let work = waiting[head..<min(head + batchSize, waiting.count)]
        head += work.count
        begun += work.count
        if waitingCount == 0 || head >= 256 {
            waiting.removeFirst(head)
            head = 0
        }
        return work
    }

    /// Takes out everything that has not begun, to give it back.
    mutating func drain() -> [Delivery] {
        let rest = waiting[head...].map(\.delivery)
        waiting = []
        head = 0
        return rest
    }
}
