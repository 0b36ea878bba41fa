package import Contract
package import Core
package import Relational

/// Reads and changes queues, and finds their free slots.
package struct QueueStore: Sendable {
    private let engine: any RelationalEngine
    private let ambient: Ambient
    private let brands: BrandStore
    private let organizations: OrganizationStore

    package init(engine: any RelationalEngine, ambient: Ambient, brands: BrandStore, organizations: OrganizationStore) {
        self.engine = engine
        self.ambient = ambient
        self.brands = brands
        self.organizations = organizations
    }

    package func list(for caller: Caller, page: PageRequest) async throws -> Page<PostingQueue> {
        try await engine.read { connection in
            var conditions: [Query] = [
                "organization_id = \(caller.organizationID)", "deleted_at IS NULL", page.condition("id"),
            ]
            if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM posting_queue WHERE \(Query.all(conditions)) \(page.tail("id"))", Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    package func get(_ id: QueueID, for caller: Caller) async throws -> PostingQueue {
        try await engine.readByKey { try get(id, for: caller, on: $0) }
    }

    private func get(_ id: QueueID, for caller: Caller, on connection: any RelationalConnection) throws -> PostingQueue {
        guard let queue = try find(id, in: caller.organizationID, on: connection), caller.maySee(queue.brandID) else {
            throw APIError.notFound("queue")
        }
        return queue
    }

    private func find(
        _ id: QueueID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> PostingQueue? {
        try connection.first(
            """
            SELECT \(Self.columns) FROM posting_queue
            WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL
            """, Self.decode)
    }

    package func create(_ input: QueueInput, for caller: Caller) async throws -> PostingQueue {
        var missing: [FieldIssue] = []
        if input.brandID == nil { missing.append(FieldIssue("brandId", "is required")) }
        if input.title == nil { missing.append(FieldIssue("name", "is required")) }
        if input.slots == nil { missing.append(FieldIssue("slots", "is required")) }
        guard missing.isEmpty, let brandID = input.brandID, let title = input.title else { throw APIError.invalid(missing) }
        return try await engine.write { connection in
            try requireBrand(brandID, for: caller, on: connection)
            let now = ambient.now()
            let zone = try input.timezone ?? organizations.settings(of: caller.organizationID, on: connection).timezone
            let queue = PostingQueue(
                id: ambient.newID(), brandID: brandID, title: title, timezone: zone, slots: Self.slots(input), createdAt: now,
                updatedAt: now, version: 1)
            try connection.execute(
                """
                INSERT INTO posting_queue (\(Self.columns), organization_id)
                VALUES (\(queue.id), \(brandID), \(title), \(zone), \(Self.text(queue.slots)), \(now), \(now), 1,
                        \(caller.organizationID))
                """)
            return queue
        }
    }

    package func update(_ id: QueueID, with input: QueueInput, for caller: Caller) async throws -> PostingQueue {
        try await engine.write { connection in
            var queue = try get(id, for: caller, on: connection)
            try caller.checkVersion(queue.version)
            queue.brandID = input.brandID ?? queue.brandID
            try requireBrand(queue.brandID, for: caller, on: connection)
            queue.title = input.title ?? queue.title
            queue.timezone = input.timezone ?? queue.timezone
            if input.slots != nil { queue.slots = Self.slots(input) }
            queue.version += 1
            queue.updatedAt = ambient.now()
            try connection.execute(
                """
                UPDATE posting_queue SET brand_id = \(queue.brandID), name = \(queue.title), timezone = \(queue.timezone),
                    slots = \(Self.text(queue.slots)), updated_at = \(queue.updatedAt), version = \(queue.version)
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
            return queue
        }
    }

    /// Removes the queue; posts keep the times they got from it.
    package func delete(_ id: QueueID, for caller: Caller) async throws {
        try await engine.write { connection in
            let queue = try get(id, for: caller, on: connection)
            try caller.checkVersion(queue.version)
            try connection.execute(
                """
                UPDATE posting_queue SET deleted_at = \(ambient.now())
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
        }
    }

    /// The first slot that no other post of the queue takes, on the transaction that takes it: two posts never share one.
    func nextSlot(of id: QueueID, for post: Post, on connection: any RelationalConnection) throws -> Instant {
        guard let queue = try find(id, in: post.organizationID, on: connection), queue.brandID == post.brandID else {
            throw APIError.invalid("queueId", "names no queue of this brand")
        }
        let now = ambient.now()
        let taken = Set(
            try connection.query(
                """
                SELECT scheduled_for FROM post
                WHERE organization_id = \(post.organizationID) AND queue_id = \(id) AND scheduled_for > \(now) AND id <> \(post.id)
                  AND deleted_at IS NULL AND status IN ('SCHEDULED', 'IN_REVIEW')
                """
            ) { $0.int(0) })
        // A year of slots, and as many more as are taken.
        if let free = queue.instants(after: now, days: 366).first(where: { !taken.contains($0.milliseconds) }) { return free }
        throw APIError.invalid("queueId", "names a queue whose slots of the next year are all taken; add slots")
    }

    private func requireBrand(_ id: BrandID, for caller: Caller, on connection: any RelationalConnection) throws {
        guard caller.maySee(id), try brands.find(id, in: caller.organizationID, on: connection) != nil else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
    }

    private static let columns: Query = "id, brand_id, name, timezone, slots, created_at, updated_at, version"

    private static func slots(_ input: QueueInput) -> [QueueSlot] { Array(Set((input.slots ?? []).map(\.slot))).sorted() }

    private static func text(_ slots: [QueueSlot]) -> String {
        StringList.encode(slots.map { "\($0.weekday)/\($0.minute)" })
    }

    private static func decode(_ row: any ResultRow) throws -> PostingQueue {
        let slots = StringList.decode(row.text(4)).compactMap { text -> QueueSlot? in
            let numbers = text.split(separator: "/").compactMap { Int($0) }
            return numbers.count == 2 ? QueueSlot(weekday: numbers[0], minute: numbers[1]) : nil
        }
        return PostingQueue(
            id: row.id(0), brandID: row.id(1), title: row.text(2), timezone: row.text(3), slots: slots,
            createdAt: row.instant(5), updatedAt: row.instant(6), version: row.int(7))
    }
}
