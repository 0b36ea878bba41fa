import Contract
import Core
import Features
import Relational
import Testing

/// Plans on a real database, through every step and every interruption.
@Suite(.serialized) struct ContentPlanTests {
    private func wish(_ world: TenantWorld, posts: Int = 10) -> PlanWishInput {
        var input = PlanWishInput()
        input.brandID = world.organization.brandID
        input.from = .day(CalendarDay(ordinal: 20_515))
        input.to = .day(CalendarDay(ordinal: 20_544))
        input.totalPosts = posts
        input.platforms = [.mastodon, .instagram]
        return input
    }

    private func drafts(_ world: TenantWorld, of plan: ContentPlan) async throws -> [Post] {
        var filter = PostFilter()
        filter.contentPlanID = plan.id
        return try await world.posts.list(filter, for: world.caller, page: PageRequest(limit: 100)).items
    }

    private func events(_ world: TenantWorld, _ type: String) async throws -> Int {
        try await world.count("SELECT count(*) FROM event WHERE type = \(type)")
    }

    @Test func aPreviewKeepsNothing() async throws {
        let world = try await TenantWorld()
        let before = try await world.count("SELECT count(*) FROM event")
        let preview = try await world.plans.preview(wish(world), for: world.caller)
        #expect(preview.draft.items.count == 10)
        let plans = try await world.count("SELECT count(*) FROM content_plan")
        let after = try await world.count("SELECT count(*) FROM event")
        #expect(plans == 0 && after == before)
    }

    @Test func aPlanGoesFromWishToDrafts() async throws {
        let world = try await TenantWorld()
        let plan = try await world.plans.create(wish(world, posts: 45), for: world.caller)
        #expect(plan.status == .ready && plan.items?.count == 45 && plan.provider == "scripted")
        var change = ContentPlanInput()
        var rejected = PlanItemInput()
        rejected.id = plan.items?.first?.id
        rejected.status = .rejected
        change.items = [rejected]
        _ = try await world.plans.update(plan.id, with: change, for: world.caller)
        let done = try await world.plans.approve(plan.id, for: world.caller)
        #expect(done.status == .completed && done.approvedAt != nil && done.completedAt != nil)
        let posts = try await drafts(world, of: plan)
        #expect(posts.count == 44)
        let areDrafts = posts.allSatisfy { $0.status == .draft && $0.scheduledFor != nil && $0.planItemID != nil }
        #expect(areDrafts)
        let converted = (done.items ?? []).filter { $0.status == .converted }.compactMap(\.postID)
        #expect(Set(converted) == Set(posts.map(\.id)))
        let told = (try await events(world, "plan.generated"), try await events(world, "plan.completed"))
        let created = try await events(world, "post.created")
        #expect(told == (1, 1) && created == 44)
    }

    @Test func whatBreaksOffIsTakenUpAgainAndMadeOnce() async throws {
        let world = try await TenantWorld()
        let plan = try await world.plans.create(wish(world, posts: 50), for: world.caller)
        _ = try await world.plans.approve(plan.id, for: world.caller)
        // As if the process had died in the middle: some proposals are not posts yet.
        let made = try await drafts(world, of: plan)
        let lost = Array(made.prefix(30).map(\.id))
        try await world.engine.write { connection in
            try connection.execute("DELETE FROM post WHERE id IN (\(list: lost))")
            try connection.execute(
                "UPDATE plan_item SET status = 'accepted', post_id = NULL WHERE post_id IN (\(list: lost))")
            try connection.execute(
                "UPDATE content_plan SET status = 'CREATING_POSTS', work_at = \(world.clock.now + .seconds(30)), completed_at = NULL"
            )
        }
        let early = try await world.plans.resume()
        #expect(early == world.clock.now + .seconds(30))
        try await world.plans.releaseAll()
        _ = try await world.plans.resume()
        let plain = try await world.plans.get(plan.id, for: world.caller)
        #expect(plain.status == .completed)
        let items = try await world.count("SELECT count(DISTINCT plan_item_id) FROM post WHERE deleted_at IS NULL")
        let posts = try await world.count("SELECT count(*) FROM post WHERE deleted_at IS NULL")
        #expect(items == 50 && posts == 50)
        let idle = try await world.plans.resume()
        #expect(idle == nil)
    }

    @Test func aGenerationThatBrokeOffIsDoneAgainButNotForEver() async throws {
        let world = try await TenantWorld()
        let plan = try await world.plans.create(wish(world), for: world.caller)
        try await world.engine.write { connection in
            try connection.execute("DELETE FROM plan_item")
            try connection.execute(
                "UPDATE content_plan SET status = 'GENERATING_PLAN', work_at = \(world.clock.now), generated_at = NULL")
        }
        _ = try await world.plans.resume()
        let again = try await world.plans.get(plan.id, for: world.caller)
        #expect(again.status == .ready && again.items?.count == 10)
        try await world.engine.write { connection in
            try connection.execute(
                "UPDATE content_plan SET status = 'GENERATING_PLAN', work_at = \(world.clock.now), attempts = 3")
        }
        _ = try await world.plans.resume()
        let failed = try await world.plans.get(plan.id, for: world.caller)
        #expect(failed.status == .failed && failed.failure?.contains("3 times") == true)
    }

