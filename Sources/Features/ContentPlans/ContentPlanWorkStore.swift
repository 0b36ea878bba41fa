package import Contract
package import Core
import Relational

/// What the server does with plans by itself: proposals, and posts from proposals. Each step commits on its own, and none is
/// done twice, so that a crash anywhere costs nothing but time.
extension ContentPlanStore {
    /// Longer than any generator takes.
    static let generationLease = Duration.seconds(300)
    static let creationLease = Duration.seconds(30)
    /// How often a plan is taken up before it counts as failed.
    private static let mostAttempts = 3
    /// Posts that one transaction makes.
    static let step = 20

    // MARK: Generating

    /// Has the proposals made and keeps them, unless somebody else was faster or the plan was cancelled.
    func generate(_ plan: ContentPlan) async throws -> ContentPlan {
        let outcome: Result<PlanDraft, APIError>
        do {
            let order = try await engine.read { try self.order(of: plan.wish, in: plan.organizationID, on: $0) }
            outcome = .success(noted(try await generator.propose(order), for: order))
        } catch let error as APIError {
            outcome = .failure(error)
        }
        let finished = try await engine.write { connection in
            let found = try connection.first(
                ContentPlanQueries.find(plan.id, in: plan.organizationID), ContentPlanQueries.decode)
            guard var present = found else { throw APIError.notFound("content plan") }
            guard present.status == .generating else { return try whole(present, on: connection) }
            switch outcome {
            case .success(let draft): try keep(draft, in: &present, on: connection)
            case .failure(let error):
                present.status = .failed
                present.failure = error.message
            }
            try save(&present, on: connection)
            return try whole(present, on: connection)
        }
        outbox.wake.signal()
        return finished
    }

    private func keep(_ draft: PlanDraft, in plan: inout ContentPlan, on connection: any RelationalConnection) throws {
        for content in draft.items {
            try connection.execute(ContentPlanQueries.put(PlanItem(id: ambient.newID(), content: content), in: plan))
        }
        plan.status = .ready
        plan.provider = draft.provider
        plan.notes = draft.notes
        plan.generatedAt = ambient.now()
        try outbox.append(
            PlanGenerated(plan: plan, itemCount: draft.items.count), for: plan.organizationID, brand: plan.wish.brandID,
            user: plan.userID, on: connection)
    }

    // MARK: Making posts

    /// Approves what is not rejected, and makes a draft post of each: durable with the first step, finished here or, after a
    /// crash, by the duty.
    package func approve(_ id: ContentPlanID, for caller: Caller) async throws -> ContentPlan {
        let approved = try await engine.write { connection in
            var plan = try editable(id, for: caller, on: connection)
            try require(plan, in: [.ready], to: "approved")
            try connection.execute(ContentPlanQueries.forgetIssues(of: plan))
            guard try connection.exists(ContentPlanQueries.unconverted(of: plan, limit: 1)) else {
                throw APIError(.conflict, "Every proposal of this plan is rejected; there is nothing to make posts of.")
            }
            plan.status = .approved
            plan.approvedAt = ambient.now()
            plan.approvedBy = caller.userID
            plan.isDevelopment = caller.isDevelopment
            plan.failure = nil
            try save(&plan, on: connection)
            return plan
        }
        if RequestScope.current?.isDryRun ?? false { return approved }
        while try await makePosts(of: approved) {}
        return try await get(id, for: caller)
    }

    /// Makes the next few posts.
    /// - Returns: whether there is more to do.
    private func makePosts(of plan: ContentPlan) async throws -> Bool {
        let isMore = try await engine.write { connection in
            let found = try connection.first(
                ContentPlanQueries.find(plan.id, in: plan.organizationID), ContentPlanQueries.decode)
            guard var present = found, present.status == .approved || present.status == .creatingPosts,
                let approver = present.approvedBy
            else { return false }
            let items = try connection.query(
                ContentPlanQueries.unconverted(of: present, limit: Self.step), ContentPlanQueries.decodeItem)
            if items.isEmpty {
                try finish(&present, on: connection)
                return false
            }
            present.status = .creatingPosts
            let author = Caller(
                organizationID: present.organizationID, keyID: ID("plan"), userID: approver, scope: .readWrite, role: .manager,
                isDevelopment: present.isDevelopment, requestsPerHour: 0)
            let platforms = try accountPlatforms(of: present, on: connection)
            for item in items { try makePost(of: item, present, platforms, by: author, on: connection) }
            try save(&present, on: connection)
            return true
        }
        outbox.wake.signal()
        return isMore
    }

