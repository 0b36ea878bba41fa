package import Contract
package import Core
package import Relational

/// Reads and changes automations. The secrets of their requests are sealed at rest.
package struct AutomationStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let box: SecretBox
    let members: MemberStore
    /// Whether there is something that makes texts and pictures.
    let canGenerate: Bool

    /// - Parameter canGenerate: false refuses the actions that need a generator.
    package init(engine: any RelationalEngine, ambient: Ambient, box: SecretBox, members: MemberStore, canGenerate: Bool) {
        self.engine = engine
        self.ambient = ambient
        self.box = box
        self.members = members
        self.canGenerate = canGenerate
    }

    // MARK: Reading

    package func get(_ id: AutomationID, for caller: Caller) async throws -> Automation {
        try await engine.readByKey { try get(id, for: caller, on: $0) }
    }

    /// The automation, or 404 when it is not there for this caller.
    func get(_ id: AutomationID, for caller: Caller, on connection: any RelationalConnection) throws -> Automation {
        let found = try connection.first(AutomationQueries.find(id, in: caller.organizationID), decode)
        guard let found, Self.isVisible(found, to: caller) else { throw APIError.notFound("automation") }
        return found
    }

    package func list(for caller: Caller, page: PageRequest) async throws -> Page<Automation> {
        let all = try await engine.read { try $0.query(AutomationQueries.all(in: caller.organizationID), decode) }
        return page.page(of: all.filter { Self.isVisible($0, to: caller) }) { Cursor($0.id) }
    }

    /// A key that is limited to brands sees what runs for no other brand.
    private static func isVisible(_ automation: Automation, to caller: Caller) -> Bool {
        caller.brandIDs.isEmpty || !automation.brandIDs.isEmpty && automation.brandIDs.allSatisfy(caller.maySee)
    }

    func decode(_ row: any ResultRow) throws -> Automation {
        try AutomationQueries.decode(row) { sealed, organization, id in
            try JSONValue(parsing: box.open(sealed, context: Self.context(organization, id)).reveal())
        }
    }

    private static func context(_ organization: OrganizationID, _ id: AutomationID) -> String {
        "automation|secrets|\(organization)|\(id)"
    }

    // MARK: Changing

    /// Adds an automation that acts from now on. The URLs that it calls have been judged.
    package func create(_ input: AutomationInput, for caller: Caller) async throws -> Automation {
        let missing = [("name", input.title == nil), ("trigger", input.trigger == nil), ("actions", input.actions == nil)]
        let issues = missing.filter(\.1).map { FieldIssue($0.0, "is required") } + input.issues
        guard issues.isEmpty else { throw APIError.invalid(issues) }
        let now = ambient.now()
        var new = Automation(
            id: ambient.newID(), organizationID: caller.organizationID, userID: caller.userID, title: "", description: nil,
            isEnabled: true, trigger: .example, conditions: nil, actions: [], brandIDs: caller.brandIDs, cooldownSeconds: 0,
            maxRunsPerHour: 60, isDevelopment: caller.isDevelopment, startPosition: 0, nextRunAt: nil, lastRunAt: nil,
            createdAt: now, updatedAt: now, version: 1)
        try input.apply(to: &new)
        let drafted = new
        return try await engine.write { connection in
            var created = drafted
            try check(created, for: caller, on: connection)
            let count = try connection.first(
                "SELECT count(*) FROM automation WHERE organization_id = \(caller.organizationID) AND deleted_at IS NULL"
            ) { $0.int(0) }
            guard (count ?? 0) < Automation.maximumPerOrganization else {
                throw APIError(
                    .quotaExceeded,
                    "An organization has at most \(Automation.maximumPerOrganization) automations; delete one first.")
            }
            try begin(&created, at: now, on: connection)
            try connection.execute(AutomationQueries.insert(created, secrets: try sealedSecrets(of: created)))
            return created
        }
    }

    /// Changes what `input` says; absent fields stay. From then on it acts in this caller's name.
    package func update(_ id: AutomationID, with input: AutomationInput, for caller: Caller) async throws -> Automation {
        try await engine.write { connection in
            var automation = try get(id, for: caller, on: connection)
            try caller.checkVersion(automation.version)
            guard input.issues.isEmpty else { throw APIError.invalid(input.issues) }
            let before = automation
            try input.apply(to: &automation)
            automation.userID = caller.userID
            automation.isDevelopment = caller.isDevelopment
            try check(automation, for: caller, on: connection)
            let now = ambient.now()
            let isNew = !before.isEnabled || before.trigger != automation.trigger
            if !automation.isEnabled {
                automation.nextRunAt = nil
            } else if isNew {
                try begin(&automation, at: now, on: connection)
            }
            automation.updatedAt = now
            automation.version += 1
            try connection.execute(AutomationQueries.update(automation, secrets: try sealedSecrets(of: automation)))
            return automation
        }
    }

    /// Ends it. What its runs have begun outside is finished.
    package func delete(_ id: AutomationID, for caller: Caller) async throws {
        try await engine.write { connection in
            let automation = try get(id, for: caller, on: connection)
            try caller.checkVersion(automation.version)
            try connection.execute(
                """
                UPDATE automation SET deleted_at = \(ambient.now()), enabled = FALSE, next_run_at = NULL
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
        }
    }

    /// Nothing that happened before counts.
    private func begin(_ automation: inout Automation, at now: Instant, on connection: any RelationalConnection) throws {
        let newest = try connection.first(EventQueries.newest(in: automation.organizationID)) { $0.int(0) } ?? 0
        automation.startPosition = newest
        automation.nextRunAt = automation.isEnabled ? automation.trigger.next(after: now) : nil
        try connection.execute(AutomationQueries.begin(automation.organizationID, at: newest))
    }

    private func sealedSecrets(of automation: Automation) throws -> String? {
        let secrets = automation.actions.map { action -> JSONValue in
            guard case .webhookCall(let call) = action.step, let secret = call.secret else { return .null }
            return .string(secret.reveal())
        }
        guard secrets.contains(where: { $0 != .null }) else { return nil }
        return try box.seal(
            Secret(JSONValue.array(secrets).text), context: Self.context(automation.organizationID, automation.id))
    }

    // MARK: Checking

    /// Everything that it names must be there, and be this caller's to use.
    private func check(_ automation: Automation, for caller: Caller, on connection: any RelationalConnection) throws {
        var issues: [FieldIssue] = []
        let organization = automation.organizationID
        func require(_ field: String, _ id: String?, _ table: Query, _ what: String) throws {
            guard let id else { return }
            let isThere = try connection.exists(
                "SELECT 1 FROM \(table) WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL")
            if !isThere { issues.append(FieldIssue(field, "names no \(what) of this organization")) }
        }
        func brand(_ field: String, _ id: BrandID?) throws {
            guard let id, !caller.maySee(id) else { return try require(field, id?.rawValue, "brand", "brand") }
            issues.append(FieldIssue(field, "names no brand of this organization"))
        }
        func post(_ field: String, _ post: PostTemplate) throws {
            try brand("\(field).brandId", post.brandID)
            try require("\(field).campaignId", post.campaignID?.rawValue, "campaign", "campaign")
            try require("\(field).categoryId", post.categoryID?.rawValue, "content_label", "category")
        }
        for (index, id) in automation.brandIDs.enumerated() { try brand("brandIds[\(index)]", id) }
        if automation.brandIDs.isEmpty, !caller.brandIDs.isEmpty {
            issues.append(FieldIssue("brandIds", "must name brands: this key is limited to some"))
        }
        for (index, action) in automation.actions.enumerated() {
            let field = "actions[\(index)]"
            if action.kind.needsGenerator, !canGenerate {
                issues.append(
                    FieldIssue("\(field).type", "\(action.kind.rawValue) needs AI generation, which this server does not offer")
                )
            }
            switch action.step {
            case .createDraftPost(let form): try post(field, form.post)
            case .generateContent(let form): try post(field, form.post)
            case .generateImage(let form): try brand("\(field).brandId", form.brandID)
            case .schedulePost(let form):
                try post(field, form.post)
                try require("\(field).queueId", form.queueID?.rawValue, "posting_queue", "queue")
            case .addToCampaign(let form):
                try require("\(field).campaignId", form.campaignID.rawValue, "campaign", "campaign")
            case .sendNotification(let form):
                for (place, user) in (form.userIDs ?? []).enumerated()
                where try members.find(user, in: organization, on: connection) == nil {
                    issues.append(FieldIssue("\(field).userIds[\(place)]", "names no member of this organization"))
                }
            case .addTags, .updatePostStatus, .sendEmail, .webhookCall: break
            }
        }
        guard issues.isEmpty else { throw APIError.invalid(issues) }
    }
}