    @Test func aProviderThatFailsLeavesAPlanThatSaysSo() async throws {
        let world = try await TenantWorld()
        await world.generator.fail(with: APIError(.unavailable, "The AI provider could not be reached."))
        let plan = try await world.plans.create(wish(world), for: world.caller)
        #expect(plan.status == .failed && plan.failure == "The AI provider could not be reached.")
        let refusal = await #expect(throws: APIError.self) { try await world.plans.approve(plan.id, for: world.caller) }
        #expect(refusal?.code == .invalidTransition)
        try await world.plans.delete(plan.id, for: world.caller)
    }

    @Test func aPlanThatIsCancelledWhileItIsGeneratedStaysCancelled() async throws {
        let world = try await TenantWorld()
        let (plans, caller) = (world.plans, world.caller)
        await world.generator.meanwhile {
            let page = try await plans.list(ContentPlanFilter(), for: caller, page: PageRequest())
            #expect(page.items.map(\.status) == [.generating])
            if let id = page.items.first?.id { _ = try await plans.cancel(id, for: caller) }
        }
        let plan = try await plans.create(wish(world), for: caller)
        #expect(plan.status == .cancelled && plan.items == [])
    }

    @Test func aRevisionKeepsWhatItDoesNotTouch() async throws {
        let world = try await TenantWorld()
        let plan = try await world.plans.create(wish(world), for: world.caller)
        let revised = try await world.plans.revise(plan.id, as: "remove post 1, more glitter", for: world.caller).plan
        let before = plan.items ?? []
        let after = revised.items ?? []
        #expect(after.map(\.id) == before.dropFirst().map(\.id))
        #expect(after.first?.content.contentType == .video)
        #expect(Array(after.dropFirst()) == Array(before.dropFirst(2)))
        #expect(revised.prompts.map(\.notUnderstood) == [["glitter"]])
        #expect(revised.prompts.map(\.prompt) == ["remove post 1, more glitter"])
    }

    @Test func aRevisionDoesNotOverwriteWhatWasChangedMeanwhile() async throws {
        let world = try await TenantWorld()
        let plan = try await world.plans.create(wish(world), for: world.caller)
        let (plans, caller) = (world.plans, world.caller)
        await world.generator.meanwhile {
            var input = ContentPlanInput()
            input.title = "Renamed"
            _ = try await plans.update(plan.id, with: input, for: caller)
        }
        let refusal = await #expect(throws: APIError.self) { try await plans.revise(plan.id, as: "fewer", for: caller) }
        #expect(refusal?.code == .conflict)
        let present = try await plans.get(plan.id, for: caller)
        #expect(present.items?.count == 10 && present.title == "Renamed")
    }

    @Test func aProposalThatCannotBecomeAPostSaysWhyAndWaits() async throws {
        let world = try await TenantWorld(plan: .starter)
        let plan = try await world.plans.create(wish(world, posts: 103), for: world.caller)
        let stuck = try await world.plans.approve(plan.id, for: world.caller)
        #expect(stuck.status == .ready && stuck.failure?.hasPrefix("3 of 103") == true)
        let open = (stuck.items ?? []).filter { $0.status != .converted }
        let saysWhy = open.allSatisfy { $0.issue?.contains("100 posts") == true }
        #expect(open.count == 3 && saysWhy)
        world.clock.advance(by: .seconds(31 * 86_400))
        let done = try await world.plans.approve(plan.id, for: world.caller)
        #expect(done.status == .completed)
        let posts = try await world.count("SELECT count(DISTINCT plan_item_id) FROM post")
        #expect(posts == 103)
    }

    @Test func draftsArePublishedByTheAccountsThatTheWishNames() async throws {
        let world = try await TenantWorld()
        let connected = world.organization.accounts
        let mastodon = try #require(connected.first { $0.platform == .mastodon }?.id)
        let instagram = try #require(connected.first { $0.platform == .instagram }?.id)
        var wish = wish(world, posts: 3)
        wish.accountIDs = [mastodon, instagram]
        let plan = try await world.plans.create(wish, for: world.caller)
        var change = ContentPlanInput()
        var first = PlanItemInput()
        first.id = plan.items?.first?.id
        first.platforms = [.mastodon]
        change.items = [first]
        _ = try await world.plans.update(plan.id, with: change, for: world.caller)
        _ = try await world.plans.approve(plan.id, for: world.caller)
        let posts = try await drafts(world, of: plan)
        let accounts = Set(posts.map(\.accountIDs))
        #expect(posts.count == 3 && accounts == [[mastodon], [mastodon, instagram]])
    }

