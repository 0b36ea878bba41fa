public import Foundation

/// What is left to generate with.
public struct Credits: Codable, Hashable, Sendable {
    /// Nil: without a limit.
    public var balance: Int?
    /// Held by jobs that have not ended.
    public var reserved: Int
    public var unlimited: Bool
    /// `STARTER`, `GROWTH`, `SCALE` or `ENTERPRISE`.
    public var plan: String
    /// What the plan brings each month; nil: no limit.
    public var creditsPerMonth: Int?
    public var periodStart: Date
    public var renewsAt: Date
    /// What the balance is made of, soonest-ending first.
    public var batches: [CreditBatch]
    /// The latest movements.
    public var entries: [CreditEntry]
    /// What everything costs.
    public var prices: [CreditPrice]
}

/// Credits that came together and end together.
public struct CreditBatch: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    /// `PLAN`, `PURCHASE` or `GRANT`.
    public var source: String
    /// Nil: without a limit.
    public var amount: Int?
    public var remaining: Int?
    public var reserved: Int
    public var spent: Int
    public var expired: Int
    public var note: String?
    public var grantedAt: Date
    public var expiresAt: Date?
}

/// One movement between two accounts of the ledger.
public struct CreditEntry: Codable, Hashable, Sendable {
    /// Without a gap in the organization.
    public var number: Int
    public var batchId: String
    /// `GRANT`, `RESERVE`, `SETTLE`, `RELEASE` or `EXPIRE`.
    public var movement: String
    public var amount: Int
    public var from: String
    public var to: String
    /// What was paid for, such as `image`.
    public var action: String?
    public var subjectKind: String?
    public var subjectId: String?
    public var createdAt: Date
}

/// What something costs.
public struct CreditPrice: Codable, Hashable, Sendable {
    public var action: String
    public var credits: Int
    public var summary: String
}