    /// One draft post, or the reason why there is none: the other proposals do not wait for it.
    private func makePost(
        of item: PlanItem, _ plan: ContentPlan, _ platforms: [SocialAccountID: Platform], by author: Caller,
        on connection: any RelationalConnection
    ) throws {
        var item = item
        var post = draft(of: item, plan, by: author)
        // One that is gone stays named: the post is refused rather than published by accounts that nobody chose.
        post.accountIDs = plan.wish.accountIDs.filter { id in
            platforms[id].map(post.platforms.contains) ?? true
        }
        do {
            // The credits are taken with the post or not at all.
            try connection.isolated {
                try posts.insert(&post, for: author, on: connection)
                let subject = CreditSubject("plan_item", item.id.rawValue)
                try credits.reserve(.planPost, for: subject, in: plan.organizationID, by: author.userID, on: connection)
                try credits.settle(subject, in: plan.organizationID, on: connection)
            }
            item.status = .converted
            item.postID = post.id
        } catch let error as APIError {
            item.issue = error.message
        }
        try connection.execute(ContentPlanQueries.put(item, in: plan))
    }

    /// Where the accounts publish that the wish names.
    private func accountPlatforms(
        of plan: ContentPlan, on connection: any RelationalConnection
    ) throws -> [SocialAccountID: Platform] {
        guard !plan.wish.accountIDs.isEmpty else { return [:] }
        let known = try connection.query(ContentPlanQueries.accountPlatforms(of: plan)) {
            ($0.id(0, SocialAccountID.self), try $0.value(1, Platform.self))
        }
        return Dictionary(known, uniquingKeysWith: { first, _ in first })
    }

    private func finish(_ plan: inout ContentPlan, on connection: any RelationalConnection) throws {
        let (made, left) =
            try connection.first(ContentPlanQueries.outcome(of: plan)) { (Int($0.int(0)), Int($0.int(1))) } ?? (0, 0)
        if left > 0 {
            plan.status = .ready
            plan.failure = "\(left) of \(made + left) proposals could not become posts; the issue of each says why."
        } else {
            plan.status = .completed
            plan.completedAt = ambient.now()
            try outbox.append(
                PlanCompleted(plan: plan, postCount: made), for: plan.organizationID, brand: plan.wish.brandID,
                user: plan.approvedBy, on: connection)
        }
        try save(&plan, on: connection)
    }

    /// The post that a proposal becomes.
    func draft(of item: PlanItem, _ plan: ContentPlan, by author: Caller) -> Post {
        var post = Post(
            id: ambient.newID(), organizationID: plan.organizationID, brandID: plan.wish.brandID, userID: author.userID,
            caption: item.content.caption, at: ambient.now())
        post.title = String(item.content.topic.prefix(200))
        post.platforms = item.content.platforms
        post.scheduledFor = item.content.scheduledFor
        post.contentType = item.content.contentType
        post.categoryID = item.content.categoryID
        post.pillarID = item.content.pillarID
        post.contentPlanID = plan.id
        post.planItemID = item.id
        return post
    }

    // MARK: Going on

    /// Takes up what was interrupted.
    /// - Returns: when there is something to look at again.
    package func resume() async throws -> Instant? {
        let now = ambient.now()
        guard
            let next = try await engine.readByKey({ try $0.first(ContentPlanQueries.nextWork) { $0.optionalInstant(0) } })
                ?? nil
        else { return nil }
        guard next <= now else { return next }
        let due = try await engine.write { connection in
            var taken: [ContentPlan] = []
            for var plan in try connection.query(ContentPlanQueries.due(at: now, limit: 10), ContentPlanQueries.decode) {
                let isMakingPosts = plan.status != .generating
                let lease = isMakingPosts ? Self.creationLease : Self.generationLease
                let most = isMakingPosts ? Int(Int32.max) : Self.mostAttempts
                if try connection.execute(ContentPlanQueries.take(plan, until: now + lease, most: most)) == 1 {
                    taken.append(plan)
                } else {
                    plan.status = .failed
                    plan.failure = "The generation was interrupted \(Self.mostAttempts) times."
                    try save(&plan, on: connection)
                }
            }
            return taken
        }
        for plan in due {
            if plan.status == .generating { _ = try await generate(plan) } else { while try await makePosts(of: plan) {} }
        }
        return ambient.now()
    }

    /// Takes up at once what a dead process left; for the start of the only process that works.
    package func releaseAll() async throws {
        try await engine.write { _ = try $0.execute(ContentPlanQueries.releaseAll(at: ambient.now())) }
    }
}
