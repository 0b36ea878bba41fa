import Contract
import Core
import Relational

extension PostStore {
    /// Checks the post against everything it names, chooses its accounts and its slot: on the caller's transaction.
    func prepare(_ post: inout Post, for caller: Caller, on connection: any RelationalConnection) throws {
        guard caller.maySee(post.brandID), let brand = try brands.find(post.brandID, in: post.organizationID, on: connection)
        else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
        try checkLabels(of: post, on: connection)
        try lookUpMedia(of: &post, on: connection)
        if let queue = post.queueID, post.status == .scheduled, post.scheduledFor == nil {
            post.scheduledFor = try queues.nextSlot(of: queue, for: post, on: connection)
        }
        post.warnings = try rules.check(post, brandCards: brand.brandCards, now: ambient.now())
        let isDraft = post.status == .draft || post.status == .inReview
        if isDraft, post.accountIDs.isEmpty, post.overrides.isEmpty { return }
        let usable = try accounts.publishable(
            brand: post.brandID, in: post.organizationID, sandboxOnly: caller.isDevelopment, on: connection)
        if post.accountIDs.isEmpty, !isDraft {
            post.accountIDs = usable.filter { post.platforms.contains($0.platform) }.map(\.id)
        }
        let chosen = post.accountIDs
        for id in chosen where !usable.contains(where: { $0.id == id }) {
            throw APIError.invalid("socialAccountIds", "names no account of this brand that can publish: \(id)")
        }
        try checkOverrides(of: post, among: usable, brandCards: brand.brandCards)
        let covered = Set(usable.filter { chosen.contains($0.id) }.map(\.platform))
        if isDraft { return }
        for platform in post.platforms where !covered.contains(platform) {
            throw APIError.invalid(
                "platforms",
                "\(platform.rawValue) has no social account of this brand that can publish; connect one with POST /api/social/accounts"
            )
        }
    }

    /// What a request names must be there for who sends it: a key limited to brands reaches no other brand's campaigns, nor
    /// pictures, whose addresses the answer would tell.
    func requireVisible(_ input: PostInput, for caller: Caller, on connection: any RelationalConnection) throws {
        guard !caller.brandIDs.isEmpty else { return }
        func isHidden(_ table: Query, _ id: String) throws -> Bool {
            try connection.exists(
                """
                SELECT 1 FROM \(table) WHERE organization_id = \(caller.organizationID) AND id = \(id)
                  AND brand_id IS NOT NULL AND brand_id NOT IN (\(list: caller.brandIDs))
                """)
        }
        var issues: [FieldIssue] = []
        if let campaign = input.campaignID.value, try isHidden("campaign", campaign.rawValue) {
            issues.append(FieldIssue("campaignId", "names no campaign of this organization"))
        }
        func check(_ media: [PostMedia], _ field: String) throws {
            for (index, picture) in media.enumerated() {
                guard let id = picture.mediaID, try isHidden("media", id.rawValue) else { continue }
                issues.append(FieldIssue("\(field)[\(index)].mediaId", "names no medium of this organization"))
            }
        }
        try check((input.media.value ?? []).map(\.media), "media")
        for (index, part) in (input.thread.value ?? []).enumerated() { try check(part.part.media, "thread[\(index)].media") }
        for (index, override) in (input.overrides.value ?? []).enumerated() {
            try check(override.override.media ?? [], "overrides[\(index)].media")
        }
        guard issues.isEmpty else { throw APIError.invalid(issues) }
    }

    /// What the post would be on each account that says something of its own.
    private func checkOverrides(of post: Post, among usable: [SocialAccount], brandCards: Bool) throws {
        var issues: [FieldIssue] = []
        for (index, override) in post.overrides.enumerated() {
            let field = "overrides[\(index)]"
            guard let account = usable.first(where: { $0.id == override.accountID }),
                post.accountIDs.isEmpty || post.accountIDs.contains(account.id), post.platforms.contains(account.platform)
            else {
                issues.append(FieldIssue("\(field).socialAccountId", "names no account that this post is published on"))
                continue
            }
            var adapted = post.adapted(to: account.id)
            adapted.platforms = [account.platform]
            if adapted.status == .inReview { adapted.status = .draft }
            do {
                _ = try rules.check(adapted, brandCards: brandCards, now: ambient.now())
            } catch {
                issues += error.details.map { FieldIssue("\(field).\($0.field)", $0.issue) }
            }
        }
        guard issues.isEmpty else { throw APIError.invalid(issues) }
    }

    private func checkLabels(of post: Post, on connection: any RelationalConnection) throws {
        var issues: [FieldIssue] = []
        func check(_ field: String, _ id: String?, _ table: Query, _ what: String) throws {
            guard let id else { return }
            let isThere = try connection.exists(
                "SELECT 1 FROM \(table) WHERE organization_id = \(post.organizationID) AND id = \(id) AND deleted_at IS NULL")
            if !isThere { issues.append(FieldIssue(field, "names no \(what) of this organization")) }
        }
        try check("campaignId", post.campaignID?.rawValue, "campaign", "campaign")
        try check("categoryId", post.categoryID?.rawValue, "content_label", "category")
        try check("pillarId", post.pillarID?.rawValue, "content_label", "pillar")
        try check("queueId", post.queueID?.rawValue, "posting_queue", "queue")
        if post.status == .scheduled || post.status == .publishing, post.categoryID == nil,
            try organizations.settings(of: post.organizationID, on: connection).categoryRequired
        {
            issues.append(FieldIssue("categoryId", "is required: this organization files every post under a category"))
        }
        guard issues.isEmpty else { throw APIError.invalid(issues) }
    }

    /// Fills in what the library knows of the media that the post names.
    private func lookUpMedia(of post: inout Post, on connection: any RelationalConnection) throws {
        var issues: [FieldIssue] = []
        func look(_ media: inout PostMedia, _ field: String) throws {
            guard let id = media.mediaID else {
                if media.url.isEmpty { issues.append(FieldIssue("\(field).url", "is required, or mediaId")) }
                return
            }
            guard let found = try library.find(id, in: post.organizationID, on: connection) else {
                issues.append(FieldIssue("\(field).mediaId", "names no medium of this organization"))
                return
            }
            if found.kind == .video {
                issues.append(FieldIssue("\(field).mediaId", "is a film; this version publishes pictures"))
            }
            media.url = library.signed(found).url
            media.altText = media.altText ?? found.altText
        }
        for index in post.media.indices { try look(&post.media[index], "media[\(index)]") }
        for index in post.thread.indices {
            for place in post.thread[index].media.indices {
                try look(&post.thread[index].media[place], "thread[\(index)].media[\(place)]")
            }
        }
        for index in post.overrides.indices {
            guard var media = post.overrides[index].media else { continue }
            for place in media.indices { try look(&media[place], "overrides[\(index)].media[\(place)]") }
            post.overrides[index].media = media
        }
        guard issues.isEmpty else { throw APIError.invalid(issues) }
    }
}
