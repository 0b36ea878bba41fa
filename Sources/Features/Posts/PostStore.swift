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
    let rules: PostRules

    package init(
        engine: any RelationalEngine, ambient: Ambient, outbox: Outbox, publications: PublicationStore,
        scheduleWake: WakeSignal,
        brands: BrandStore, accounts: AccountStore, organizations: OrganizationStore, rules: PostRules
    ) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
        self.publications = publications
        self.scheduleWake = scheduleWake
        self.brands = brands
        self.accounts = accounts
        self.organizations = organizations
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

    private func visible(_ id: PostID, for caller: Caller, on connection: any RelationalConnection) throws -> Post {
        guard let post = try find(id, in: caller.organizationID, on: connection), caller.maySee(post.brandID) else {
            throw APIError.notFound("post")
        }
        return post
    }

    // MARK: Changing

    /// Creates a post, its publications when it is scheduled, and `post.created`, in one transaction.
    package func create(_ input: PostInput, for caller: Caller) async throws -> Post {
        var missing: [FieldIssue] = []
        if input.brandID == nil { missing.append(FieldIssue("brandId", "is required")) }
        if input.caption == nil { missing.append(FieldIssue("caption", "is required")) }
        if input.platforms == nil { missing.append(FieldIssue("platforms", "is required")) }
        let status = input.status ?? .draft
        if status != .draft, status != .scheduled {
            missing.append(FieldIssue("status", "must be DRAFT or SCHEDULED when creating"))
        }
        guard missing.isEmpty, let brandID = input.brandID else { throw APIError.invalid(missing) }
        let now = ambient.now()
        var draft = Post(
            id: ambient.newID(), organizationID: caller.organizationID, brandID: brandID, userID: caller.userID, caption: "",
            at: now)
        input.apply(to: &draft)
        draft.status = status
        let new = draft
        let created = try await engine.write { connection in
            var post = new
            try prepare(&post, for: caller, on: connection)
            try organizations.takePostQuota(caller.organizationID, on: connection)
            try connection.execute(PostQueries.insert(post))
            if post.status == .scheduled, let due = post.scheduledFor {
                try publications.plan(post, due: due, on: connection)
            }
            try tell(PostCreated(post), by: caller.userID, on: connection)
            if post.status == .scheduled { try tell(PostScheduled(post), by: caller.userID, on: connection) }
            return post
        }
        wake(created)
        return created
    }

    /// Changes what `input` says; absent fields stay.
    package func update(_ id: PostID, with input: PostInput, for caller: Caller) async throws -> Post {
        if let status = input.status, !PostStatus.settable.contains(status) {
            let allowed = PostStatus.settable.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid(
                "status", "cannot be set to \(status.rawValue); settable are \(allowed), the rest has verbs of its own")
        }
        let updated = try await engine.write { connection in
            var post = try visible(id, for: caller, on: connection)
            try caller.checkVersion(post.version)
            let previous = post.status
            let previousTime = post.scheduledFor
            let target = input.status ?? previous
            if target != previous { try previous.check(to: target) }
            if input.changesContent, !previous.isEditable {
                throw APIError(
                    .invalidTransition, "A post that is \(previous.rawValue) cannot be edited.",
                    details: [FieldIssue("status", "editing is allowed in DRAFT, SCHEDULED, FAILED and CANCELLED")])
            }
            input.apply(to: &post)
            post.status = target
            if target == .draft || target == .scheduled { try prepare(&post, for: caller, on: connection) }
            if target == .scheduled { post.failure = nil }
            try save(&post, from: previous, by: caller.userID, on: connection)
            if target == .scheduled, let due = post.scheduledFor {
                try publications.plan(post, due: due, on: connection)
            } else if previous == .scheduled {
                try publications.cancelOpen(of: post, on: connection)
            }
            if input.changesContent {
                try tell(PostUpdated(post, changed: input.changedFields), by: caller.userID, on: connection)
            }
            if target == .scheduled, previous != .scheduled || post.scheduledFor != previousTime {
                try tell(PostScheduled(post), by: caller.userID, on: connection)
            }
            return post
        }
        wake(updated)
        return updated
    }

    /// Publishes now what is a draft, scheduled, or failed on some account; accounts that show it already are left alone.
    /// Durable when it returns: publishing goes on whatever happens to this process.
    package func publish(_ id: PostID, for caller: Caller) async throws -> Post {
        let published = try await engine.write { connection in
            var post = try visible(id, for: caller, on: connection)
            try caller.checkVersion(post.version)
            let previous = post.status
            try previous.check(to: .publishing)
            try prepare(&post, for: caller, on: connection)
            post.status = .publishing
            post.failure = nil
            try save(&post, from: previous, by: caller.userID, on: connection)
            try publications.plan(post, due: ambient.now(), on: connection)
            return post
        }
        wake(published)
        return published
    }

    /// Removes the post from the lists. What it published stays on the platforms.
    package func delete(_ id: PostID, for caller: Caller) async throws {
        try await engine.write { connection in
            let post = try visible(id, for: caller, on: connection)
            try caller.checkVersion(post.version)
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

    private func tell(_ event: some PostEvent, by user: UserID?, on connection: any RelationalConnection) throws {
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

    /// Checks the post and chooses its accounts.
    private func prepare(_ post: inout Post, for caller: Caller, on connection: any RelationalConnection) throws {
        guard caller.maySee(post.brandID), let brand = try brands.find(post.brandID, in: post.organizationID, on: connection)
        else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
        post.warnings = try rules.check(post, brandCards: brand.brandCards, now: ambient.now())
        let isDraft = post.status == .draft
        if isDraft, post.accountIDs.isEmpty { return }
        let usable = try accounts.publishable(
            brand: post.brandID, in: post.organizationID, sandboxOnly: caller.isDevelopment, on: connection)
        if post.accountIDs.isEmpty {
            post.accountIDs = usable.filter { post.platforms.contains($0.platform) }.map(\.id)
        }
        let chosen = post.accountIDs
        for id in chosen where !usable.contains(where: { $0.id == id }) {
            throw APIError.invalid("socialAccountIds", "names no account of this brand that can publish: \(id)")
        }
        let covered = Set(usable.filter { chosen.contains($0.id) }.map(\.platform))
        if isDraft { return }
        for platform in post.platforms where !covered.contains(platform) {
            throw APIError.invalid(
                "platforms",
                "\(platform.rawValue) has no social account of this brand that can publish; connect one with POST /api/social/accounts"
            )
        }
    }

    private func wake(_ post: Post) {
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