    @Test func aPillarIsFoundAmongMoreThanAHundred() async throws {
        let world = try await TenantWorld()
        let organization = world.organization.organizationID
        try await world.engine.write { connection in
            for number in 0..<105 {
                try connection.execute(
                    """
                    INSERT INTO content_label (organization_id, id, kind, name, display_order, created_at, updated_at, version)
                    VALUES (\(organization), \("pillar-\(number)"), 'pillar', \("Pillar \(number)"), \(number), 0, 0, 1)
                    """)
            }
        }
        var wish = wish(world)
        wish.pillarIDs = [PillarID("pillar-104"), PillarID("pillar-3")]
        let plan = try await world.plans.create(wish, for: world.caller)
        let pillars = Set((plan.items ?? []).map(\.content.pillarID))
        #expect(plan.status == .ready && pillars == [PillarID("pillar-3")])
        wish.pillarIDs = [PillarID("pillar-104")]
        let other = try await world.plans.preview(wish, for: world.caller)
        #expect(other.draft.items.first?.pillarID == PillarID("pillar-104"))
    }

    @Test func anAccountThatIsGoneIsNotReplacedByOthers() async throws {
        let world = try await TenantWorld()
        let account = try #require(world.organization.accounts.first { $0.platform == .mastodon }?.id)
        var wish = wish(world, posts: 1)
        wish.platforms = []
        wish.accountIDs = [account]
        let plan = try await world.plans.create(wish, for: world.caller)
        try await world.engine.write { connection in
            try connection.execute("UPDATE social_account SET status = 'DISCONNECTED' WHERE id = \(account)")
        }
        let stuck = try await world.plans.approve(plan.id, for: world.caller)
        #expect(stuck.status == .ready && stuck.items?.first?.issue?.contains("socialAccountIds") == true)
    }

    @Test func eachPostCostsTwoCreditsThatAreTakenWithItOrNotAtAll() async throws {
        let world = try await TenantWorld()
        // Five credits: enough for two posts.
        try await world.engine.write { connection in
            try connection.execute("UPDATE plan SET credits_per_month = 5 WHERE id = 'ENTERPRISE'")
        }
        let plan = try await world.plans.create(wish(world, posts: 3), for: world.caller)
        let short = try await world.plans.approve(plan.id, for: world.caller)
        #expect(short.status == .ready && short.failure?.hasPrefix("1 of 3 proposals") == true)
        let issues = (short.items ?? []).compactMap(\.issue)
        #expect(issues.count == 1 && issues.first?.contains("2 credits") == true, "\(issues)")
        let balance = try await world.plans.credits.balance(of: world.organization.organizationID)
        #expect(balance.available == 1 && balance.held == 0)
        #expect(try await drafts(world, of: plan).count == 2)
    }

    @Test func changesOfProposalsAreJudged() async throws {
        let world = try await TenantWorld()
        let plan = try await world.plans.create(wish(world), for: world.caller)
        func fields(_ change: (inout PlanItemInput) -> Void) async throws -> [String] {
            var item = PlanItemInput()
            item.id = plan.items?.first?.id
            change(&item)
            var input = ContentPlanInput()
            input.items = [item]
            do {
                _ = try await world.plans.update(plan.id, with: input, for: world.caller)
                return []
            } catch let error as APIError {
                return error.details.map(\.field)
            }
        }
        let unknown = try await fields { $0.id = ID("nothing") }
        let converted = try await fields { $0.status = .converted }
        let platform = try await fields { $0.platforms = [.x] }
        let late = try await fields { $0.scheduledFor = Instant(seconds: 1_900_000_000) }
        let long = try await fields { $0.caption = String(repeating: "x", count: 101) }
        let pillar = try await fields { $0.pillarID = .set(ID("nothing")) }
        let fine = try await fields { $0.caption = "Better words" }
        #expect(unknown == ["items[0].id"] && converted == ["items[0].status"] && platform == ["items[0].platforms"])
        #expect(late == ["items[0].scheduledFor"] && long == ["items[0].caption", "items[0].caption"])
        #expect(pillar == ["items[0].pillarId"] && fine == [])
    }

    @Test func creatorsProposeAndOthersDecide() async throws {
        let world = try await TenantWorld()
        let creator = try await world.join(.creator, email: "c@acme.test", name: "Cora")
        let mine = try await world.plans.create(wish(world), for: creator)
        let theirs = try await world.plans.create(wish(world), for: world.caller)
        var input = ContentPlanInput()
        input.title = "Mine"
        _ = try await world.plans.update(mine.id, with: input, for: creator)
        let refusal = await #expect(throws: APIError.self) { try await world.plans.cancel(theirs.id, for: creator) }
        #expect(refusal?.code == .forbidden)
        var limited = world.caller
        limited.brandIDs = [ID("another")]
        let hidden = await #expect(throws: APIError.self) { try await world.plans.get(mine.id, for: limited) }
        #expect(hidden?.code == .notFound)
        let list = try await world.plans.list(ContentPlanFilter(), for: limited, page: PageRequest())
        #expect(list.items.isEmpty)
    }
}
