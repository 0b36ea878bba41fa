package import Contract
package import Core
package import Relational

/// Connects accounts by OAuth: begins attempts, and finishes each at most once.
///
/// The state is random, stored as a digest, good once and for ten minutes, and bound to the organization, the member, the
/// brand and the PKCE verifier, which is sealed. Whoever comes back with it needs no key.
package struct ConnectionStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let box: SecretBox
    let accounts: AccountStore
    private let brands: BrandStore
    private let organizations: OrganizationStore
    private let members: MemberStore
    let authorizer: any AccountAuthorizer

    package init(
        engine: any RelationalEngine, ambient: Ambient, box: SecretBox, accounts: AccountStore, brands: BrandStore,
        organizations: OrganizationStore, members: MemberStore, authorizer: any AccountAuthorizer
    ) {
        self.engine = engine
        self.ambient = ambient
        self.box = box
        self.accounts = accounts
        self.brands = brands
        self.organizations = organizations
        self.members = members
        self.authorizer = authorizer
    }

    // MARK: Beginning

    package func start(_ name: String, _ input: ConnectionInput, for caller: Caller) async throws -> ConnectionStart {
        guard let platform = Platform(name: name) else { throw APIError.notFound("platform") }
        guard authorizer.platforms.contains(platform) else {
            let known = authorizer.platforms.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid("platform", "cannot be connected by OAuth in this version; possible are \(known)")
        }
        guard !caller.isDevelopment else {
            throw APIError(.forbidden, "An sk_dev_ key sees sandbox accounts only; connect real ones with an sk_prod_ key.")
        }
        if let path = input.redirectTo, !Self.isOwnPath(path) {
            throw APIError.invalid("redirectTo", "must be a path of this server, such as /settings")
        }
        guard caller.maySee(input.brandID), try await brands.find(input.brandID, in: caller.organizationID) != nil else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
        let known = try await reconnected(input, platform, for: caller)
        let baseURL = try authorizer.baseURL(of: platform, asked: input.baseURL, known: known?.baseURL)
        let (state, verifier) = (Secret(Base62.random(43, ambient)), PKCE.newVerifier(ambient))
        let url = try await authorizer.authorizeURL(
            of: platform, at: baseURL, state: state, challenge: PKCE.challenge(of: verifier))
        let now = ambient.now()
        let flow = ConnectionFlow(
            id: ambient.newID(), organizationID: caller.organizationID, userID: caller.userID,
            brandID: input.brandID, platform: platform, baseURL: baseURL, reconnect: input.reconnect,
            redirectTo: input.redirectTo, expiresAt: now + ConnectionFlow.lifetime)
        let sealed = try box.seal(verifier, context: Self.context("verifier", flow))
        return try await engine.write { connection in
            try connection.execute(
                "DELETE FROM account_connection WHERE expires_at < \(now - .seconds(86_400))")
            try connection.execute(
                """
                INSERT INTO account_connection (\(Self.columns), verifier_sealed, state_digest, created_at)
                VALUES (\(flow.organizationID), \(flow.id), \(flow.userID), \(flow.brandID), \(flow.platform), \(flow.baseURL),
                        \(flow.reconnect), \(flow.redirectTo), \(flow.expiresAt), \(sealed), \(Self.digest(state.reveal())),
                        \(now))
                """)
            return ConnectionStart(url: url, state: state, expiresAt: flow.expiresAt)
        }
    }

    private func reconnected(
        _ input: ConnectionInput, _ platform: Platform, for caller: Caller
    ) async throws -> SocialAccount? {
        guard let id = input.reconnect else { return nil }
        guard let account = try await accounts.find(id, for: caller), !account.isSandbox else {
            throw APIError.invalid("reconnect", "names no account of this organization that can be connected by OAuth")
        }
        guard account.platform == platform else {
            throw APIError.invalid("reconnect", "is an account of another platform: \(account.platform.rawValue)")
        }
        guard account.brandID == input.brandID else { throw APIError.invalid("reconnect", "is an account of another brand") }
        return account
    }

    /// Same-origin by form: begins with one slash, holds nothing that browsers read as a host.
    private static func isOwnPath(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.hasPrefix("//") && path.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x5C }
    }

    // MARK: Coming back

    /// Finishes with the platform's code. The state is used up whatever comes out.
    /// - Throws: ``APIError`` that can be shown to the person.
    package func finish(state: String, code: Secret) async throws -> ConnectionOutcome {
        let (flow, verifier) = try await take(state: state)
        var granted = try await authorizer.exchange(code: code, verifier: verifier, of: flow.platform, at: flow.baseURL)
        if let id = flow.reconnect {
            guard let account = try await engine.readByKey({ try accounts.find(id, in: flow.organizationID, on: $0) }) else {
                throw APIError(.conflict, "The account was disconnected meanwhile; connect it anew.")
            }
            granted = granted.filter { $0.profile.externalID == account.externalID }
            guard !granted.isEmpty else {
                throw APIError(
                    .conflict,
                    "You agreed for another profile than \(account.username). Log in to the platform as \(account.username) and start again."
                )
            }
        }
        if granted.count == 1 { return try await connect(granted, flow) }
        let choice = Secret(Base62.random(43, ambient))
        let chosen = JSONValue.array(granted.map(\.json)).text
        let sealed = try box.seal(Secret(chosen), context: Self.context("choices", flow))
        try await engine.write { connection in
            try connection.execute(
                """
                UPDATE account_connection SET choice_digest = \(Self.digest(choice.reveal())), choices_sealed = \(sealed),
                    expires_at = \(ambient.now() + ConnectionFlow.lifetime)
                WHERE organization_id = \(flow.organizationID) AND id = \(flow.id)
                """)
        }
        return .choice(choice, granted.map(\.profile), platform: flow.platform)
    }

    /// The person said no, or the platform could not ask: the state is used up.
    /// - Returns: where the person goes on.
    package func abandon(state: String) async throws -> ConnectionFlow { try await take(state: state).flow }

    /// Connects the profiles that were chosen: all of them or, when one cannot be, none.
    package func choose(_ choice: String, externalIDs: [String]) async throws -> ConnectionOutcome {
        guard !externalIDs.isEmpty else { throw APIError.invalid("profile", "must be chosen: at least one") }
        let digest = Self.digest(choice)
        try await require("choice_digest = \(digest)")
        let (flow, sealed) = try await engine.write { connection in
            let found = try connection.first(
                """
                SELECT \(Self.columns), choices_sealed FROM account_connection
                WHERE choice_digest = \(digest) AND expires_at > \(ambient.now())
                """
            ) { (try Self.decode($0), $0.text(9)) }
            guard let (flow, sealed) = found,
                try connection.execute(
                    """
                    UPDATE account_connection SET choice_digest = NULL, choices_sealed = NULL
                    WHERE organization_id = \(flow.organizationID) AND id = \(flow.id) AND choice_digest = \(digest)
                    """) == 1
            else { throw Self.unknown }
            return (flow, sealed)
        }
        let text = try box.open(sealed, context: Self.context("choices", flow)).reveal()
        let offered = (try? JSONValue(parsing: text))?.array?.compactMap { AuthorizedProfile($0) } ?? []
        let wanted = offered.filter { externalIDs.contains($0.profile.externalID) }
        guard wanted.count == Set(externalIDs).count else {
            throw APIError.invalid("profile", "names a profile that was not offered; start again")
        }
        return try await connect(wanted, flow)
    }

    private func take(state: String) async throws -> (flow: ConnectionFlow, verifier: Secret) {
        let digest = Self.digest(state)
        try await require("state_digest = \(digest)")
        let now = ambient.now()
        let (flow, sealed) = try await engine.write { connection in
            let found = try connection.first(
                """
                SELECT \(Self.columns), verifier_sealed, used_at FROM account_connection WHERE state_digest = \(digest)
                """
            ) { (try Self.decode($0), $0.text(9), $0.optionalInstant(10)) }
            guard let (flow, sealed, usedAt) = found else { throw Self.unknown }
            guard usedAt == nil else {
                throw APIError(.conflict, "This attempt is over: each works once. Start again where you came from.")
            }
            guard flow.expiresAt > now else {
                throw APIError(.notFound, "This attempt has expired: it waits ten minutes. Start again where you came from.")
            }
            let taken = try connection.execute(
                """
                UPDATE account_connection SET used_at = \(now), verifier_sealed = ''
                WHERE organization_id = \(flow.organizationID) AND id = \(flow.id) AND used_at IS NULL
                """)
            guard taken == 1 else {
                throw APIError(.conflict, "This attempt is over: each works once. Start again where you came from.")
            }
            return (flow, sealed)
        }
        return (flow, try box.open(sealed, context: Self.context("verifier", flow)))
    }

    /// Anybody may ask here, without a key: guesses are turned away without keeping the writer busy.
    private func require(_ condition: Query) async throws {
        let isKnown = try await engine.readByKey { try $0.exists("SELECT 1 FROM account_connection WHERE \(condition)") }
        guard isKnown else { throw Self.unknown }
    }

    // MARK: Connecting

    private func connect(_ granted: [AuthorizedProfile], _ flow: ConnectionFlow) async throws -> ConnectionOutcome {
        let outcome = try await engine.write { connection in
            let member = try members.find(flow.userID, in: flow.organizationID, on: connection)
            guard let member, member.role >= .admin, member.brandIDs.isEmpty || member.brandIDs.contains(flow.brandID),
                let brand = try brands.find(flow.brandID, in: flow.organizationID, on: connection)
            else { throw APIError(.forbidden, "Whoever began this may not connect accounts of this brand any more.") }
            let accounts = try granted.map { try connect($0, flow, on: connection) }
            return ConnectionOutcome.connected(accounts, brand: brand.name, redirectTo: flow.redirectTo)
        }
        accounts.signal()
        return outcome
    }

    /// Adds the profile, or gives new tokens to the account that it is already: the id stays.
    private func connect(
        _ granted: AuthorizedProfile, _ flow: ConnectionFlow, on connection: any RelationalConnection
    ) throws -> SocialAccount {
        let now = ambient.now()
        var account = SocialAccount(
            id: ambient.newID(), organizationID: flow.organizationID, brandID: flow.brandID, platform: flow.platform,
            externalID: granted.profile.externalID, username: "", displayName: nil, baseURL: flow.baseURL, isSandbox: false,
            status: .active, lastError: nil, createdAt: now, updatedAt: now, version: 1)
        let alike = try connection.query(AccountQueries.profiles(like: account), AccountQueries.decode)
        var known = alike.first { $0.baseURL == flow.baseURL }
        if known == nil, authorizer.hasFixedAddress(flow.platform) {
            known = alike.first { AccountAddress.origin(of: $0.baseURL) == AccountAddress.origin(of: flow.baseURL) }
        }
        if let id = flow.reconnect { known = try accounts.find(id, in: flow.organizationID, on: connection) }
        guard let before = known else {
            account.show(granted.profile)
            account.scopes = granted.tokens.scopes
            account.tokenExpiresAt = granted.tokens.expiresAt
            account.lastVerifiedAt = now
            try accounts.connect(account, tokens: granted.tokens, within: organizations, by: flow.userID, on: connection)
            return account
        }
        guard before.brandID == flow.brandID else {
            throw APIError(.conflict, "\(before.username) is connected to another brand of this organization already.")
        }
        account = before
        account.baseURL = flow.baseURL
        account.show(granted.profile)
        account.lastVerifiedAt = now
        try accounts.replace(granted.tokens, of: &account, keepsRefresh: true, on: connection)
        return try accounts.save(account, after: before, by: flow.userID, on: connection)
    }

    // MARK: Rows

    private static let unknown = APIError(
        .notFound, "This attempt is not known, or over. Start again where you came from.")

    private static func digest(_ text: String) -> String { Signature.sha256(text.utf8) }

    private static func context(_ part: String, _ flow: ConnectionFlow) -> String {
        "account_connection|\(part)|\(flow.organizationID)|\(flow.id)"
    }

    private static let columns: Query = """
        organization_id, id, user_id, brand_id, platform, base_url, reconnect_id, redirect_to, expires_at
        """

    private static func decode(_ row: any ResultRow) throws -> ConnectionFlow {
        ConnectionFlow(
            id: row.id(1), organizationID: row.id(0), userID: row.id(2), brandID: row.id(3), platform: try row.value(4),
            baseURL: row.text(5), reconnect: row.optionalID(6), redirectTo: row.optionalText(7), expiresAt: row.instant(8))
    }
}
