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
    /// How much may be claimed for it at a time. Doubles when that much was done within a second, halves when it took
    /// longer: a quick receiver is served in large batches, and a slow one does not sit on claims that it cannot begin.
    private(set) var allowance: Int
    private var measuredSince: Instant
    private var begun = 0
    private var waiting: [Work] = []
    private var head = 0
    private(set) var active = 0

    init(organization: OrganizationID, allowance: Int, now: Instant) {
        self.organization = organization
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
            allowance = isQuick ? min(allowance * 2, limits.heldPerWebhook) : max(allowance / 2, limits.perWebhook)
            begun = active
            measuredSince = now
        }
        return max(allowance - held, 0)
    }

    mutating func add(_ work: Work) { waiting.append(work) }

    mutating func beginWorker() { active += 1 }
    mutating func endWorker() { active -= 1 }

    /// The next piece of work; nil when none waits.
    mutating func next() -> Work? {
        guard waitingCount > 0 else { return nil }
        let work = waiting[head]
        head += 1
        begun += 1
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
