import Contract

/// What an organization may use. The limits are rows of the table `plan`: an operator edits them, no rebuild.
package enum Plan: String, Sendable, CaseIterable, APIEnum {
    case starter = "STARTER"
    case growth = "GROWTH"
    case scale = "SCALE"
    case enterprise = "ENTERPRISE"

    /// Accepts any case: `--plan growth`.
    package static func parse(_ text: String) -> Plan? { Plan(rawValue: text.uppercased()) }
}

/// The limits of a plan, as its row says. Nil: unlimited.
package struct PlanLimits: Sendable, Hashable {
    package var requestsPerHour: Int
    package var postsPerMonth: Int?
    package var socialAccounts: Int?
    package var storageBytes: Int64?
}
