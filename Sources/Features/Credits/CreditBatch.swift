package import Contract
package import Core

/// Credits that came together and end together.
package struct CreditBatch: Sendable {
    package enum Source: String, Sendable, CaseIterable, APIEnum {
        /// The plan's, each month anew.
        case plan = "PLAN"
        case purchase = "PURCHASE"
        case grant = "GRANT"
    }

    package var id: CreditBatchID
    package var source: Source
    /// Nil: as many as are needed.
    package var amount: Int64?
    package var available: Int64?
    package var held: Int64
    package var spent: Int64
    package var expired: Int64
    package var note: String?
    package var grantedAt: Instant
    package var expiresAt: Instant?
}

extension CreditBatch: APIObject {
    package static let name = "CreditBatch"
    package static let properties: [Property<Self>] = [
        Property("id", "Its id.") { $0.id },
        Property("source", "Where it came from.") { $0.source },
        Property("amount", "How many credits came; null: unlimited.") { $0.amount },
        Property("remaining", "How many can still be spent; null: unlimited.") { $0.available },
        Property("reserved", "How many are set aside for work that is not done yet.") { $0.held },
        Property("spent", "How many were charged.") { $0.spent },
        Property("expired", "How many ended unused.") { $0.expired },
        Property("note", "What it was given for.") { $0.note },
        Property("grantedAt", "When it came.") { $0.grantedAt },
        Property("expiresAt", "When what is left of it ends; null: never.") { $0.expiresAt },
    ]
    package static let example = CreditBatch(
        id: ID("cmb2k7q0x0000000000000041"), source: .plan, amount: 1_000, available: 948, held: 4, spent: 48, expired: 0,
        note: nil, grantedAt: Instant(seconds: 1_770_114_600), expiresAt: Instant(seconds: 1_772_533_800))
}

/// One movement of the ledger: the same number of credits leaves one account and enters another, so that the sum over all
/// accounts never changes.
package struct CreditEntry: Sendable {
    /// Where credits can be.
    package enum Account: String, Sendable, CaseIterable, APIEnum {
        /// Where they come from; its balance is minus what was ever given.
        case outside = "OUTSIDE"
        case available = "AVAILABLE"
        case held = "HELD"
        case spent = "SPENT"
        case expired = "EXPIRED"
    }

    package enum Movement: String, Sendable, CaseIterable, APIEnum {
        case grant = "GRANT"
        case reserve = "RESERVE"
        case settle = "SETTLE"
        case release = "RELEASE"
        case expire = "EXPIRE"

        package var accounts: (from: Account, to: Account) {
            switch self {
            case .grant: (.outside, .available)
            case .reserve: (.available, .held)
            case .settle: (.held, .spent)
            case .release: (.held, .available)
            case .expire: (.available, .expired)
            }
        }
    }

    /// Counts the organization's entries, without a gap.
    package var number: Int64
    package var batchID: CreditBatchID
    package var movement: Movement
    package var amount: Int64
    package var action: CreditAction?
    package var subject: CreditSubject?
    package var createdAt: Instant
}

extension CreditEntry: APIObject {
    package static let name = "CreditEntry"
    package static let properties: [Property<Self>] = [
        Property("number", "Counts the organization's entries.") { $0.number },
        Property("batchId", "The batch whose credits moved.") { $0.batchID },
        Property("movement", "What happened.") { $0.movement },
        Property("amount", "How many credits moved.") { $0.amount },
        Property("from", "The account that they left.") { $0.movement.accounts.from },
        Property("to", "The account that they entered.") { $0.movement.accounts.to },
        Property("action", "What they were for.") { $0.action },
        Property("subjectKind", "What kind of thing used them: job, plan.") { $0.subject?.kind },
        Property("subjectId", "Its id.") { $0.subject?.id },
        Property("createdAt", "When.") { $0.createdAt },
    ]
    package static let example = CreditEntry(
        number: 12, batchID: ID("cmb2k7q0x0000000000000041"), movement: .reserve, amount: 4, action: .image,
        subject: CreditSubject("job", "cmb2k7q0x0000000000000015"), createdAt: Instant(seconds: 1_770_114_600))
}

/// What credits are used for: it pays once, however often it is asked to.
package struct CreditSubject: Hashable, Sendable {
    /// `job`, `plan`.
    package var kind: String
    package var id: String

    package init(_ kind: String, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

/// Credits that are set aside for something until it is done, or known to fail.
package struct CreditReservation: Sendable, Hashable {
    package enum State: String, Sendable {
        case reserved = "RESERVED"
        case settled = "SETTLED"
        case released = "RELEASED"
    }

    package var subject: CreditSubject
    package var action: CreditAction
    package var amount: Int64
    /// What was charged in the end; nil until then.
    package var charged: Int64?
    package var state: State
}
