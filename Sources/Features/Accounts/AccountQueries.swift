import Contract
import Core
import Relational

/// The SQL of social accounts.
enum AccountQueries {
    static let columns: Query = """
        organization_id, id, brand_id, platform, external_id, username, display_name, base_url, is_sandbox, status, last_error, \
        created_at, updated_at, version, account_type, profile_url, avatar_url, follower_count, scopes, token_expires_at, \
        last_verified_at, last_error_code, expiring_since
        """

    static func decode(_ row: any ResultRow) throws -> SocialAccount {
        let stored = try row.value(9, SocialAccount.Status.self)
        var account = SocialAccount(
            id: row.id(1), organizationID: row.id(0), brandID: row.id(2), platform: try row.value(3), externalID: row.text(4),
            username: row.text(5), displayName: row.optionalText(6), baseURL: row.text(7), isSandbox: row.bool(8),
            status: stored == .active && !row.isNull(22) ? .expiring : stored, lastError: row.optionalText(10),
            createdAt: row.instant(11), updatedAt: row.instant(12), version: row.int(13))
        account.accountType = row.isNull(14) ? nil : try row.value(14, SocialAccount.Kind.self)
        account.profileURL = row.optionalText(15)
        account.avatarURL = row.optionalText(16)
        account.followerCount = row.optionalInt(17)
        account.scopes = StringList.decode(row.text(18))
        account.tokenExpiresAt = row.optionalInstant(19)
        account.lastVerifiedAt = row.optionalInstant(20)
        account.lastErrorCode = row.optionalText(21)
        return account
    }

    /// What ``columns`` leave out of a credential, in the order of ``SealedTokens``.
    static let tokenColumns: Query = """
        token_sealed, refresh_sealed, token_issued_at, refresh_expires_at, client_id, token_generation
        """

    /// Tokens as they are stored.
    struct SealedTokens {
        var access: String
        var refresh: String?
        var issuedAt: Instant?
        var refreshExpiresAt: Instant?
        var clientID: String?
        var generation: Int64
        var isWarned: Bool

        init(_ row: any ResultRow) {
            isWarned = !row.isNull(22)
            access = row.text(23)
            refresh = row.optionalText(24)
            issuedAt = row.optionalInstant(25)
            refreshExpiresAt = row.optionalInstant(26)
            clientID = row.optionalText(27)
            generation = row.int(28)
        }
    }

    static func credential(_ id: SocialAccountID, in organization: OrganizationID) -> Query {
        """
        SELECT \(columns), \(tokenColumns) FROM social_account WHERE organization_id = \(organization) AND id = \(id)
        """
    }

    static func stored(_ status: SocialAccount.Status) -> SocialAccount.Status { status == .expiring ? .active : status }

    static func insert(_ account: SocialAccount, access: String, refresh: String?, _ tokens: AccountTokens) -> Query {
        """
        INSERT INTO social_account (\(columns), \(tokenColumns))
        VALUES (\(account.organizationID), \(account.id), \(account.brandID), \(account.platform), \(account.externalID),
                \(account.username), \(account.displayName), \(account.baseURL), \(account.isSandbox), \(stored(account.status)),
                \(account.lastError), \(account.createdAt), \(account.updatedAt), \(account.version), \(account.accountType),
                \(account.profileURL), \(account.avatarURL), \(account.followerCount), \(StringList.encode(tokens.scopes)),
                \(tokens.expiresAt), \(account.lastVerifiedAt), \(account.lastErrorCode), NULL,
                \(access), \(refresh), \(tokens.issuedAt), \(tokens.refreshExpiresAt), \(tokens.clientID), 1)
        """
    }

    /// Everything that can be seen of it, but not its tokens.
    static func update(_ account: SocialAccount) -> Query {
        """
        UPDATE social_account SET base_url = \(account.baseURL), username = \(account.username),
            display_name = \(account.displayName), status = \(stored(account.status)), last_error = \(account.lastError),
            last_error_code = \(account.lastErrorCode), account_type = \(account.accountType),
            profile_url = \(account.profileURL), avatar_url = \(account.avatarURL), follower_count = \(account.followerCount),
            last_verified_at = \(account.lastVerifiedAt), updated_at = \(account.updatedAt), version = \(account.version)
        WHERE organization_id = \(account.organizationID) AND id = \(account.id)
        """
    }

    /// The tokens alone, with a new generation. Without a refresh token of its own the old one stays when `keepsRefresh`.
    static func replaceTokens(
        _ id: SocialAccountID, in organization: OrganizationID, access: String, refresh: String?, _ tokens: AccountTokens,
        keepsRefresh: Bool
    ) -> Query {
        let keeps = refresh == nil && keepsRefresh
        let renewal: Query = keeps ? "" : "refresh_sealed = \(refresh), refresh_expires_at = \(tokens.refreshExpiresAt),"
        return """
            UPDATE social_account SET token_sealed = \(access), \(renewal)
                token_issued_at = \(tokens.issuedAt), token_expires_at = \(tokens.expiresAt),
                scopes = \(StringList.encode(tokens.scopes)), client_id = \(tokens.clientID),
                token_generation = token_generation + 1, renewing_until = NULL, expiring_since = NULL
            WHERE organization_id = \(organization) AND id = \(id)
            """
    }

    /// The organization's accounts that bear this one's id on the platform, wherever that is.
    static func profiles(like account: SocialAccount) -> Query {
        """
        SELECT \(columns) FROM social_account
        WHERE organization_id = \(account.organizationID) AND platform = \(account.platform)
            AND external_id = \(account.externalID) AND NOT is_sandbox AND status <> 'DISCONNECTED' ORDER BY id
        """
    }

    static let nextCheck: Query = "SELECT min(next_check_at) FROM social_account WHERE next_check_at IS NOT NULL"

    static func due(at now: Instant, limit: Int) -> Query {
        """
        SELECT \(columns), \(tokenColumns) FROM social_account WHERE next_check_at IS NOT NULL AND next_check_at <= \(now)
        ORDER BY next_check_at LIMIT \(limit) \(.skipLocked)
        """
    }
}
