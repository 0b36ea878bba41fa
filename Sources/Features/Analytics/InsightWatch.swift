package import Core

/// A published post on one account, as far as its numbers are watched: where they are, and when they are read next.
package struct PostWatch: Sendable {
    package var organizationID: OrganizationID
    package var publicationID: PublicationID
    package var postID: PostID
    package var accountID: SocialAccountID
    package var brandID: BrandID
    package var platform: Platform
    package var platformPostID: String
    package var publishedAt: Instant
    /// Nil: the plan is over.
    package var dueAt: Instant?
    package var failures: Int
    package var lastError: String?
    /// Somebody asked for a reading, then.
    package var requestedAt: Instant?
    package var requestedBy: UserID?
    /// When the numbers were read last.
    package var capturedAt: Instant?
    package var toldAt: Instant?
    /// Metrics that changed since the last `analytics.updated`.
    package var untold: [String]
    package var isSandbox: Bool
    /// The newest known values.
    package var metrics: Metrics
}

/// An account, as far as its followers are watched.
package struct AccountWatch: Sendable {
    package var organizationID: OrganizationID
    package var accountID: SocialAccountID
    package var brandID: BrandID
    package var platform: Platform
    package var username: String
    package var dueAt: Instant?
    package var failures: Int
    package var requestedAt: Instant?
    package var requestedBy: UserID?
    package var capturedAt: Instant?
    package var counts: AccountCounts
    /// The most followers that were ever seen; nil before the first reading, which tells of no milestone.
    package var highest: Int64?
    package var isSandbox: Bool
}

/// One thing whose numbers are due.
package enum InsightTask: Sendable {
    case post(PostWatch)
    case account(AccountWatch)

    package var organizationID: OrganizationID {
        switch self {
        case .post(let watch): watch.organizationID
        case .account(let watch): watch.organizationID
        }
    }
    package var accountID: SocialAccountID {
        switch self {
        case .post(let watch): watch.accountID
        case .account(let watch): watch.accountID
        }
    }
    package var platform: Platform {
        switch self {
        case .post(let watch): watch.platform
        case .account(let watch): watch.platform
        }
    }
    package var isSandbox: Bool {
        switch self {
        case .post(let watch): watch.isSandbox
        case .account(let watch): watch.isSandbox
        }
    }
}

/// What a platform said when it was asked for numbers.
package enum InsightReading: Sendable {
    case post(Metrics)
    case account(AccountCounts)
    case failed(InsightFailure)
}

/// Why there are no numbers.
package struct InsightFailure: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// It may work later: the platform does not answer, or asks us to wait.
        case later
        /// The token is not accepted.
        case token
        /// The platform has no numbers of this: deleted there, or never reported.
        case never
        /// The account is not ACTIVE; nothing was sent.
        case paused
    }
    package var kind: Kind
    /// For a person.
    package var message: String
    /// Not before this much time has passed, when the platform says so.
    package var retryAfter: Duration?
    /// Which of the account's tokens was refused (``AccountCredential/generation``): says nothing of those that came since.
    package var generation: Int64?

    package init(_ kind: Kind, _ message: String, retryAfter: Duration? = nil) {
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
    }
}

/// Reads numbers from platforms.
package protocol InsightReader: Sendable {
    /// Sends the requests that the task needs, each with a deadline, and never throws. A post's task is answered with
    /// `post` or `failed`, an account's with `account` or `failed`.
    func read(_ task: InsightTask) async -> InsightReading
    /// What the task's account may be asked; nil: as much as one likes.
    func budget(of task: InsightTask) -> RequestBudget?
    /// How many requests one task takes.
    func cost(of task: InsightTask) -> Int64
}
