import Contract
import Core
import Relational

/// The SQL of the inbox's items and replies.
enum InboxQueries {
    static let columns: Query = """
        organization_id, id, brand_id, social_account_id, platform, kind, platform_item_id, parent_platform_item_id, \
        platform_post_id, post_id, author_handle, author_name, author_avatar_url, text, permalink, is_sandbox, status, \
        assignee_user_id, received_at, created_at, updated_at, version
        """

    static func decode(_ row: any ResultRow) throws -> InboxItem {
        InboxItem(
            id: row.id(1), organizationID: row.id(0), brandID: row.id(2), accountID: row.id(3), platform: try row.value(4),
            kind: try row.value(5), platformItemID: row.text(6), parentPlatformItemID: row.optionalText(7),
            platformPostID: row.optionalText(8), postID: row.optionalID(9), authorHandle: row.optionalText(10),
            authorName: row.optionalText(11), authorAvatarURL: row.optionalText(12), text: row.text(13),
            permalink: row.optionalText(14), isSandbox: row.bool(15), status: try row.value(16),
            assigneeID: row.optionalID(17), receivedAt: row.instant(18), createdAt: row.instant(19),
            updatedAt: row.instant(20), version: row.int(21))
    }

    /// Adds an item unless the account has it already.
    static func insert(_ item: InboxItem) -> Query {
        """
        INSERT INTO inbox_item (\(columns))
        VALUES (\(item.organizationID), \(item.id), \(item.brandID), \(item.accountID), \(item.platform), \(item.kind),
                \(item.platformItemID), \(item.parentPlatformItemID), \(item.platformPostID), \(item.postID),
                \(item.authorHandle), \(item.authorName), \(item.authorAvatarURL), \(item.text), \(item.permalink),
                \(item.isSandbox), \(item.status), \(item.assigneeID), \(item.receivedAt), \(item.createdAt),
                \(item.updatedAt), \(item.version))
        ON CONFLICT (organization_id, social_account_id, platform_item_id) DO NOTHING
        """
    }

    /// What a caller may change of an item.
    static func update(_ item: InboxItem) -> Query {
        """
        UPDATE inbox_item SET status = \(item.status), assignee_user_id = \(item.assigneeID), updated_at = \(item.updatedAt),
            version = \(item.version)
        WHERE organization_id = \(item.organizationID) AND id = \(item.id)
        """
    }

    static func find(_ id: InboxItemID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM inbox_item WHERE organization_id = \(organization) AND id = \(id)"
    }

    static func list(_ filter: InboxFilter, for caller: Caller, _ page: PageRequest) -> Query {
        let conditions = conditions(filter, for: caller)
        let condition = Query.all(conditions + [page.condition("id")])
        guard conditions.count == 2, filter.isIndexed else {
            return "SELECT \(columns) FROM inbox_item WHERE \(condition) \(page.tail("id"))"
        }
        // The page's ids stand together in the index of the one filter; asked for whole rows, SQLite reads every row of the
        // organization until enough have passed: the whole inbox when few are NEW.
        return """
            SELECT \(columns) FROM inbox_item WHERE organization_id = \(caller.organizationID)
                AND id IN (SELECT id FROM inbox_item WHERE \(condition) \(page.tail("id"))) \(page.tail("id"))
            """
    }

    static func count(by column: Query, _ filter: InboxFilter, for caller: Caller) -> Query {
        let condition = Query.all(conditions(filter, for: caller))
        return "SELECT \(column), count(*) FROM inbox_item WHERE \(condition) GROUP BY \(column) ORDER BY \(column)"
    }

