package import Contract
package import Core
package import Relational

/// Reads and changes the inbox. An item and its event are one transaction, so each is told exactly once, however often and
/// in however many ways its platform tells of it.
package struct InboxStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    package let wakes = InboxWakes()
    let outbox: Outbox
    let accounts: AccountStore
    let members: MemberStore
    let organizations: OrganizationStore
    let platforms: any InboxPlatforms

    package init(
        engine: any RelationalEngine, ambient: Ambient, outbox: Outbox, accounts: AccountStore, members: MemberStore,
        organizations: OrganizationStore, platforms: any InboxPlatforms
    ) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
        self.accounts = accounts
        self.members = members
        self.organizations = organizations
        self.platforms = platforms
    }

    // MARK: Reading

    package func get(_ id: InboxItemID, for caller: Caller) async throws -> InboxItem {
        try await engine.read { try get(id, for: caller, on: $0) }
    }

    func get(_ id: InboxItemID, for caller: Caller, on connection: any RelationalConnection) throws -> InboxItem {
        let found = try connection.first(InboxQueries.find(id, in: caller.organizationID), InboxQueries.decode)
        guard let found, caller.maySee(found.brandID), !caller.isDevelopment || found.isSandbox else {
            throw APIError.notFound("inbox item")
        }
        return try withReplies([found], in: caller.organizationID, on: connection).first ?? found
    }

    package func list(_ filter: InboxFilter, for caller: Caller, page: PageRequest) async throws -> Page<InboxItem> {
        try await engine.read { connection in
            let rows = try connection.query(InboxQueries.list(filter, for: caller, page), InboxQueries.decode)
            return page.page(try withReplies(rows, in: caller.organizationID, on: connection)) { Cursor($0.id) }
        }
    }

    private func withReplies(
        _ items: [InboxItem], in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> [InboxItem] {
        guard !items.isEmpty else { return items }
        let replies = try connection.query(InboxQueries.replies(to: items, in: organization), InboxQueries.decodeReply)
        let byItem = Dictionary(grouping: replies, by: \.itemID)
        return items.map { item in
            var item = item
            item.replies = (byItem[item.id] ?? []).suffix(50)
            return item
        }
    }

    package func summary(_ filter: InboxFilter, for caller: Caller) async throws -> InboxSummary {
        try await engine.read { connection in
            func count(_ column: Query) throws -> [(name: String, value: Int)] {
                try connection.query(InboxQueries.count(by: column, filter, for: caller)) { ($0.text(0), Int($0.int(1))) }
            }
            return InboxSummary(
                byStatus: try count("status"), byKind: try count("kind"), byPlatform: try count("platform"),
                accounts: try states(for: caller, on: connection))
        }
    }

    // MARK: Changing

    package func update(_ id: InboxItemID, with change: InboxChange, for caller: Caller) async throws -> InboxItem {
        try await engine.write { connection in
            var item = try get(id, for: caller, on: connection)
            try caller.checkVersion(item.version)
            if item.status == .hidden, let status = change.status, status != .archived {
                throw APIError(
                    .invalidTransition, "A hidden item can be archived, or shown again: POST /api/inbox/\(id)/hide.",
                    details: [FieldIssue("status", "possible in HIDDEN is ARCHIVED")])
            }
            if case .set(let assignee) = change.assigneeID {
                let member = try members.find(assignee, in: caller.organizationID, on: connection)
                guard let member, member.brandIDs.isEmpty || member.brandIDs.contains(item.brandID) else {
                    throw APIError.invalid("assigneeUserId", "names no member of this organization who may see the brand")
                }
            }
            item.status = change.status ?? item.status
            item.assigneeID = change.assigneeID.applied(to: item.assigneeID)
            try save(&item, on: connection)
            return item
        }
    }

    /// Hides the item on its platform, then here. A crash in between leaves it hidden there, and doing it again is harmless.
    package func setHidden(_ isHidden: Bool, _ id: InboxItemID, for caller: Caller) async throws -> InboxItem {
        let item = try await engine.read { connection in
            let item = try get(id, for: caller, on: connection)
            try caller.checkVersion(item.version)
            return item
        }
        guard item.kind == .comment else {
            throw APIError(
                .conflict, "A mention stands where others decide and cannot be hidden; archive it instead.",
                details: [FieldIssue("kind", "must be COMMENT")])
        }
        try await platforms.setHidden(isHidden, item)
        return try await engine.write { connection in
            var item = try get(id, for: caller, on: connection)
            try caller.checkVersion(item.version)
            if isHidden { item.status = .hidden } else if item.status == .hidden { item.status = .read }
            try save(&item, on: connection)
            return item
        }
    }

    func save(_ item: inout InboxItem, on connection: any RelationalConnection) throws {
        item.updatedAt = ambient.now()
        item.version += 1
        try connection.execute(InboxQueries.update(item))
    }
}
