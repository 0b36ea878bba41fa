package import Contract
package import Core

/// An organization's credits at a glance.
package struct CreditBalance: Sendable {
    package var plan: Plan
    /// What the plan brings each month; nil: unlimited.
    package var monthly: Int64?
    /// The month that is paid for.
    package var period: Range<Instant>
    /// What can still be used, soonest-ending first.
    package var batches: [CreditBatch]
    /// The newest movements.
    package var entries: [CreditEntry]

    package var isUnlimited: Bool { batches.contains { $0.amount == nil } }
    /// What can be spent now; nil: unlimited.
    package var available: Int64? { isUnlimited ? nil : batches.reduce(0) { $0 + ($1.available ?? 0) } }
    package var held: Int64 { batches.reduce(0) { $0 + $1.held } }
}

extension CreditBalance: APIObject {
    package static let name = "Credits"
    package static let properties: [Property<Self>] = [
        Property("balance", "How many credits can be spent now; null: unlimited.") { $0.available },
        Property("reserved", "How many are set aside for work that is not done yet; they are not in the balance.") { $0.held },
        Property("unlimited", "Whether the plan has no limit.") { $0.isUnlimited },
        Property("plan", "The plan.") { $0.plan },
        Property("creditsPerMonth", "What the plan brings each month; null: unlimited.") { $0.monthly },
        Property("periodStart", "When this month began.") { $0.period.lowerBound },
        Property("renewsAt", "When the next begins: what is left of the plan's credits ends, new ones come.") {
            $0.period.upperBound
        },
        Property("batches", "What the balance is made of, in the order in which it is spent: soonest-ending first.") {
            $0.batches
        },
        Property("entries", "The newest movements, newest first; /api/credits/entries has all.") { $0.entries },
        Property("prices", "What costs how much.") { _ in CreditAction.allCases.map(CreditPrice.init) },
    ]
    package static let example = CreditBalance(
        plan: .growth, monthly: 1_000, period: Instant(seconds: 1_770_114_600)..<Instant(seconds: 1_772_533_800),
        batches: [.example], entries: [.example])
}
