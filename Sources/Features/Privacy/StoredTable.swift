import Core

/// A table as the database itself describes it. Exports and erasures go by this, not by lists that somebody has to keep: a
/// table that is added is exported and erased.
struct StoredTable: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        enum Kind: Sendable { case text, integer, real, bool }

        var name: String
        var kind: Kind
    }

    /// How rows belong to an organization.
    enum Owner: Sendable, Hashable {
        /// By their `organization_id`.
        case column
        /// The organization's own row.
        case itself
        /// Users who are members.
        case members
        /// Requests that a test bin caught.
        case bin
        /// What a simulator's public sees, and what it remembers, of a sandbox account.
        case sandboxAccount, sandboxState
    }

    var name: String
    var columns: [Column]
    var key: [Column]
    var owner: Owner?

    init(name: String, columns: [Column], key: [Column]) {
        self.name = name
        self.columns = columns
        self.key = key
        let names = Set(columns.map(\.name))
        owner =
            switch name {
            case "organization": .itself
            case "app_user": .members
            case "sandbox_state": .sandboxState
            default:
                names.contains("organization_id")
                    ? .column
                    : names.contains("bin_id")
                        ? .bin : name.hasPrefix("sandbox_") && names.contains("account") ? .sandboxAccount : nil
            }
    }

    /// Work of the server that says nothing of anybody: answers kept for repeats, and counters.
    var isExported: Bool {
        owner != nil && owner != .sandboxState && !["request_repeat", "rate_window", "erasure"].contains(name)
    }

    /// Receipts stay; users go when they are nobody's member.
    var isErased: Bool { owner != nil && owner != .members && owner != .itself && name != "erasure" }

    /// The columns that say whose a row is: who made it, decided it, invited.
    var userColumns: [Column] {
        if owner == .members { return key }
        return columns.filter { column in
            column.kind == .text
                && (column.name == "user_id" || column.name.hasSuffix("_user_id") || column.name.hasSuffix("_by"))
        }
    }
}

extension StoredTable.Column {
    /// Secrets, sealed or as digests, leave the database in no export.
    var isWithheld: Bool {
        name.hasSuffix("_sealed") || ["secret", "digest", "password", "verifier", "token"].contains(where: name.contains)
    }

    /// As the API spells it: `organizationId`.
    var publicName: String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    var isInstant: Bool {
        kind == .integer && (name == "at" || ["_at", "_for", "_since", "_until", "_start"].contains(where: name.hasSuffix))
    }

    /// Whether its text is JSON of ours; what people wrote stays text.
    func isJSON(in table: String) -> Bool {
        kind == .text && (Self.json.contains(name) || Self.json.contains("\(table).\(name)"))
    }

    private static let json: Set<String> = [
        "account_ids", "allowed_addresses", "approval", "brand_ids", "changed_fields", "colors", "event.body", "events",
        "filter",
        "handles", "bin_request.headers", "media", "options", "overrides", "phases", "platform_results", "platforms", "prompts",
        "attempt.request", "attempt.response", "content_plan.notes", "recurrence", "renditions", "retry_schedule", "scope",
        "slots",
        "snapshot", "tags", "warnings", "wish",
    ]
}
