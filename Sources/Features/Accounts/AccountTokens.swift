package import Core

/// The tokens of an account as its platform gave them.
package struct AccountTokens: Sendable {
    package var access: Secret
    /// What renews them; nil: nothing does, or a person brought the token.
    package var refresh: Secret?
    package var issuedAt: Instant
    /// Nil: no end is known.
    package var expiresAt: Instant?
    package var refreshExpiresAt: Instant?
    package var scopes: [String]
    /// The app that they were given to; nil when a person brought the token.
    package var clientID: String?

    package init(
        access: Secret, refresh: Secret? = nil, issuedAt: Instant, expiresAt: Instant? = nil, refreshExpiresAt: Instant? = nil,
        scopes: [String] = [], clientID: String? = nil
    ) {
        self.access = access
        self.refresh = refresh
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.refreshExpiresAt = refreshExpiresAt
        self.scopes = scopes
        self.clientID = clientID
    }
}

/// What acting for an account needs: the account, whatever its status, and its tokens.
package struct AccountCredential: Sendable {
    package var account: SocialAccount
    package var tokens: AccountTokens
    /// Counts the tokens that the account has had: who holds an older one holds an outdated credential.
    package var generation: Int64
    /// Whether it was told that these tokens end soon.
    package var isWarned: Bool

    package var care: AccountCare {
        AccountCare(life: life, checkedAt: account.lastVerifiedAt ?? account.createdAt, isWarned: isWarned)
    }

    package var life: TokenLife {
        TokenLife(
            issuedAt: tokens.issuedAt, expiresAt: tokens.expiresAt, refreshExpiresAt: tokens.refreshExpiresAt,
            isRenewable: tokens.refresh != nil)
    }
}

/// How long tokens live, and when something has to be done about it. Pure; the numbers are those of docs/accounts.md.
package struct TokenLife: Sendable, Hashable {
    package var issuedAt: Instant
    package var expiresAt: Instant?
    package var refreshExpiresAt: Instant?
    package var isRenewable: Bool

    package init(issuedAt: Instant, expiresAt: Instant?, refreshExpiresAt: Instant? = nil, isRenewable: Bool) {
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.refreshExpiresAt = refreshExpiresAt
        self.isRenewable = isRenewable
    }

    private static let week = Duration.seconds(7 * 86_400)

    /// At half of the life of what ends first: there is as much time again to try.
    package var renewAt: Instant? {
        guard isRenewable, let end = [expiresAt, refreshExpiresAt].compactMap(\.self).min() else { return nil }
        return issuedAt + (end - issuedAt) / 2
    }

    /// From when the account is EXPIRING: seven days before its token ends. A token that renews itself gets three quarters
    /// of its life first.
    package var warnAt: Instant? {
        guard let expiresAt else { return nil }
        let weekBefore = max(expiresAt - Self.week, issuedAt)
        guard isRenewable else { return weekBefore }
        let late = issuedAt + (expiresAt - issuedAt) / 4 * 3
        return max(weekBefore, late)
    }

    package func isOver(at now: Instant) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// Whether it should be renewed before it is used: a request may take a while.
    package func isStale(at now: Instant) -> Bool {
        guard let expiresAt else { return false }
        let margin = min(.seconds(60), (expiresAt - issuedAt) / 4)
        return expiresAt - margin <= now
    }

    /// How long to wait after a renewal that did not come through.
    package var retryDelay: Duration {
        guard let end = [expiresAt, refreshExpiresAt].compactMap(\.self).min() else { return .seconds(900) }
        return min(max((end - issuedAt) / 16, .seconds(1)), .seconds(900))
    }
}

/// What is done about an account, and when. Pure.
package struct AccountCare: Sendable {
    package enum Step: Sendable, Hashable {
        /// The token has ended and nothing renews it.
        case expire
        case renew
        /// Tell that the token ends soon.
        case warn
        /// Ask the platform whether it still takes the token.
        case verify
        case wait
    }

    package var life: TokenLife
    /// When the platform was last asked, or the account connected.
    package var checkedAt: Instant
    package var isWarned: Bool

    package init(life: TokenLife, checkedAt: Instant, isWarned: Bool) {
        self.life = life
        self.checkedAt = checkedAt
        self.isWarned = isWarned
    }

    private static let day = Duration.seconds(86_400)

    package func step(at now: Instant) -> Step {
        if !life.isRenewable, life.isOver(at: now) { return .expire }
        let isCheckDue = checkedAt + Self.day <= now
        // Renewals that do not come through must not keep the question from being asked, while there is something to ask.
        if let renewAt = life.renewAt, renewAt <= now, !isCheckDue || life.isStale(at: now) { return .renew }
        // Of a token that renews itself is warned when that fails.
        if !life.isRenewable, !isWarned, let warnAt = life.warnAt, warnAt <= now { return .warn }
        return isCheckDue ? .verify : .wait
    }

    /// When ``step(at:)`` is next something else than waiting.
    package var next: Instant {
        var times = [checkedAt + Self.day]
        if let renewAt = life.renewAt { times.append(renewAt) }
        if !isWarned, let warnAt = life.warnAt { times.append(warnAt) }
        if !life.isRenewable, let expiresAt = life.expiresAt { times.append(expiresAt) }
        return times.min() ?? checkedAt
    }
}
