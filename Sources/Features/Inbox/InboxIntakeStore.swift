import Contract
import Core
package import Relational

/// How remarks come in: by poll and by webhook, at the same time and more than once.
extension InboxStore {
    /// Keeps what is new of `remarks`, each with its event. What the account wrote itself is no item.
    /// - Returns: how many were new.
    @discardableResult
    package func receive(
        _ remarks: [IncomingRemark], for account: SocialAccount, on connection: any RelationalConnection
    ) throws -> Int {
        guard !remarks.isEmpty else { return 0 }
        try watchNewPosts(of: account, on: connection)
        let known = try known(remarks.map(\.platformItemID), of: account, on: connection)
        var count = 0
        for remark in remarks.sorted(by: { $0.writtenAt < $1.writtenAt }) where !known.contains(remark.platformItemID) {
            let item = try item(of: remark, for: account, on: connection)
            // Two of the same in one answer, or another process in between: the index decides.
            guard try connection.execute(InboxQueries.insert(item)) == 1 else { continue }
            count += 1
            try outbox.append(
                Self.event(of: item), for: item.organizationID, brand: item.brandID, user: nil, on: connection)
        }
        return count
    }

    /// What of `remarks` is not here yet: most looks find nothing new, and need not write.
    package func news(in remarks: [IncomingRemark], for account: SocialAccount) async throws -> [IncomingRemark] {
        guard !remarks.isEmpty else { return [] }
        let known = try await engine.read { try self.known(remarks.map(\.platformItemID), of: account, on: $0) }
        return remarks.filter { !known.contains($0.platformItemID) }
    }

    private static func event(of item: InboxItem) -> any Event {
        switch item.kind {
        case .comment:
            CommentReceived(
                itemID: item.id, platform: item.platform, socialAccountID: item.accountID, postID: item.postID,
                author: item.author, text: item.text, receivedAt: item.receivedAt)
        case .mention:
            MentionDetected(
                itemID: item.id, platform: item.platform, socialAccountID: item.accountID, author: item.author,
                text: item.text, permalink: item.permalink, receivedAt: item.receivedAt)
        }
    }

    /// Which of these ids the account has as items already, or wrote itself: as replies or as posts.
    private func known(
        _ ids: [String], of account: SocialAccount, on connection: any RelationalConnection
    ) throws -> Set<String> {
        let place: Query = "organization_id = \(account.organizationID) AND social_account_id = \(account.id)"
        var known: Set<String> = []
        var rest = ids[...]
        while !rest.isEmpty {
            let some = rest.prefix(500)
            rest = rest.dropFirst(500)
            let rows = try connection.query(
                """
                SELECT platform_item_id FROM inbox_item WHERE \(place) AND platform_item_id IN (\(list: some))
                UNION ALL SELECT platform_id FROM inbox_reply WHERE \(place) AND platform_id IN (\(list: some))
                UNION ALL SELECT platform_post_id FROM inbox_watch WHERE \(place) AND platform_post_id IN (\(list: some))
                """
            ) { $0.text(0) }
            known.formUnion(rows)
        }
        return known
    }

    private func item(
        of remark: IncomingRemark, for account: SocialAccount, on connection: any RelationalConnection
    ) throws -> InboxItem {
        let now = ambient.now()
        var item = InboxItem(
            id: ambient.newID(), organizationID: account.organizationID, brandID: account.brandID, accountID: account.id,
            platform: account.platform, kind: remark.kind, platformItemID: remark.platformItemID,
            parentPlatformItemID: remark.parentPlatformItemID, platformPostID: remark.platformPostID, postID: nil,
            authorHandle: remark.authorHandle, authorName: remark.authorName, authorAvatarURL: remark.authorAvatarURL,
            text: remark.text, permalink: remark.permalink, isSandbox: account.isSandbox, status: .new, assigneeID: nil,
            receivedAt: remark.writtenAt, createdAt: now, updatedAt: now, version: 1)
        if let post = remark.platformPostID {
            item.postID = try self.post(post, of: account, on: connection)
        } else if let parent = remark.parentPlatformItemID,
            let thread = try thread(of: parent, of: account, on: connection)
        {
            // A platform that only says what is answered: it is a comment when that belongs to a post of ours.
            item.kind = .comment
            (item.platformPostID, item.postID) = thread
        }
        if item.parentPlatformItemID == item.platformPostID { item.parentPlatformItemID = nil }
        return item
    }

    /// The post of ours that bears this id on the platform.
    private func post(
        _ id: String, of account: SocialAccount, on connection: any RelationalConnection
    ) throws -> PostID? {
        try connection.first(
            """
            SELECT post_id FROM inbox_watch WHERE organization_id = \(account.organizationID)
                AND social_account_id = \(account.id) AND platform_post_id = \(id)
            """
        ) { $0.id(0) }
    }

    /// The post of ours under which the answered thing stands: itself, a later part of it, a comment that came in, or our
    /// answer to one.
    private func thread(
        of parent: String, of account: SocialAccount, on connection: any RelationalConnection
    ) throws -> (platformPostID: String?, postID: PostID?)? {
        if let post = try post(parent, of: account, on: connection) { return (parent, post) }
        let part = try connection.first(
            """
            SELECT root.platform_post_id, root.post_id FROM publication part JOIN publication root
                ON root.organization_id = part.organization_id AND root.post_id = part.post_id
                AND root.social_account_id = part.social_account_id AND root.part = 0
            WHERE part.organization_id = \(account.organizationID) AND part.social_account_id = \(account.id)
                AND part.platform_post_id = \(parent) AND part.part > 0
            """
        ) { (platformPostID: $0.optionalText(0), postID: $0.optionalID(1, PostID.self)) }
        if let part { return part }
        let place: Query = "organization_id = \(account.organizationID) AND social_account_id = \(account.id)"
        return try connection.first(
            """
            SELECT platform_post_id, post_id FROM inbox_item
            WHERE \(place) AND kind = 'COMMENT' AND (platform_item_id = \(parent) OR id IN (
                SELECT item_id FROM inbox_reply WHERE \(place) AND platform_id = \(parent)))
            LIMIT 1
            """
        ) { ($0.optionalText(0), $0.optionalID(1)) }
    }
}
