import Core

/// The times that posts of a plan have. It is kept up to date while posts move: gathered anew for each post, it made a change
/// of a thousand posts a matter of a minute.
struct TakenTimes: Sendable {
    /// How many posts have each.
    private var counts: [Instant: Int] = [:]

    init(_ items: [PlanItem]) {
        for item in items { insert(item.scheduledFor) }
    }

    func contains(_ time: Instant) -> Bool { counts[time] != nil }

    mutating func insert(_ time: Instant) { counts[time, default: 0] += 1 }

    mutating func remove(_ time: Instant) {
        guard let count = counts[time] else { return }
        counts[time] = count > 1 ? count - 1 : nil
    }
}
