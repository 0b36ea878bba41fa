import Contract
package import Core
package import Relational

/// Keeps accounts able to publish: renewals of tokens, checks, warnings. Each step and its event are one transaction.
extension AccountStore {
    // MARK: Renewal

    /// How a renewal begins.
    package enum RenewalStart: Sendable {
        /// This caller renews, and nobody else until the lease is over.
        case begun
        /// Somebody has done it already: these are the tokens.
        case done(AccountCredential)
        /// Somebody is doing it.
        case busy
        /// There is nothing to renew any more.
        case gone
    }

    /// Takes the lease on renewing the tokens of that generation: of all that ask, in this process and in others, one gets it.
    package func beginRenewal(of credential: AccountCredential, lease: Duration) async throws -> RenewalStart {
        let (id, organization) = (credential.account.id, credential.account.organizationID)
        let now = ambient.now()
        return try await engine.write { connection in
            let taken = try connection.execute(
                """
                UPDATE social_account SET renewing_until = \(now + lease)
                WHERE organization_id = \(organization) AND id = \(id) AND token_generation = \(credential.generation)
                    AND refresh_sealed IS NOT NULL AND status <> 'DISCONNECTED'
                    AND (renewing_until IS NULL OR renewing_until <= \(now))
                """)
            if taken == 1 { return .begun }
            guard let present = try self.credential(id, in: organization, on: connection),
                present.account.status != .disconnected
            else { return .gone }
            if present.generation != credential.generation { return .done(present) }
            return present.tokens.refresh == nil ? .gone : .busy
        }
    }

    /// Keeps new tokens, durably: only after this returns may they be used.
    /// - Returns: what is to be used now: these tokens, or those of somebody who was quicker; nil when the account was
    ///   disconnected meanwhile.
    package func finishRenewal(
        of credential: AccountCredential, with tokens: AccountTokens
    ) async throws -> AccountCredential? {
        let (id, organization) = (credential.account.id, credential.account.organizationID)
        let kept = try await engine.write { connection -> AccountCredential? in
            guard let before = try self.credential(id, in: organization, on: connection),
                before.account.status != .disconnected
            else { return nil }
            guard before.generation == credential.generation else { return before }
            var account = before.account
            try replace(tokens, of: &account, keepsRefresh: true, on: connection)
            // A person turned it off, or it waits for the platform to take its tokens again.
            if !before.account.status.canPublish { account.status = before.account.status }
            try save(account, after: before.account, by: nil, on: connection)
            return try self.credential(id, in: organization, on: connection)
        }
        careWake.signal()
        return kept
    }

    /// The platform could not be asked: somebody may try again after `delay`.
    package func postponeRenewal(
        of credential: AccountCredential, by delay: Duration, because problem: AccountProblem
    ) async throws {
        try await engine.write { connection in
            try connection.execute(
                """
                UPDATE social_account SET renewing_until = NULL, last_error = \(problem.message),
                    last_error_code = \(problem.code)
                WHERE organization_id = \(credential.account.organizationID) AND id = \(credential.account.id)
                    AND token_generation = \(credential.generation)
                """)
            try reschedule(
                credential.account.id, in: credential.account.organizationID, notBefore: ambient.now() + delay,
                on: connection)
        }
    }

    /// The refresh token is not accepted while the access token has no end: it is given up, and checks say how it goes on.
    package func giveUpRenewal(of credential: AccountCredential) async throws -> AccountCredential? {
        try await engine.write { connection in
            try connection.execute(
                """
                UPDATE social_account SET refresh_sealed = NULL, refresh_expires_at = NULL, renewing_until = NULL
                WHERE organization_id = \(credential.account.organizationID) AND id = \(credential.account.id)
                    AND token_generation = \(credential.generation)
                """)
            try reschedule(credential.account.id, in: credential.account.organizationID, on: connection)
            return try self.credential(credential.account.id, in: credential.account.organizationID, on: connection)
        }
    }

    /// The platform takes neither the tokens nor their renewal. Says nothing of tokens that came since.
    package func refuse(_ credential: AccountCredential, because problem: AccountProblem) async throws {
        try await engine.write { try refuse(credential, because: problem, on: $0) }
        signal()
    }

    /// The same on the caller's transaction.
    func refuse(
        _ credential: AccountCredential, because problem: AccountProblem, on connection: any RelationalConnection
    ) throws {
        let (id, organization) = (credential.account.id, credential.account.organizationID)
        let present = try self.credential(id, in: organization, on: connection)
        guard present?.generation == credential.generation else { return }
        try connection.execute(
            """
            UPDATE social_account SET renewing_until = NULL WHERE organization_id = \(organization) AND id = \(id)
            """)
        try markNeedsReconnect(id, in: organization, because: problem, on: connection)
    }

    /// Marks the account as refused by its platform, on the transaction that records the failure.
    /// - Parameter generation: whose tokens were refused, where that is known: nothing is said of tokens that came since.
    package func markNeedsReconnect(
        _ id: SocialAccountID, in organization: OrganizationID, because problem: AccountProblem,
        refusing generation: Int64? = nil, on connection: any RelationalConnection
    ) throws {
        if let generation, try credential(id, in: organization, on: connection)?.generation != generation { return }
        guard let before = try find(id, in: organization, on: connection) else { return }
        var account = before
        if before.status.canPublish { account.status = .needsReconnect }
        account.lastError = problem.message
        account.lastErrorCode = problem.code
        try save(account, after: before, by: nil, on: connection)
        // Nothing mends this by itself.
        try connection.execute(
            "UPDATE social_account SET next_check_at = NULL WHERE organization_id = \(organization) AND id = \(id)")
    }

