import Core

/// How a webhook is treated, from how it has behaved: how fast it is called, and whether at all. Kept in memory: after a
/// restart it is learnt again within ten failures.
struct Conduct: Sendable {
    var breaker = Breaker()
    var pace: Pace

    /// True when forgetting it changes nothing.
    var isForgettable: Bool { breaker.isForgettable && pace.isUnlimited }
}

/// What came of an attempt, as far as the lanes have to know.
struct AttemptReport: Sendable {
    var isSuccess: Bool
    /// The receiver asked for less.
    var asksForLess: Bool
}
