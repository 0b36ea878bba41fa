package import Contract
package import Core
package import Relational

/// Reads and changes posts. Every change of status commits together with its event.
package struct PostStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    package let outbox: Outbox
    package let publications: PublicationStore
    /// Wakes the scheduler when something became due earlier than it knows.
    package let scheduleWake: WakeSignal
    let brands: BrandStore
    let accounts: AccountStore
    let organizations: OrganizationStore
    let queues: QueueStore
    let library: MediaStore
    let rules: PostRules

    package init(
        engine: any RelationalEngine, ambient: Ambient, outbox: Outbox, publications: PublicationStore,
        scheduleWake: WakeSignal,
        brands: BrandStore, accounts: AccountStore, organizations: OrganizationStore, queues: QueueStore, library: MediaStore,
        rules: PostRules
    ) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
        self.publications = publications
        self.scheduleWake = scheduleWake
        self.brands = brands
        self.accounts = accounts
        self.organizations = organizations
        self.queues = queues
        self.library = library
        self.rules = rules
    }

    // MARK: Reading

    package func find(_ id: PostID, in organization: OrganizationID, on connection: any RelationalConnection) throws -> Post? {
        try connection.first(PostQueries.find(id, in: organization), PostQueries.decode)
    }

    /// The post, or 404 when it is not there for this caller.
    package func get(_ id: PostID, for caller: Caller) async throws -> Post {
        try await engine.readByKey { try visible(id, for: caller, on: $0) }
    }

    package func list(_ filter: PostFilter, for caller: Caller, page: PageRequest) async throws -> Page<Post> {
        try await engine.read { connection in
            page.page(try connection.query(PostQueries.list(filter, for: caller, page), PostQueries.decode)) { Cursor($0.id) }
        }
    }

    func visible(_ id: PostID, for caller: Caller, on connection: any RelationalConnection) throws -> Post {
        guard let post = try find(id, in: caller.organizationID, on: connection), caller.maySee(post.brandID) else {
            throw APIError.notFound("post")
        }
        return post
    }

    /// The post, or why this caller may not change it now.
    func editable(_ id: PostID, for caller: Caller, on connection: any RelationalConnection) throws -> Post {
        let post = try visible(id, for: caller, on: connection)
        try caller.checkVersion(post.version)
        guard caller.role > .creator || post.userID == caller.userID else {
            throw APIError(.forbidden, "A CREATOR changes only posts of their own; this one is another member's.")
        }
        return post
    }

    // MARK: Changing

    /// Creates a post, its publications when it is scheduled, and `post.created`, in one transaction.
    package func create(_ input: PostInput, for caller: Caller) async throws -> Post {
        let created = try await engine.write { try create(input, for: caller, on: $0) }
        wake(created)
        return created
    }

    /// The same on the caller's transaction; ``wake(_:)`` must follow its commit.
    func create(_ input: PostInput, parent: PostID? = nil, for caller: Caller, on connection: any RelationalConnection) throws
        -> Post
    {
        var missing: [FieldIssue] = []
        if input.brandID == nil { missing.append(FieldIssue("brandId", "is required")) }
        if input.caption == nil { missing.append(FieldIssue("caption", "is required")) }
        if input.platforms == nil { missing.append(FieldIssue("platforms", "is required")) }
        let status = input.status ?? .draft
        if status != .draft, status != .scheduled, status != .inReview {
            missing.append(FieldIssue("status", "must be DRAFT, IN_REVIEW or SCHEDULED when creating"))
        }
        guard missing.isEmpty, let brandID = input.brandID else { throw APIError.invalid(missing) }
        try requireVisible(input, for: caller, on: connection)
        var post = Post(
            id: ambient.newID(), organizationID: caller.organizationID, brandID: brandID, userID: caller.userID, caption: "",
            at: ambient.now())
        input.apply(to: &post)
        post.parentID = parent
        post.status = status
        try insert(&post, for: caller, on: connection)
        return post
    }

    /// Checks and writes a new post with its publications and events, on the caller's transaction.
    func insert(_ post: inout Post, for caller: Caller, on connection: any RelationalConnection) throws {
        if post.status == .scheduled, try needsApproval(of: post, by: caller, on: connection) { post.status = .inReview }
        try prepare(&post, for: caller, on: connection)
        try organizations.takePostQuota(caller.organizationID, on: connection)
        if post.status == .inReview { post.approval = try newApproval(nil, for: caller, on: connection) }
        do {
            try connection.execute(PostQueries.insert(post))
        } catch RelationalError.unique {
            throw Self.referenceTaken(post)
        }
        if post.status == .scheduled, let due = post.scheduledFor { try publications.plan(post, due: due, on: connection) }
        try tell(PostCreated(post), by: caller.userID, on: connection)
        if post.status == .scheduled { try tell(PostScheduled(post), by: caller.userID, on: connection) }
        if post.status == .inReview { try tell(PostApprovalRequested(post), by: caller.userID, on: connection) }
    }

    private static func referenceTaken(_ post: Post) -> APIError {
        APIError(
            .conflict, "There is a post with the externalRef \"\(post.externalRef ?? "")\" already.",
            details: [FieldIssue("externalRef", "must be unique in the organization")])
    }

    /// Changes what `input` says; absent fields stay.
    package func update(_ id: PostID, with input: PostInput, for caller: Caller) async throws -> Post {
        if let status = input.status, !PostStatus.settable.contains(status) {
            let allowed = PostStatus.settable.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid(
                "status", "cannot be set to \(status.rawValue); settable are \(allowed), the rest has verbs of its own")
        }
        let updated = try await engine.write { try update(id, with: input, for: caller, on: $0) }
        wake(updated)
        return updated
    }

    /// The same on the caller's transaction; ``wake(_:)`` must follow its commit.
    func update(
        _ id: PostID, with input: PostInput, for caller: Caller, on connection: any RelationalConnection
    ) throws -> Post {
        var post = try editable(id, for: caller, on: connection)
        let before = post
        try requireVisible(input, for: caller, on: connection)
        var target = try self.target(of: input, for: before, by: caller, on: connection)
        input.apply(to: &post)
        if input.changesWhatIsApproved, before.approval?.approvedVersion != nil, target != .inReview {
            // What was approved is not what would be published, now or when a failed or cancelled post goes on.
            post.approval = try newApproval("Edited after the approval.", for: caller, on: connection)
            if target == .scheduled { target = .inReview }
        }
        if input.changesWhatIsApproved, before.status == .inReview, target == .inReview {
            // Whoever decided a stage, or holds a link, decided on other words: the review begins again.
            post.approval = try newApproval(
                before.approval?.note, reviewers: before.approval?.reviewerIDs ?? [], for: caller, on: connection)
        }
        post.status = target
        if [.draft, .scheduled, .inReview].contains(target) { try prepare(&post, for: caller, on: connection) }
        if target == .scheduled { post.failure = nil }
        if target == .inReview, before.status != .inReview, post.approval?.approvedVersion != nil || post.approval == nil {
            post.approval = try newApproval(nil, for: caller, on: connection)
        }
        if input.changesContent {
            try keepRevision(of: before, changed: input.changedFields, by: caller.userID, on: connection)
        }
        do {
            try save(&post, from: before.status, by: caller.userID, on: connection)
        } catch RelationalError.unique {
            throw Self.referenceTaken(post)
        }
        if target == .scheduled, let due = post.scheduledFor {
            try publications.plan(post, due: due, on: connection)
        } else if before.status == .scheduled {
            try publications.cancelOpen(of: post, on: connection)
        }
        try tellOfUpdate(post, before: before, input, by: caller, on: connection)
        return post
    }

    /// The status that an update leads to.
    /// - Throws: 409 for a step that is not legal, or has a verb of its own.
    private func target(
        of input: PostInput, for post: Post, by caller: Caller, on connection: any RelationalConnection
    ) throws -> PostStatus {
        let target = input.status ?? post.status
        if target != post.status { try post.status.check(to: target) }
        if post.status == .inReview, target == .scheduled {
            throw APIError(
                .invalidTransition, "A post in review is scheduled by its approval: POST /api/posts/\(post.id)/approve.",
                details: [FieldIssue("status", "cannot be set to SCHEDULED while the post is IN_REVIEW")])
        }
        if input.changesContent, !post.status.isEditable {
            throw APIError(
                .invalidTransition, "A post that is \(post.status.rawValue) cannot be edited.",
                details: [
                    FieldIssue(
                        "status",
                        "editing is allowed in DRAFT, IN_REVIEW, CHANGES_REQUESTED, REJECTED, SCHEDULED, FAILED and CANCELLED")
                ])
        }
        if target == .scheduled, post.status != .scheduled || input.changesWhatIsApproved,
            try needsApproval(of: post, by: caller, on: connection)
        {
            try post.status.check(to: .inReview)
            return .inReview
        }
        return target
    }

    private func tellOfUpdate(
        _ post: Post, before: Post, _ input: PostInput, by caller: Caller, on connection: any RelationalConnection
    ) throws {
        if input.changesContent {
            try tell(PostUpdated(post, changed: input.changedFields), by: caller.userID, on: connection)
        }
        if post.status == .scheduled, before.status != .scheduled || post.scheduledFor != before.scheduledFor {
            try tell(PostScheduled(post), by: caller.userID, on: connection)
        }
        if post.status == .inReview, before.status != .inReview {
            try tell(PostApprovalRequested(post), by: caller.userID, on: connection)
        }
    }

    /// Publishes now what is a draft, scheduled, or failed on some account; accounts that show it already are left alone.
    /// Durable when it returns: publishing goes on whatever happens to this process.
    package func publish(_ id: PostID, for caller: Caller) async throws -> Post {
        try await publish(id, from: nil, for: caller)
    }

    /// Sends again what failed; accounts that show the post are left alone.
    package func retry(_ id: PostID, for caller: Caller) async throws -> Post {
        try await publish(id, from: [.failed, .partiallyPublished], for: caller)
    }

    private func publish(_ id: PostID, from allowed: [PostStatus]?, for caller: Caller) async throws -> Post {
        let published = try await engine.write { connection in
            var post = try editable(id, for: caller, on: connection)
            let previous = post.status
            try previous.check(to: .publishing)
            if let allowed, !allowed.contains(previous) {
                let list = allowed.map(\.rawValue).joined(separator: ", ")
                throw APIError(
                    .invalidTransition, "A post that is \(previous.rawValue) has nothing to retry.",
                    details: [FieldIssue("status", "retrying is allowed in \(list)")])
            }
            if post.approval?.approvedVersion == nil, try needsApproval(of: post, by: caller, on: connection) {
                throw APIError(
                    .forbidden, "Posts of this organization are published after an approval: POST /api/posts/\(id)/submit.")
            }
            // Before the checks: what they demand of a draft is less, and a draft's accounts are not chosen yet.
            post.status = .publishing
            try prepare(&post, for: caller, on: connection)
            post.failure = nil
            try repeatIfDue(&post, on: connection)
            try save(&post, from: previous, by: caller.userID, on: connection)
            try publications.plan(post, due: ambient.now(), isNow: true, on: connection)
            return post
        }
        wake(published)
        return published
    }

    /// Removes the post from the lists. What it published stays on the platforms.
    package func delete(_ id: PostID, for caller: Caller) async throws {
        try await engine.write { connection in
            let post = try editable(id, for: caller, on: connection)
            guard post.status != .publishing, post.status != .needsAttention else {
                throw APIError(
                    .invalidTransition, "A post that is \(post.status.rawValue) cannot be deleted; wait until it has settled.",
                    details: [FieldIssue("status", "deleting is allowed in every other status")])
            }
            try publications.cancelOpen(of: post, on: connection)
            try connection.execute(
                """
                UPDATE post SET deleted_at = \(ambient.now()), version = version + 1
                WHERE organization_id = \(post.organizationID) AND id = \(id)
                """)
            try tell(PostDeleted(post), by: caller.userID, on: connection)
        }
        outbox.wake.signal()
    }

    /// Writes `post` as its next version and, when its status moved, the event that says so: on the caller's transaction.
    package func save(
        _ post: inout Post, from previous: PostStatus, by user: UserID?, on connection: any RelationalConnection
    ) throws {
        post.version += 1
        post.updatedAt = ambient.now()
        guard try connection.execute(PostQueries.update(post)) == 1 else {
            throw APIError(.conflict, "The post was changed by another request at the same time; read it again and repeat.")
        }
        if post.status != previous {
            try tell(PostStatusChanged(post, from: previous), by: user, on: connection)
        }
    }

    /// Brings a post up to date with its publications, one of which has just settled, and tells the webhooks when the last
    /// one has: on the caller's transaction.
    package func settle(after publication: Publication, by user: UserID?, on connection: any RelationalConnection) throws {
        guard var post = try find(publication.postID, in: publication.organizationID, on: connection) else { return }
        if post.followUpCount > 0 { try publications.goOn(after: publication, on: connection) }
        let all = try publications.ofPost(post.id, in: post.organizationID, on: connection).filter { $0.state != .cancelled }
        let previous = post.status
        post.platformResults = PostSettlement.results(of: all)
        if let settled = PostSettlement.status(of: all), previous.next.contains(settled) || previous == settled {
            post.status = settled
            post.failure = PostSettlement.failure(of: all)
            if post.publishedAt == nil { post.publishedAt = all.compactMap(\.publishedAt).min() }
        }
        try save(&post, from: previous, by: user, on: connection)
        guard post.status != previous else { return }
        if post.status == .published || post.status == .partiallyPublished {
            try tell(PostPublished(post), by: user, on: connection)
        }
        if post.status == .failed || post.status == .partiallyPublished {
            try tell(PostFailed(post), by: user, on: connection)
        }
        if post.status == .partiallyPublished { try tell(PostPartiallyPublished(post), by: user, on: connection) }
    }

    func tell(_ event: any PostEvent, by user: UserID?, on connection: any RelationalConnection) throws {
        try outbox.append(
            event, for: event.post.organizationID, brand: event.post.brandID, user: user, on: connection)
    }

    /// A person says what became of publications that nobody could find out about. Nothing is sent by it.
    package func resolve(_ id: PostID, with input: ResolveInput, for caller: Caller) async throws -> Post {
        let resolved = try await engine.write { connection in
            let post = try visible(id, for: caller, on: connection)
            try caller.checkVersion(post.version)
            let open = try publications.ofPost(id, in: post.organizationID, on: connection).filter { publication in
                publication.state == .needsAttention && (input.publicationID ?? publication.id) == publication.id
            }
            guard !open.isEmpty else {
                throw APIError(
                    .invalidTransition,
                    "The post has no publication that needs attention\(input.publicationID.map { " with the id \($0)" } ?? "").",
                    details: [
                        FieldIssue(
                            "publicationId", "must name a publication in NEEDS_ATTENTION, or be left out for all of them")
                    ])
            }
            for publication in open {
                let settled = try publications.resolve(publication, isLive: input.isLive, permalink: input.url, on: connection)
                try settle(after: settled, by: caller.userID, on: connection)
            }
            return try visible(id, for: caller, on: connection)
        }
        outbox.wake.signal()
        return resolved
    }

    func wake(_ post: Post) {
        outbox.wake.signal()
        if post.status == .scheduled || post.status == .publishing { scheduleWake.signal() }
    }
}

extension Post {
    /// A new draft with nothing in it yet.
    init(id: PostID, organizationID: OrganizationID, brandID: BrandID, userID: UserID, caption: String, at now: Instant) {
        self.init(
            id: id, organizationID: organizationID, brandID: brandID, userID: userID, title: nil, caption: caption, link: nil,
            platforms: [], accountIDs: [], media: [], options: PostOptions(), status: .draft, scheduledFor: nil,
            campaignID: nil,
            warnings: [], platformResults: RawJSON("{}"), failure: nil, publishedAt: nil, createdAt: now, updatedAt: now,
            version: 1)
    }
}
