package import Contract
package import Core
import Relational

/// Review: who may decide, and what a decision does. Every step commits with its event.
extension PostStore {
    /// True when this caller's post has to be approved by somebody else before it is published.
    func needsApproval(of post: Post, by caller: Caller, on connection: any RelationalConnection) throws -> Bool {
        guard caller.role < .manager else { return false }
        return try organizations.settings(of: post.organizationID, on: connection).approvalRequired
    }

    func newApproval(
        _ note: String?, reviewers: [UserID] = [], for caller: Caller, on connection: any RelationalConnection
    ) throws -> Approval {
        let settings = try organizations.settings(of: caller.organizationID, on: connection)
        return Approval(
            stage: 1, stages: settings.approvalStages, reviewerIDs: reviewers, submittedBy: caller.userID,
            submittedAt: ambient.now(), note: note, approvedVersion: nil)
    }

    /// Hands the post to its reviewers.
    package func submit(_ id: PostID, _ input: SubmitInput, for caller: Caller) async throws -> Post {
        try await step(id, to: .inReview, for: caller, tells: { PostApprovalRequested($0) }) { post, connection in
            try prepare(&post, for: caller, on: connection)
            for reviewer in input.reviewerIDs {
                let isMember = try connection.exists(
                    "SELECT 1 FROM member WHERE organization_id = \(post.organizationID) AND user_id = \(reviewer)")
                guard isMember else { throw APIError.invalid("reviewerIds", "names no member: \(reviewer)") }
            }
            post.approval = try newApproval(input.note, reviewers: input.reviewerIDs, for: caller, on: connection)
        }
    }

    /// The author takes the post back.
    package func withdraw(_ id: PostID, for caller: Caller) async throws -> Post {
        try await step(id, to: .draft, from: [.inReview], for: caller) { post, _ in post.approval = nil }
    }

    /// Takes a post off the schedule, or ends a draft.
    package func cancel(_ id: PostID, for caller: Caller) async throws -> Post {
        try await step(id, to: .cancelled, for: caller) { post, connection in
            try publications.cancelOpen(of: post, on: connection)
        }
    }

    private func step(
        _ id: PostID, to target: PostStatus, from allowed: [PostStatus]? = nil, for caller: Caller,
        tells event: (@Sendable (Post) -> any PostEvent)? = nil,
        _ change: @escaping @Sendable (inout Post, any RelationalConnection) throws -> Void
    ) async throws -> Post {
        let changed = try await engine.write { connection in
            var post = try editable(id, for: caller, on: connection)
            let previous = post.status
            try previous.check(to: target)
            if let allowed, !allowed.contains(previous) { try Self.refuse(previous, allowed) }
            post.status = target
            try change(&post, connection)
            try save(&post, from: previous, by: caller.userID, on: connection)
            if let event { try tell(event(post), by: caller.userID, on: connection) }
            return post
        }
        wake(changed)
        return changed
    }

    private static func refuse(_ status: PostStatus, _ allowed: [PostStatus]) throws(APIError) {
        throw APIError(
            .invalidTransition, "A post that is \(status.rawValue) cannot take this step.",
            details: [FieldIssue("status", "allowed in \(allowed.map(\.rawValue).joined(separator: ", "))")])
    }

    // MARK: Deciding

    /// A reviewer decides. Approval of the last stage schedules the post, or makes it a draft when it has no time yet.
    package func decide(_ id: PostID, _ verdict: Decision.Verdict, _ input: DecisionInput, for caller: Caller) async throws
        -> Post
    {
        let decided = try await engine.write { connection in
            let post = try visible(id, for: caller, on: connection)
            try caller.checkVersion(post.version)
            try requireReviewer(caller, of: post, on: connection)
            return try decide(
                post, verdict, input.note, by: .member(caller.userID, seesSandboxOnly: caller.isDevelopment), on: connection)
        }
        wake(decided)
        return decided
    }

    private func requireReviewer(_ caller: Caller, of post: Post, on connection: any RelationalConnection) throws {
        let named = post.approval?.reviewerIDs ?? []
        guard caller.role >= .manager || named.contains(caller.userID) else {
            throw APIError(.forbidden, "Reviewing needs the role MANAGER or more, or to be named as a reviewer of the post.")
        }
        guard named.isEmpty || named.contains(caller.userID) || caller.role >= .admin else {
            throw APIError(.forbidden, "This post's review is for the reviewers it names.")
        }
        let settings = try organizations.settings(of: post.organizationID, on: connection)
        guard settings.allowsSelfApproval || !settings.approvalRequired || post.approval?.submittedBy != caller.userID else {
            throw APIError(.forbidden, "Who submitted a post does not decide on it; the organization's settings can allow it.")
        }
    }

