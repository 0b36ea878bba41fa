package import Core
package import Features
package import Logging
package import Platforms

/// Keeps every account's token good: the one door through which publishing gets it.
///
/// A renewal is single-flight: within the process by a task that all wait for, across processes by a lease in the database.
/// New tokens are durable before anybody uses them, and a refresh token is sent by one caller only.
package actor TokenKeeper: AccountChecker {
    private let accounts: AccountStore
    private let authorizer: OAuthPlatforms
    private let sessions: PlatformSessions
    private let pause: @Sendable (Duration) async throws -> Void
    private let logger: Logger
    private var renewals: [SocialAccountID: Task<Renewal, any Error>] = [:]

    /// - Parameter pause: waits for another process, or for a busy database.
    package init(
        accounts: AccountStore, authorizer: OAuthPlatforms, sessions: PlatformSessions,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }, logger: Logger
    ) {
        self.accounts = accounts
        self.authorizer = authorizer
        self.sessions = sessions
        self.pause = pause
        self.logger = logger
    }

    /// What a renewal came to.
    package enum Renewal: Sendable {
        case renewed(AccountCredential)
        /// The platform does not renew; the account waits for a person.
        case refused
        /// It could not be asked.
        case notNow(OAuthFailure)
    }

    /// A credential for publishing.
    package enum Usable: Sendable {
        case ready(AccountCredential)
        case missing
        /// Its token has ended and could not be renewed now.
        case notNow(OAuthFailure)
    }

    // MARK: Using

    /// The account's credential, renewed when it is about to end.
    package func credential(_ id: SocialAccountID, in organization: OrganizationID) async throws -> Usable {
        guard let credential = try await accounts.credential(id, in: organization) else { return .missing }
        let now = accounts.ambient.now()
        guard credential.account.status.canPublish, credential.life.isRenewable, credential.life.isStale(at: now) else {
            return .ready(credential)
        }
        switch try await renew(credential) {
        case .renewed(let renewed): return .ready(renewed)
        case .refused: return try await accounts.credential(id, in: organization).map { .ready($0) } ?? .missing
        case .notNow(let failure): return credential.life.isOver(at: now) ? .notNow(failure) : .ready(credential)
        }
    }

    /// The account and its token for work that can wait: nil when it is gone, or has no token that works now.
    package func usable(
        _ id: SocialAccountID, in organization: OrganizationID
    ) async throws -> (account: SocialAccount, token: Secret)? {
        try await ready(id, in: organization).map { ($0.account, $0.tokens.access) }
    }

    /// The same with all that is known of the tokens, for ``replace(_:)``.
    package func ready(_ id: SocialAccountID, in organization: OrganizationID) async throws -> AccountCredential? {
        guard case .ready(let credential) = try await credential(id, in: organization) else { return nil }
        return credential
    }

    /// The platform refused the token.
    /// - Returns: true when there is another by now, so that it is worth a second try.
    package func replace(_ refused: AccountCredential) async throws -> Bool {
        let account = refused.account
        guard let present = try await accounts.credential(account.id, in: account.organizationID) else { return false }
        if present.generation != refused.generation { return present.account.status.canPublish }
        guard present.life.isRenewable, case .renewed = try await renew(present) else { return false }
        return true
    }

    // MARK: Renewing

    /// Renews the credential's tokens. Everybody who asks while it is under way gets the same answer.
    package func renew(_ credential: AccountCredential) async throws -> Renewal {
        let id = credential.account.id
        if let running = renewals[id] { return try await running.value }
        let work = TokenRenewal(accounts: accounts, authorizer: authorizer, pause: pause)
        // Detached: it is no part of the request that asks, and goes on when that is given up.
        let task = Task.detached { try await work.run(credential) }
        renewals[id] = task
        defer { renewals[id] = nil }
        return try await task.value
    }

    // MARK: Checking

    package func check(_ id: SocialAccountID, in organization: OrganizationID) async throws -> SocialAccount? {
        guard var credential = try await accounts.credential(id, in: organization), credential.account.status != .disconnected
        else { return nil }
        if case .renew = credential.care.step(at: accounts.ambient.now()),
            case .renewed(let renewed) = try await renew(credential)
        {
            credential = renewed
        }
        guard let connector = PlatformList.connector(for: credential.account.platform) else { return credential.account }
        var outcome = await connector.verify(on: sessions.session(for: credential.account, token: credential.tokens.access))
        if case .failed(let failure) = outcome, failure.failureClass == .auth, try await replace(credential),
            let replaced = try await accounts.credential(id, in: organization)
        {
            credential = replaced
            outcome = await connector.verify(on: sessions.session(for: replaced.account, token: replaced.tokens.access))
        }
        return try await record(outcome, of: credential)
    }

    private func record(_ outcome: VerifyOutcome, of credential: AccountCredential) async throws -> SocialAccount? {
        switch outcome {
        case .verified(let profile) where profile.externalID == credential.account.externalID:
            return try await accounts.recordCheck(of: credential, VerifiedProfile(profile))
        case .verified(let profile):
            let problem = AccountProblem(
                code: "another_profile", message: "The token belongs to another profile: \(profile.username).")
            try await accounts.refuse(credential, because: problem)
        case .failed(let failure):
            let problem = AccountProblem(code: failure.code, message: failure.message)
            guard failure.failureClass == .auth else {
                return try await accounts.recordCheckFailure(of: credential, because: problem)
            }
            try await accounts.refuse(credential, because: problem)
        }
        return try await accounts.credential(credential.account.id, in: credential.account.organizationID)?.account
    }

    // MARK: Looking after

    private static let batch = 32
    private static let parallelism = 4
    private static let lease = Duration.seconds(300)

    /// Does what is due about the accounts.
    /// - Returns: when something is due next.
    package func tend() async throws -> Instant? {
        let due = try await accounts.claimDue(limit: Self.batch, lease: Self.lease)
        guard !due.isEmpty else { return try await accounts.nextCheck() }
        await withDiscardingTaskGroup { group in
            for lane in 0..<min(Self.parallelism, due.count) {
                group.addTask {
                    for index in stride(from: lane, to: due.count, by: Self.parallelism) where !Task.isCancelled {
                        await self.tend(due[index])
                    }
                }
            }
        }
        return accounts.ambient.now()
    }

    /// One account. What fails is tried again when the claim is over.
    private func tend(_ credential: AccountCredential) async {
        let account = credential.account
        do {
            switch credential.care.step(at: accounts.ambient.now()) {
            case .expire:
                let problem = AccountProblem(
                    code: "token_expired", message: "The account's token has expired. Connect the account again.")
                try await accounts.refuse(credential, because: problem)
            case .renew:
                guard case .notNow = try await renew(credential) else { return }
                let now = accounts.ambient.now()
                if !credential.isWarned, let warnAt = credential.life.warnAt, warnAt <= now {
                    try await accounts.warn(credential, notBefore: now + credential.life.retryDelay)
                }
            case .warn: try await accounts.warn(credential)
            case .verify: _ = try await check(account.id, in: account.organizationID)
            case .wait: try await accounts.putBack(credential)
            }
        } catch {
            logger.error(
                "an account could not be looked after; it is tried again in some minutes",
                metadata: ["account": "\(account.id)", "error": "\(error)"])
        }
    }
}
