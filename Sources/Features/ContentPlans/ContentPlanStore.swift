package import Contract
package import Core
package import Relational

/// Reads and changes content plans. Proposals come from a generator, always outside a transaction: a plan says what is being
/// done with it, and whatever a crash interrupts is taken up again (``resume()``).
package struct ContentPlanStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let outbox: Outbox
    let brands: BrandStore
    let accounts: AccountStore
    let organizations: OrganizationStore
    let posts: PostStore
    let analytics: AnalyticsStore
    let generator: any PlanGenerator

    package let credits: CreditStore

    package init(
        engine: any RelationalEngine, ambient: Ambient, outbox: Outbox, brands: BrandStore, accounts: AccountStore,
        organizations: OrganizationStore, posts: PostStore, analytics: AnalyticsStore, generator: any PlanGenerator,
        credits: CreditStore
    ) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
        self.brands = brands
        self.accounts = accounts
        self.organizations = organizations
        self.posts = posts
        self.analytics = analytics
        self.generator = generator
        self.credits = credits
    }

    // MARK: Reading

    /// The plan with its proposals.
    package func get(_ id: ContentPlanID, for caller: Caller) async throws -> ContentPlan {
        try await engine.read { try whole(visible(id, for: caller, on: $0), on: $0) }
    }

    /// Plans without their proposals.
    package func list(_ filter: ContentPlanFilter, for caller: Caller, page: PageRequest) async throws -> Page<ContentPlan> {
        try await engine.read { connection in
            page.page(
                try connection.query(ContentPlanQueries.list(filter, for: caller, page), ContentPlanQueries.decode)
            ) { Cursor($0.id) }
        }
    }

    func visible(_ id: ContentPlanID, for caller: Caller, on connection: any RelationalConnection) throws -> ContentPlan {
        let found = try connection.first(
            ContentPlanQueries.find(id, in: caller.organizationID), ContentPlanQueries.decode)
        guard let found, caller.maySee(found.wish.brandID) else { throw APIError.notFound("content plan") }
        return found
    }

    func whole(_ plan: ContentPlan, on connection: any RelationalConnection) throws -> ContentPlan {
        var plan = plan
        plan.items = try connection.query(ContentPlanQueries.items(of: plan), ContentPlanQueries.decodeItem)
        return plan
    }

    /// What a plan would hold. Keeps nothing and costs nothing.
    package func preview(_ input: PlanWishInput, for caller: Caller) async throws -> PlanPreview {
        let order = try await engine.read { connection in
            try self.order(
                of: resolve(input, for: caller, on: connection), in: caller.organizationID, on: connection)
        }
        return PlanPreview(draft: noted(try await generator.propose(order), for: order))
    }

    // MARK: Changing

    /// Makes a plan: it is there as GENERATING_PLAN before anything is generated, and PLAN_READY, or FAILED, when this returns.
    package func create(_ input: PlanWishInput, for caller: Caller) async throws -> ContentPlan {
        let plan = try await engine.write { connection in
            let wish = try resolve(input, for: caller, on: connection)
            let plan = ContentPlan(
                id: ambient.newID(), organizationID: caller.organizationID, userID: caller.userID,
                title: input.title ?? "\(wish.from.text.prefix(10)) to \(wish.to.text.prefix(10))", wish: wish,
                at: ambient.now())
            try connection.execute(ContentPlanQueries.insert(plan, workAt: ambient.now() + Self.generationLease))
            return plan
        }
        return try await generate(plan)
    }

    /// Changes the name, and proposals while the plan is ready.
    package func update(_ id: ContentPlanID, with input: ContentPlanInput, for caller: Caller) async throws -> ContentPlan {
        try await engine.write { connection in
            var plan = try editable(id, for: caller, on: connection)
            plan.title = input.title ?? plan.title
            if !input.items.isEmpty {
                try require(plan, in: [.ready], to: "changed")
                try change(input.items, of: plan, for: caller, on: connection)
            }
            try save(&plan, on: connection)
            return try whole(plan, on: connection)
        }
    }

    /// Changes the proposals as the words say; what was not understood is in the answer and in the plan's history. Whatever
    /// happens meanwhile, the change is made whole or not at all.
    package func revise(_ id: ContentPlanID, as prompt: String, for caller: Caller) async throws -> RevisedPlan {
        let (plan, order) = try await engine.read { connection -> (ContentPlan, PlanOrder) in
            let plan = try whole(editable(id, for: caller, on: connection), on: connection)
            try require(plan, in: [.ready], to: "revised")
            return (plan, try self.order(of: plan.wish, in: plan.organizationID, on: connection))
        }
        // Rejected proposals stay out of it: what was dropped is not moved about.
        let open = (plan.items ?? []).filter { $0.status == .proposed || $0.status == .accepted }
        guard !open.isEmpty else { throw APIError(.conflict, "Every proposal of this plan is rejected or a post already.") }
        let draft = PlanDraft(items: open.map(\.content), provider: plan.provider ?? "", notes: plan.notes)
        let revision = try await generator.revise(draft, of: order, as: prompt)
        return try await engine.write { connection in
            var present = try editable(id, for: caller, on: connection)
            guard present.version == plan.version else {
                throw APIError(.conflict, "The plan was changed meanwhile; read it again and repeat.")
            }
            let items = PlanMatching.items(revision.draft.items, from: open) { ambient.newID() }
            let kept = Set(items.map(\.id))
            for item in open where !kept.contains(item.id) {
                try connection.execute(ContentPlanQueries.remove(item.id, from: present))
            }
            for item in items where !open.contains(item) {
                try connection.execute(ContentPlanQueries.put(item, in: present))
            }
            present.provider = revision.draft.provider
            present.notes = noted(revision.draft, for: order).notes
            present.prompts.append(
                PlanPrompt(
                    prompt: prompt, userID: caller.userID, at: ambient.now(), provider: revision.provider,
                    applied: revision.applied, notUnderstood: revision.notUnderstood))
            present.prompts = present.prompts.suffix(Self.rememberedPrompts)
            try save(&present, on: connection)
            return RevisedPlan(plan: try whole(present, on: connection))
        }
    }

    /// Ends the plan. Posts that were made of it stay.
    package func cancel(_ id: ContentPlanID, for caller: Caller) async throws -> ContentPlan {
        try await engine.write { connection in
            var plan = try editable(id, for: caller, on: connection)
            try require(plan, in: [.generating, .ready, .approved, .creatingPosts], to: "cancelled")
            plan.status = .cancelled
            try save(&plan, on: connection)
            return try whole(plan, on: connection)
        }
    }

    /// Removes the plan from the lists. Posts that were made of it stay.
    package func delete(_ id: ContentPlanID, for caller: Caller) async throws {
        try await engine.write { connection in
            let plan = try editable(id, for: caller, on: connection)
            try require(plan, in: [.ready, .completed, .failed, .cancelled], to: "deleted")
            try connection.execute(
                """
                UPDATE content_plan SET deleted_at = \(ambient.now())
                WHERE organization_id = \(plan.organizationID) AND id = \(id)
                """)
        }
    }

    // MARK: Rules

    static let rememberedPrompts = 100

    /// The plan, or why this caller may not change it.
    func editable(_ id: ContentPlanID, for caller: Caller, on connection: any RelationalConnection) throws -> ContentPlan {
        let plan = try visible(id, for: caller, on: connection)
        try caller.checkVersion(plan.version)
        guard caller.role > .creator || plan.userID == caller.userID else {
            throw APIError(.forbidden, "A CREATOR changes only plans of their own; this one is another member's.")
        }
        return plan
    }

    func require(_ plan: ContentPlan, in allowed: [ContentPlanStatus], to verb: String) throws(APIError) {
        guard !allowed.contains(plan.status) else { return }
        throw APIError(
            .invalidTransition, "A content plan that is \(plan.status.rawValue) cannot be \(verb).",
            details: [FieldIssue("status", "possible in \(allowed.map(\.rawValue).joined(separator: ", "))")])
    }

    /// Writes the plan as its next version.
    /// - Parameter lease: how long nobody else takes it up, while the server works on it.
    func save(
        _ plan: inout ContentPlan, lease: Duration = Self.creationLease, on connection: any RelationalConnection
    ) throws {
        plan.version += 1
        plan.updatedAt = ambient.now()
        try connection.execute(ContentPlanQueries.update(plan, workAt: ambient.now() + lease))
    }

    private func change(
        _ inputs: [PlanItemInput], of plan: ContentPlan, for caller: Caller, on connection: any RelationalConnection
    ) throws {
        let items = try connection.query(ContentPlanQueries.items(of: plan), ContentPlanQueries.decodeItem)
        var known = Dictionary(items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let check = PlanItemCheck(
            plan: plan, order: try order(of: plan.wish, in: plan.organizationID, on: connection),
            rules: posts.rules.platforms, draft: { draft(of: $0, plan, by: caller) })
        var issues: [FieldIssue] = []
        for (index, input) in inputs.enumerated() {
            guard let id = input.id, var item = known[id] else {
                issues.append(FieldIssue("items[\(index)].id", "names no proposal of this plan"))
                continue
            }
            let found = check.issues(of: input, on: item)
            issues += found.map { FieldIssue("items[\(index)].\($0.field)", $0.issue) }
            guard found.isEmpty else { continue }
            input.apply(to: &item)
            known[id] = item
            try connection.execute(ContentPlanQueries.put(item, in: plan))
        }
        guard issues.isEmpty else { throw APIError.invalid(issues) }
    }
}