    /// Who decides: a member, or somebody outside who was sent a link.
    package enum Reviewer: Sendable {
        case member(UserID, seesSandboxOnly: Bool = false)
        case guest(String)

        var userID: UserID? { if case .member(let id, _) = self { id } else { nil } }
        var seesSandboxOnly: Bool { if case .member(_, let only) = self { only } else { false } }
        var name: String? { if case .guest(let name) = self { name } else { nil } }
    }

    /// The decision itself, on the caller's transaction.
    func decide(
        _ present: Post, _ verdict: Decision.Verdict, _ note: String?, by reviewer: Reviewer,
        on connection: any RelationalConnection
    ) throws -> Post {
        var post = present
        guard post.status == .inReview, var approval = post.approval else {
            throw APIError(
                .invalidTransition, "A post that is \(post.status.rawValue) is not in review.",
                details: [FieldIssue("status", "deciding is allowed in IN_REVIEW")])
        }
        if verdict != .approve, note == nil { throw APIError.invalid("note", "is required: say what is wrong") }
        try connection.execute(
            """
            INSERT INTO post_decision (organization_id, id, post_id, stage, user_id, author, decision, note, post_version, created_at)
            VALUES (\(post.organizationID), \(ambient.newID(DecisionID.self)), \(post.id), \(approval.stage), \(reviewer.userID),
                    \(reviewer.name), \(verdict), \(note), \(post.version), \(ambient.now()))
            """)
        switch verdict {
        case .reject: post.status = .rejected
        case .requestChanges: post.status = .changesRequested
        case .approve where approval.stage < approval.stages: approval.stage += 1
        case .approve:
            approval.approvedVersion = post.version + 1
            let isTimely = post.scheduledFor.map { $0 > ambient.now() } ?? false
            post.status = isTimely ? .scheduled : .draft
        }
        post.approval = approval
        if post.status == .scheduled { try prepareApproved(&post, by: reviewer, on: connection) }
        try save(&post, from: .inReview, by: reviewer.userID, on: connection)
        if post.status == .scheduled, let due = post.scheduledFor { try publications.plan(post, due: due, on: connection) }
        switch verdict {
        case .approve where approval.approvedVersion != nil:
            try tell(PostApproved(post), by: reviewer.userID, on: connection)
            if post.status == .scheduled { try tell(PostScheduled(post), by: reviewer.userID, on: connection) }
        case .approve: try tell(PostApprovalRequested(post), by: reviewer.userID, on: connection)
        case .reject: try tell(PostRejected(post), by: reviewer.userID, on: connection)
        case .requestChanges: break
        }
        return post
    }

    /// An approved post is checked as its author's: the reviewer may see fewer brands, or be nobody at all. But a key for
    /// development puts nothing on real accounts, in this way either.
    private func prepareApproved(_ post: inout Post, by reviewer: Reviewer, on connection: any RelationalConnection) throws {
        let author = Caller(
            organizationID: post.organizationID, keyID: ID("review"), userID: post.userID, scope: .readWrite, role: .manager,
            isDevelopment: reviewer.seesSandboxOnly, requestsPerHour: 0)
        try prepare(&post, for: author, on: connection)
    }

    /// Who decided what, in order.
    package func decisions(of id: PostID, for caller: Caller, page: PageRequest) async throws -> Page<Decision> {
        try await engine.read { connection in
            let post = try visible(id, for: caller, on: connection)
            let rows = try connection.query(
                """
                SELECT id, post_id, stage, user_id, author, decision, note, post_version, created_at FROM post_decision
                WHERE organization_id = \(post.organizationID) AND post_id = \(id) AND \(page.condition("id", ascending: true))
                \(page.tail("id", ascending: true))
                """
            ) { row in
                Decision(
                    id: row.id(0), postID: row.id(1), stage: Int(row.int(2)), userID: row.optionalID(3),
                    author: row.optionalText(4), verdict: try row.value(5), note: row.optionalText(6),
                    postVersion: row.int(7), createdAt: row.instant(8))
            }
            return page.page(rows) { Cursor($0.id) }
        }
    }
}
