package import Contract
package import Core
package import Relational

/// What the product tells its members.
package struct NotificationStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    /// Most members that one notification reaches.
    static let maximumReceivers: Int64 = 1000

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    /// Notifies members on the caller's transaction; nobody who may not see the brand.
    /// - Parameter users: nil: every member.
    /// - Returns: how many got it.
    func add(
        _ title: String, text: String?, to users: [UserID]?, brand: BrandID?, from automation: Automation,
        on connection: any RelationalConnection
    ) throws -> Int {
        let members = try connection.query(
            """
            SELECT user_id, brand_ids FROM member WHERE organization_id = \(automation.organizationID)
            ORDER BY user_id LIMIT \(Self.maximumReceivers)
            """
        ) { (id: $0.id(0, UserID.self), brands: StringList.decode($0.text(1))) }
        let receivers = members.filter { member in
            guard users?.contains(member.id) ?? true else { return false }
            return member.brands.isEmpty || (brand.map { member.brands.contains($0.rawValue) } ?? false)
        }
        let now = ambient.now()
        for receiver in receivers {
            try connection.execute(
                """
                INSERT INTO notification (organization_id, user_id, id, brand_id, title, text, automation_id, created_at)
                VALUES (\(automation.organizationID), \(receiver.id), \(ambient.newID(NotificationID.self)), \(brand), \(title),
                        \(text), \(automation.id), \(now))
                """)
        }
        return receivers.count
    }

    /// The caller's own, newest first.
    package func list(_ filter: NotificationFilter, for caller: Caller, page: PageRequest) async throws -> Page<Notification> {
        try await engine.read { connection in
            var conditions = Self.visible(to: caller) + [page.condition("id")]
            if let isUnread = filter.isUnread { conditions.append(isUnread ? "read_at IS NULL" : "read_at IS NOT NULL") }
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM notification WHERE \(Query.all(conditions)) \(page.tail("id"))", Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// Marks one of the caller's own as read; the first time counts.
    package func read(_ id: NotificationID, for caller: Caller) async throws -> Notification {
        try await engine.write { connection in
            let conditions = Self.visible(to: caller) + ["id = \(id)"]
            try connection.execute(
                "UPDATE notification SET read_at = coalesce(read_at, \(ambient.now())) WHERE \(Query.all(conditions))")
            let found = try connection.first(
                "SELECT \(Self.columns) FROM notification WHERE \(Query.all(conditions))", Self.decode)
            guard let found else { throw APIError.notFound("notification") }
            return found
        }
    }

    private static func visible(to caller: Caller) -> [Query] {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", "user_id = \(caller.userID)"]
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        return conditions
    }

    private static let columns: Query = "id, user_id, brand_id, title, text, automation_id, read_at, created_at"

    private static func decode(_ row: any ResultRow) throws -> Notification {
        Notification(
            id: row.id(0), userID: row.id(1), brandID: row.optionalID(2), title: row.text(3), text: row.optionalText(4),
            automationID: row.id(5), readAt: row.optionalInstant(6), createdAt: row.instant(7))
    }
}