    // MARK: Checks

    /// The platform takes the token: what it shows of the profile is taken over, and an account that waited for this is
    /// ACTIVE again.
    package func recordCheck(
        of credential: AccountCredential, _ profile: VerifiedProfile
    ) async throws -> SocialAccount? {
        let checked = try await engine.write { connection -> SocialAccount? in
            let (id, organization) = (credential.account.id, credential.account.organizationID)
            guard let before = try find(id, in: organization, on: connection) else { return nil }
            var account = before
            account.show(profile)
            account.lastVerifiedAt = ambient.now()
            account.lastError = nil
            account.lastErrorCode = nil
            if before.status == .needsReconnect { account.status = .active }
            var alike = account
            alike.lastVerifiedAt = before.lastVerifiedAt
            alike.followerCount = before.followerCount
            if alike == before {
                try connection.execute(AccountQueries.update(account))
                try reschedule(id, in: organization, on: connection)
                return account
            }
            return try save(account, after: before, by: nil, on: connection)
        }
        signal()
        return checked
    }

    /// The platform could not be asked, or does not say: nothing is known of the token.
    package func recordCheckFailure(
        of credential: AccountCredential, because problem: AccountProblem
    ) async throws -> SocialAccount? {
        let (id, organization) = (credential.account.id, credential.account.organizationID)
        return try await engine.write { connection in
            try connection.execute(
                """
                UPDATE social_account SET last_error = \(problem.message), last_error_code = \(problem.code)
                WHERE organization_id = \(organization) AND id = \(id) AND status <> 'DISCONNECTED'
                """)
            try reschedule(id, in: organization, notBefore: ambient.now() + .seconds(3600), on: connection)
            return try find(id, in: organization, on: connection)
        }
    }

    /// Makes the account EXPIRING and tells it: once for each token.
    package func warn(_ credential: AccountCredential, notBefore: Instant? = nil) async throws {
        let (id, organization) = (credential.account.id, credential.account.organizationID)
        try await engine.write { connection in
            let changed = try connection.execute(
                """
                UPDATE social_account SET expiring_since = \(ambient.now()), updated_at = \(ambient.now()), version = version + 1
                WHERE organization_id = \(organization) AND id = \(id) AND token_generation = \(credential.generation)
                    AND expiring_since IS NULL AND status <> 'DISCONNECTED'
                """)
            try reschedule(id, in: organization, notBefore: notBefore, on: connection)
            guard changed == 1, let account = try find(id, in: organization, on: connection), account.status == .expiring,
                let event = AccountTokenExpiring(account)
            else { return }
            try outbox.append(event, for: organization, brand: account.brandID, user: nil, on: connection)
        }
        outbox.wake.signal()
    }

    // MARK: The clock

    /// Accounts of which something is due, held for `lease`: nobody else looks after them until then.
    package func claimDue(limit: Int, lease: Duration) async throws -> [AccountCredential] {
        let now = ambient.now()
        guard let next = try await nextCheck(), next <= now else { return [] }
        return try await engine.write { connection in
            let due = try connection.query(AccountQueries.due(at: now, limit: limit), open)
            for credential in due {
                try connection.execute(
                    """
                    UPDATE social_account SET next_check_at = \(now + lease)
                    WHERE organization_id = \(credential.account.organizationID) AND id = \(credential.account.id)
                    """)
            }
            return due
        }
    }

    /// When something is due next.
    package func nextCheck() async throws -> Instant? {
        try await engine.readByKey { try $0.first(AccountQueries.nextCheck) { $0.optionalInstant(0) } ?? nil }
    }

    /// Nothing was due after all.
    package func putBack(_ credential: AccountCredential) async throws {
        try await engine.write { connection in
            try reschedule(credential.account.id, in: credential.account.organizationID, on: connection)
        }
    }

    /// Puts the account's next step on the clock. One that needs a person has none.
    func reschedule(
        _ id: SocialAccountID, in organization: OrganizationID, notBefore: Instant? = nil,
        on connection: any RelationalConnection
    ) throws {
        guard let credential = try credential(id, in: organization, on: connection) else { return }
        let account = credential.account
        var next: Instant?
        if account.status.canPublish || account.status == .disabled {
            next = max(credential.care.next, notBefore ?? ambient.now())
        }
        try connection.execute(
            "UPDATE social_account SET next_check_at = \(next) WHERE organization_id = \(organization) AND id = \(id)")
    }

    // MARK: Counts

    /// Records how many follow the account, on the transaction that reads it for the analytics.
    package func recordFollowers(
        _ count: Int64, of id: SocialAccountID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws {
        try connection.execute(
            """
            UPDATE social_account SET follower_count = \(count)
            WHERE organization_id = \(organization) AND id = \(id) AND status <> 'DISCONNECTED'
            """)
    }
}

/// What is wrong with an account: a code for programs, words for people. Never a token.
package struct AccountProblem: Sendable, Hashable {
    package var code: String
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