    private static func conditions(_ filter: InboxFilter, for caller: Caller) -> [Query] {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)"]
        if !filter.kinds.isEmpty { conditions.append("kind IN (\(list: filter.kinds.map(\.rawValue)))") }
        if !filter.statuses.isEmpty { conditions.append("status IN (\(list: filter.statuses.map(\.rawValue)))") }
        if let brand = filter.brandID { conditions.append("brand_id = \(brand)") }
        if let platform = filter.platform { conditions.append("platform = \(platform)") }
        if let account = filter.accountID { conditions.append("social_account_id = \(account)") }
        if let post = filter.postID { conditions.append("post_id = \(post)") }
        if let assignee = filter.assigneeID { conditions.append("assignee_user_id = \(assignee)") }
        if let isAssigned = filter.isAssigned {
            conditions.append(isAssigned ? "assignee_user_id IS NOT NULL" : "assignee_user_id IS NULL")
        }
        if let since = filter.since { conditions.append("received_at >= \(since)") }
        if let text = filter.text {
            let pattern = PostQueries.containing(text.lowercased())
            let author: Query = "lower(coalesce(author_handle, '') || ' ' || coalesce(author_name, ''))"
            conditions.append(
                "(lower(text) LIKE \(pattern) ESCAPE '\\' OR \(author) LIKE \(pattern) ESCAPE '\\')")
        }
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        if caller.isDevelopment { conditions.append("is_sandbox") }
        return conditions
    }

    /// Takes back what a member was to take care of: everything, or what is of none of these brands.
    static func release(_ member: UserID, in organization: OrganizationID, except brands: [BrandID], at now: Instant) -> Query {
        let elsewhere: Query = brands.isEmpty ? "TRUE" : "brand_id NOT IN (\(list: brands))"
        return """
            UPDATE inbox_item SET assignee_user_id = NULL, updated_at = \(now), version = version + 1
            WHERE organization_id = \(organization) AND id IN (
                SELECT id FROM inbox_item WHERE organization_id = \(organization) AND assignee_user_id = \(member))
                AND \(elsewhere)
            """
    }

    // MARK: Replies

    static let replyColumns: Query = """
        organization_id, id, item_id, social_account_id, user_id, text, state, attempts, looks, armed_at, fence, platform_id, \
        error_code, error_message, created_at, updated_at
        """

    static func decodeReply(_ row: any ResultRow) throws -> InboxReply {
        InboxReply(
            id: row.id(1), organizationID: row.id(0), itemID: row.id(2), accountID: row.id(3), userID: row.id(4),
            text: row.text(5), state: try row.value(6), attempts: Int(row.int(7)), looks: Int(row.int(8)),
            armedAt: row.optionalInstant(9), fence: row.int(10), platformID: row.optionalText(11),
            errorCode: row.optionalText(12), errorMessage: row.optionalText(13), createdAt: row.instant(14),
            updatedAt: row.instant(15))
    }

    /// By their ids, which the index alone names: asked for whole rows, SQLite would read every reply of the organization.
    static func replies(to items: [InboxItem], in organization: OrganizationID) -> Query {
        """
        SELECT \(replyColumns) FROM inbox_reply WHERE organization_id = \(organization) AND id IN (
            SELECT id FROM inbox_reply WHERE organization_id = \(organization) AND item_id IN (\(list: items.map(\.id))))
        ORDER BY id
        """
    }

    /// The post under which the part of a thread stands that bears this id on the platform, with the platform's id of it.
    static func post(ofPart id: String, of account: SocialAccount) -> Query {
        """
        SELECT root.platform_post_id, root.post_id FROM publication part JOIN publication root
            ON root.organization_id = part.organization_id AND root.post_id = part.post_id
            AND root.social_account_id = part.social_account_id AND root.part = 0
        WHERE part.organization_id = \(account.organizationID) AND part.social_account_id = \(account.id)
            AND part.platform_post_id = \(id) AND part.part > 0
        """
    }

    /// The same of a comment that came in.
    static func post(ofComment id: String, of account: SocialAccount) -> Query {
        """
        SELECT platform_post_id, post_id FROM inbox_item
        WHERE organization_id = \(account.organizationID) AND social_account_id = \(account.id)
            AND platform_item_id = \(id) AND kind = 'COMMENT'
        """
    }

    /// The same of our answer to a comment.
    static func post(ofReply id: String, of account: SocialAccount) -> Query {
        """
        SELECT platform_post_id, post_id FROM inbox_item WHERE organization_id = \(account.organizationID) AND kind = 'COMMENT'
            AND id IN (SELECT item_id FROM inbox_reply WHERE organization_id = \(account.organizationID) AND id IN (
                SELECT id FROM inbox_reply WHERE organization_id = \(account.organizationID)
                    AND social_account_id = \(account.id) AND platform_id = \(id)))
        """
    }

    static func insert(_ reply: InboxReply, wakeAt: Instant) -> Query {
        """
        INSERT INTO inbox_reply (\(replyColumns), wake_at, is_claimed)
        VALUES (\(reply.organizationID), \(reply.id), \(reply.itemID), \(reply.accountID), \(reply.userID), \(reply.text),
                \(reply.state), \(reply.attempts), \(reply.looks), \(reply.armedAt), \(reply.fence), \(reply.platformID),
                \(reply.errorCode), \(reply.errorMessage), \(reply.createdAt), \(reply.updatedAt), \(wakeAt), FALSE)
        """
    }

    /// Writes a claimed reply; changes no row when another worker has claimed it since.
    static func update(_ reply: InboxReply, wakeAt: Instant?, isClaimed: Bool) -> Query {
        """
        UPDATE inbox_reply SET state = \(reply.state), attempts = \(reply.attempts), looks = \(reply.looks),
            armed_at = \(reply.armedAt), platform_id = \(reply.platformID), error_code = \(reply.errorCode),
            error_message = \(reply.errorMessage), updated_at = \(reply.updatedAt), wake_at = \(wakeAt),
            is_claimed = \(isClaimed)
        WHERE organization_id = \(reply.organizationID) AND id = \(reply.id) AND fence = \(reply.fence) AND is_claimed
        """
    }
}
