import Contract
import Core
import Relational

/// From a request to a wish that can be met, and from a wish to an order for the generator.
extension ContentPlanStore {
    /// - Throws: 400 with an issue for everything that is wrong or names nothing.
    func resolve(_ input: PlanWishInput, for caller: Caller, on connection: any RelationalConnection) throws -> PlanWish {
        guard var wish = PlanWish(stored: input) else { throw APIError.invalid("totalPosts", "is required") }
        guard caller.maySee(wish.brandID), try brands.find(wish.brandID, in: caller.organizationID, on: connection) != nil
        else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
        if input.timezone == nil {
            wish.timezone = try organizations.settings(of: caller.organizationID, on: connection).timezone
        }
        var issues = try chooseAccounts(&wish, for: caller, on: connection)
        func choose<Kind>(_ field: String, _ kind: String, _ given: [ID<Kind>]?) throws -> [ID<Kind>] {
            let known = try connection.query(
                ContentPlanQueries.labels(kind, among: given?.map(\.rawValue), in: caller.organizationID)
            ) { $0.id(0, ID<Kind>.self) }
            guard let given else { return known }
            for id in given where !known.contains(id) {
                issues.append(FieldIssue(field, "names no \(kind) of this organization: \(id)"))
            }
            return given.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
        wish.categoryIDs = try choose("categoryIds", "category", input.categoryIDs)
        wish.pillarIDs = try choose("pillarIds", "pillar", input.pillarIDs)
        issues += wish.issues(now: ambient.now())
        guard issues.isEmpty else { throw APIError.invalid(issues) }
        return wish
    }

    private func chooseAccounts(
        _ wish: inout PlanWish, for caller: Caller, on connection: any RelationalConnection
    ) throws -> [FieldIssue] {
        guard !wish.accountIDs.isEmpty else { return [] }
        let usable = try accounts.publishable(
            brand: wish.brandID, in: caller.organizationID, sandboxOnly: caller.isDevelopment, on: connection)
        var issues: [FieldIssue] = []
        var covered: [Platform] = []
        for id in wish.accountIDs {
            guard let account = usable.first(where: { $0.id == id }) else {
                issues.append(FieldIssue("socialAccountIds", "names no account of this brand that can publish: \(id)"))
                continue
            }
            if !covered.contains(account.platform) { covered.append(account.platform) }
        }
        if wish.platforms.isEmpty { wish.platforms = covered }
        for platform in wish.platforms where issues.isEmpty && !covered.contains(platform) {
            issues.append(
                FieldIssue("socialAccountIds", "has no account on \(platform.rawValue), which is among the platforms"))
        }
        for platform in covered where !wish.platforms.contains(platform) {
            issues.append(
                FieldIssue("socialAccountIds", "has an account on \(platform.rawValue), which is not among the platforms"))
        }
        return issues
    }

    /// - Throws: 409 when the brand is gone.
    func order(of wish: PlanWish, in organization: OrganizationID, on connection: any RelationalConnection) throws -> PlanOrder
    {
        guard let brand = try brands.find(wish.brandID, in: organization, on: connection),
            let clock = LocalClock(wish.timezone)
        else { throw APIError(.conflict, "The plan's brand is no longer there.") }
        let categories = try connection.query(
            ContentPlanQueries.labels("category", among: wish.categoryIDs.map(\.rawValue), in: organization)
        ) { PlanOrder.Category(id: $0.id(0), name: $0.text(1)) }
        let pillars = try connection.query(
            ContentPlanQueries.labels("pillar", among: wish.pillarIDs.map(\.rawValue), in: organization)
        ) { (PlanOrder.Pillar(id: $0.id(0), name: $0.text(1), share: 0), $0.isNull(2) ? nil : $0.real(2)) }
        var shared: [PlanOrder.Pillar] = []
        for (pillar, share) in zip(pillars, PlanOrder.shares(pillars.map(\.1))) {
            shared.append(PlanOrder.Pillar(id: pillar.0.id, name: pillar.0.name, share: share))
        }
        var span = PlanSpan(from: wish.from, to: wish.to, clock: clock)
        let now = ambient.now()
        span.notBefore = span.notBefore.map { max($0, now) } ?? now
        return PlanOrder(
            brand: brand, wish: wish, span: span, categories: categories, pillars: shared,
            goodHours: try analytics.goodHours(
                of: wish.brandID, on: wish.platforms, in: organization, timezone: wish.timezone, on: connection))
    }

    /// The draft with a note on what no post could be made of in this version.
    func noted(_ draft: PlanDraft, for order: PlanOrder) -> PlanDraft {
        let known = posts.rules.platforms.platforms
        let unknown = order.wish.platforms.filter { !known.contains($0) }.map(\.rawValue)
        let note = "This version cannot publish to \(unknown.joined(separator: ", ")): approving makes no posts for it."
        guard !unknown.isEmpty, !draft.notes.contains(note) else { return draft }
        var draft = draft
        draft.notes.append(note)
        return draft
    }
}

extension PlanWish {
    /// A wish as it is written; nil when something is missing that every request must say.
    init?(stored input: PlanWishInput) {
        guard let brandID = input.brandID, let from = input.from, let to = input.to, let total = input.totalPosts else {
            return nil
        }
        self.init(
            brandID: brandID, from: from, to: to, timezone: input.timezone ?? "UTC", totalPosts: total,
            platforms: input.platforms.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        accountIDs = input.accountIDs.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        categoryIDs = input.categoryIDs ?? []
        pillarIDs = input.pillarIDs ?? []
        goals = input.goals
        typeCounts = input.typeCounts
        platformCounts = input.platformCounts
    }
}
