package import Contract
package import Core
package import Relational

/// Reads and changes campaigns. A campaign's step and its event are one transaction, so each is told exactly once.
package struct CampaignStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let outbox: Outbox
    let brands: BrandStore
    let posts: PostStore
    /// Ends the clock's pause when a campaign is due earlier than it knows.
    package let wake = WakeSignal()

    package init(engine: any RelationalEngine, ambient: Ambient, outbox: Outbox, brands: BrandStore, posts: PostStore) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
        self.brands = brands
        self.posts = posts
    }

    // MARK: Reading

    package func get(_ id: CampaignID, for caller: Caller) async throws -> Campaign {
        try await engine.readByKey { try get(id, for: caller, on: $0) }
    }

    func find(
        _ id: CampaignID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> Campaign? {
        try connection.first(
            """
            SELECT \(CampaignQueries.columns) FROM campaign
            WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL
            """, CampaignQueries.decode)
    }

    func get(_ id: CampaignID, for caller: Caller, on connection: any RelationalConnection) throws -> Campaign {
        guard let found = try find(id, in: caller.organizationID, on: connection), caller.maySee(found.brandID) else {
            throw APIError.notFound("campaign")
        }
        return found
    }

    /// Those of the campaigns that are there for this caller.
    package func find(_ ids: Set<CampaignID>, for caller: Caller) async throws -> [CampaignID: Campaign] {
        try await engine.read { connection in
            try connection.query(
                """
                SELECT \(CampaignQueries.columns) FROM campaign
                WHERE organization_id = \(caller.organizationID) AND id IN (\(list: ids)) AND deleted_at IS NULL
                """, CampaignQueries.decode
            ).filter { caller.maySee($0.brandID) }.keyed(by: \.id)
        }
    }

    package func list(_ filter: CampaignFilter, for caller: Caller, page: PageRequest) async throws -> Page<Campaign> {
        try await engine.read { connection in
            page.page(
                try connection.query(CampaignQueries.list(filter, for: caller, page), CampaignQueries.decode)
            ) { Cursor($0.id) }
        }
    }

    package func summary(of id: CampaignID, for caller: Caller) async throws -> CampaignSummary {
        try await engine.read { connection in
            let campaign = try get(id, for: caller, on: connection)
            let statuses = try connection.query(CampaignQueries.countByStatus(campaign)) { ($0.text(0), Int($0.int(1))) }
            let platforms = try connection.query(CampaignQueries.countByPlatform(campaign)) { ($0.text(0), Int($0.int(1))) }
            let times = try connection.first(CampaignQueries.span(of: campaign)) {
                ($0.optionalInstant(0), $0.optionalInstant(1))
            }
            return CampaignSummary(
                campaign: campaign, posts: statuses.reduce(0) { $0 + $1.1 }, byStatus: statuses, byPlatform: platforms,
                firstPostAt: times?.0, lastPostAt: times?.1)
        }
    }

    // MARK: Changing

    package func create(_ input: CampaignInput, for caller: Caller) async throws -> Campaign {
        var missing: [FieldIssue] = []
        if input.title == nil { missing.append(FieldIssue("name", "is required")) }
        if input.brandID == nil { missing.append(FieldIssue("brandId", "is required")) }
        guard missing.isEmpty, let brandID = input.brandID else { throw APIError.invalid(missing) }
        let now = ambient.now()
        var new = Campaign(
            id: ambient.newID(), organizationID: caller.organizationID, brandID: brandID, title: "", description: nil,
            goal: nil, color: nil, startsAt: nil, endsAt: nil, status: .draft, startedAt: nil, endedAt: nil, createdAt: now,
            updatedAt: now, version: 1)
        input.apply(to: &new)
        new.status = .initial(startsAt: new.startsAt, endsAt: new.endsAt, at: now)
        if new.status == .active { new.startedAt = now }
        if new.status == .ended { new.endedAt = new.endsAt }
        let created = new
        try await engine.write { connection in
            try check(created, for: caller, on: connection)
            try connection.execute(CampaignQueries.insert(created))
            if created.status == .active {
                try tell(CampaignStarted(campaign: created), by: caller.userID, on: connection)
            }
            return created
        }
        signal()
        return created
    }

    package func update(_ id: CampaignID, with input: CampaignInput, for caller: Caller) async throws -> Campaign {
        try await change(id, for: caller) { campaign, connection in
            input.apply(to: &campaign)
            try check(campaign, for: caller, on: connection)
            if campaign.status == .draft || campaign.status == .scheduled {
                campaign.status = .initial(startsAt: campaign.startsAt, endsAt: campaign.endsAt, at: ambient.now())
            }
        }
    }

    /// Holds the campaign's posts: none is published until it goes on. Its end comes all the same.
    package func pause(_ id: CampaignID, for caller: Caller) async throws -> Campaign {
        try await change(id, for: caller) { campaign, connection in
            try Self.require(campaign, in: [.active], to: "paused")
            campaign.status = .paused
            try setHeld(true, campaign, on: connection)
        }
    }

    /// Goes on; posts whose time has passed meanwhile are published at once. An ended campaign goes on when its end was
    /// moved into the future before.
    package func resume(_ id: CampaignID, for caller: Caller) async throws -> Campaign {
        try await change(id, for: caller) { campaign, connection in
            try Self.require(campaign, in: [.paused, .ended], to: "resumed")
            if campaign.status == .ended, campaign.endsAt.map({ $0 <= ambient.now() }) ?? false {
                throw APIError(
                    .invalidTransition, "The campaign is over; move endsAt into the future first.",
                    details: [FieldIssue("endsAt", "must be in the future")])
            }
            campaign.status = .active
            campaign.endedAt = nil
            try setHeld(false, campaign, on: connection)
        }
    }

    private func setHeld(_ isHeld: Bool, _ campaign: Campaign, on connection: any RelationalConnection) throws {
        for post in try connection.query(CampaignQueries.unfinished(campaign), PostQueries.decode) {
            try posts.publications.setHeld(isHeld, post, on: connection)
        }
    }

    /// Ends the campaign before its time, and takes its scheduled posts off the schedule. What some accounts show already
    /// goes on on the others.
    package func cancel(_ id: CampaignID, for caller: Caller) async throws -> Campaign {
        try await change(id, for: caller) { campaign, connection in
            try Self.require(campaign, in: [.draft, .scheduled, .active, .paused], to: "cancelled")
            campaign.status = .cancelled
            try posts.cancelAll(of: campaign.id, by: caller, on: connection)
            try setHeld(false, campaign, on: connection)
        }
    }

    package func delete(_ id: CampaignID, for caller: Caller) async throws {
        try await engine.write { connection in
            let campaign = try get(id, for: caller, on: connection)
            try caller.checkVersion(campaign.version)
            try Self.require(campaign, in: [.draft, .scheduled, .ended, .cancelled, .archived], to: "deleted")
            try connection.execute(
                """
                UPDATE campaign SET deleted_at = \(ambient.now()), next_change_at = NULL
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
            try connection.execute(
                """
                UPDATE post SET campaign_id = NULL, version = version + 1, updated_at = \(ambient.now())
                WHERE organization_id = \(caller.organizationID) AND campaign_id = \(id)
                """)
        }
    }

    private func change(
        _ id: CampaignID, for caller: Caller,
        _ body: @escaping @Sendable (inout Campaign, any RelationalConnection) throws -> Void
    ) async throws -> Campaign {
        let changed = try await engine.write { connection in
            var campaign = try get(id, for: caller, on: connection)
            try caller.checkVersion(campaign.version)
            let previous = campaign.status
            try body(&campaign, connection)
            try step(&campaign, from: previous, by: caller.userID, on: connection)
            return campaign
        }
        signal()
        return changed
    }

    /// Writes the campaign as its next version, with the event of its step.
    private func step(
        _ campaign: inout Campaign, from previous: CampaignStatus, by user: UserID?, on connection: any RelationalConnection
    ) throws {
        let now = ambient.now()
        campaign.version += 1
        campaign.updatedAt = now
        // Going on after a pause is no second start.
        let starts = campaign.status == .active && previous != .active && previous != .paused
        let ends = campaign.status == .ended && previous != .ended
        if starts { campaign.startedAt = now }
        if ends { campaign.endedAt = now }
        try connection.execute(CampaignQueries.update(campaign))
        if starts { try tell(CampaignStarted(campaign: campaign), by: user, on: connection) }
        if ends { try tell(CampaignEnded(campaign: campaign), by: user, on: connection) }
    }

    private func tell(_ event: any CampaignEvent, by user: UserID?, on connection: any RelationalConnection) throws {
        try outbox.append(
            event, for: event.campaign.organizationID, brand: event.campaign.brandID, user: user, on: connection)
    }

    private func check(_ campaign: Campaign, for caller: Caller, on connection: any RelationalConnection) throws {
        var issues: [FieldIssue] = []
        let hasBrand =
            try caller.maySee(campaign.brandID)
            && brands.find(campaign.brandID, in: campaign.organizationID, on: connection) != nil
        if !hasBrand { issues.append(FieldIssue("brandId", "names no brand of this organization")) }
        if let endsAt = campaign.endsAt {
            if campaign.startsAt == nil { issues.append(FieldIssue("startsAt", "is required when endsAt is given")) }
            if let startsAt = campaign.startsAt, endsAt <= startsAt {
                issues.append(FieldIssue("endsAt", "must be later than startsAt"))
            }
        }
        guard issues.isEmpty else { throw APIError.invalid(issues) }
    }

    private static func require(_ campaign: Campaign, in allowed: [CampaignStatus], to verb: String) throws(APIError) {
        guard !allowed.contains(campaign.status) else { return }
        throw APIError(
            .invalidTransition, "A campaign that is \(campaign.status.rawValue) cannot be \(verb).",
            details: [FieldIssue("status", "possible in \(allowed.map(\.rawValue).joined(separator: ", "))")])
    }

    private func signal() {
        outbox.wake.signal()
        wake.signal()
        posts.scheduleWake.signal()
    }

    // MARK: The clock

    /// Takes every step that is due. A campaign whose whole window passed while the server was down starts and ends now:
    /// both are told.
    /// - Returns: when the next step is due.
    package func advance() async throws -> Instant? {
        let now = ambient.now()
        guard
            let next = try await engine.readByKey({ try $0.first(CampaignQueries.nextChange) { $0.optionalInstant(0) } }) ?? nil
        else { return nil }
        guard next <= now else { return next }
        try await engine.write { connection in
            for var campaign in try connection.query(CampaignQueries.due(at: now, limit: 200), CampaignQueries.decode) {
                while let target = campaign.status.due(startsAt: campaign.startsAt, endsAt: campaign.endsAt, at: now) {
                    let previous = campaign.status
                    if previous == .paused { try setHeld(false, campaign, on: connection) }
                    campaign.status = target
                    try step(&campaign, from: previous, by: nil, on: connection)
                }
            }
        }
        outbox.wake.signal()
        posts.scheduleWake.signal()
        return now
    }
}
