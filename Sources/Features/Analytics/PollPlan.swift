import Core

/// When a published post's numbers are read: often while they grow, rarely later. Pure.
enum PollPlan {
    /// Minutes, hours and days after the post became visible: every 15 minutes four times, hourly six times, every 6 hours
    /// eight times, daily to the 30th day, weekly to the 90th.
    static let offsets: [Duration] = {
        var offsets: [Duration] = []
        var last = Duration.zero
        func add(_ step: Duration, until end: Duration) {
            while last + step <= end {
                last += step
                offsets.append(last)
            }
        }
        let hour = Duration.seconds(3600)
        let day = hour * 24
        add(.seconds(900), until: hour)
        add(hour, until: hour * 7)
        add(hour * 6, until: hour * 55)
        add(day, until: day * 30)
        add(day * 7, until: day * 90)
        return offsets
    }()

    /// The next reading after `now`; nil when the plan is over. Readings that were missed are not made up for: the next one
    /// holds what they would have told.
    static func next(publishedAt: Instant, after now: Instant) -> Instant? {
        offsets.lazy.map { publishedAt + $0 }.first { $0 > now }
    }

    /// How long after the first failure, the second and so on a reading is tried again.
    static let retries = Backoff(delays: [.seconds(60), .seconds(300), .seconds(900), .seconds(3600), .seconds(10_800)])

    /// How often an account's own numbers are read.
    static let accountPause = Duration.seconds(86_400)

    /// The least time between two `analytics.updated` of a post on a platform that nobody asked for.
    static let tellingPause = Duration.seconds(900)
}
