import AudenciClient
import Foundation
import Testing

/// The client against the server of this repository. Every answer that is read here is one that it really gives.
@Suite(.serialized) struct LiveTests {
    @Test func aPostLivesItsWholeLife() async throws {
        let server = try await LiveServer()
        let client = server.client
        for number in 1...3 {
            _ = try await client.posts.create(
                PostDraft(brandId: server.brandId, caption: "Number \(number)", platforms: [.mastodon], title: "T\(number)"))
        }
        let first = try await client.posts.list(limit: 2)
        #expect(first.data.map(\.caption) == ["Number 3", "Number 2"])
        #expect(first.pagination.hasMore)
        #expect(try await client.posts.all(status: [.draft]).collect().count == 3)
        #expect(try await client.posts.all(status: [.scheduled, .published]).collect().isEmpty)

        let post = try #require(first.data.first)
        let changed = try await client.posts.update(post.id, PostChange(caption: "Changed", title: .clear))
        #expect(changed.caption == "Changed" && changed.title == nil && changed.version > post.version)
        #expect(changed.platforms == [.mastodon])
        #expect(try await client.posts.get(post.id) == changed)
        #expect(try await client.posts.delete(post.id).deleted)
        let gone = await #expect(throws: AudenciError.self) { try await client.posts.get(post.id) }
        #expect(gone?.status == 404 && gone?.code == .notFound)
        #expect(gone?.requestId?.isEmpty == false && gone?.docUrl?.hasSuffix("not_found") == true)
    }

    @Test func aPublishedPostTellsOfItselfInTheFeed() async throws {
        let server = try await LiveServer()
        let client = server.client
        let start = try await client.events.list(limit: 1)
        var cursor = start.pagination.nextCursor
        let post = try await client.posts.create(
            PostDraft(brandId: server.brandId, caption: "Hello, world", platforms: [.mastodon, .facebook]))
        let publishing = try await client.posts.publish(post.id)
        #expect([.publishing, .published].contains(publishing.status))
        var seen: [EventType] = []
        while !seen.contains(.postPublished) {
            let page = try await client.events.list(wait: 25, limit: 100, cursor: cursor)
            try #require(!page.data.isEmpty, "nothing happened in 25 s after \(seen)")
            for event in page.data {
                seen.append(event.type)
                #expect(event.payload.type == event.type && event.payload.data != .other)
                guard case .postPublished(let outcome) = event.payload.data else { continue }
                #expect(outcome.postId == post.id && outcome.platformResults[.facebook]?.success == true)
            }
            cursor = page.pagination.nextCursor
        }
        #expect(seen.contains(.postStatusChanged))
        let publications = try await client.posts.publications(of: post.id).collect()
        #expect(publications.map(\.state) == [.published, .published])
        #expect(publications.allSatisfy { $0.journal.last?.state == .confirmed })
    }

    @Test func aDeliveryIsVerifiedByTheVerifier() async throws {
        let server = try await LiveServer()
        let client = server.client
        let bin = try await client.bins.create()
        let made = try await client.webhooks.create(
            WebhookDraft(url: bin.url, events: [.postCreated], headers: ["X-Own": "1"], enabled: true))
        let test = try await client.webhooks.test(made.webhook.id, event: .postPublished)
        #expect(test.success, "\(test.attempt)")

        let request = try #require(try await client.bins.requests(bin.id).collect().first)
        let verifier = WebhookVerifier(secret: made.secret)
        let delivery = try verifier.receive(Data(request.body.utf8), headers: request.headers)
        #expect(delivery.isTest && delivery.attempt == 1)
        #expect(delivery.messageId == test.delivery.eventId)
        #expect(delivery.events.map(\.type) == [.postPublished])
        #expect(delivery.events.first?.data != .other)
        #expect(throws: WebhookVerificationError.wrongSignature) {
            try verifier.verify(Data((request.body + " ").utf8), headers: request.headers)
        }

        let rotated = try await client.webhooks.rotateSecret(made.webhook.id, overlapSeconds: 3600)
        let next = try #require(rotated.nextSecret)
        _ = try await client.webhooks.test(made.webhook.id)
        let during = try #require(try await client.bins.requests(bin.id).collect().max { $0.number < $1.number })
        for secret in [made.secret, next] {
            try WebhookVerifier(secret: secret).verify(Data(during.body.utf8), headers: during.headers)
        }
    }

    @Test func theLogOfAWebhookIsRead() async throws {
        let server = try await LiveServer()
        let client = server.client
        let bin = try await client.bins.create(BinInput(behavior: .answer, status: 410))
        let webhook = try await client.webhooks.create(WebhookDraft(url: bin.url, events: ["post.*"])).webhook
        let test = try await client.webhooks.test(webhook.id)
        #expect(!test.success && test.attempt.statusCode == 410)
        let deliveries = try await client.webhooks.deliveries(webhook.id).collect()
        let delivery = try #require(deliveries.first)
        #expect(try await client.webhooks.delivery(delivery.id).id == delivery.id)
        let attempts = try await client.webhooks.attempts(of: delivery.id).collect()
        #expect(attempts.map(\.trigger) == [.test])
        let count = try await client.webhooks.replay(
            webhook.id, ReplayWish(since: Date(timeIntervalSinceNow: -3600), states: [.failed], dryRun: true))
        #expect(count.id == nil && count.webhookId == webhook.id)
        let changed = try await client.webhooks.update(webhook.id, WebhookChange(events: [.everything]))
        #expect(changed.events == [.everything])
        #expect(try await client.webhooks.secret(webhook.id).keys.count == 1)
        #expect(try await client.webhooks.disable(webhook.id).enabled == false)
        #expect(try await client.webhooks.enable(webhook.id, recover: "none").enabled)
        #expect(try await client.webhooks.delete(webhook.id).deleted)
        #expect(try await client.webhooks.catalog().collect().contains { $0.type == .postPublished })
    }

    @Test func aKeyIsMadeRotatedAndRevoked() async throws {
        let server = try await LiveServer()
        let made = try await server.client.keys.create(APIKeyDraft(name: "CRM sync", scope: .readOnly))
        let reader = APIClient(baseURL: server.url, key: made.key, retries: .never)
        #expect(try await reader.me().id == made.details.id)
        let refused = await #expect(throws: AudenciError.self) { try await reader.brands.create(BrandInput(name: "No")) }
        #expect(refused?.status == 403 && refused?.code == .insufficientScope)
        let rotated = try await server.client.keys.rotate(made.details.id, graceSeconds: 60)
        #expect(rotated.details.rotatedFrom == made.details.id && rotated.key != made.key)
        try await server.client.keys.revoke(rotated.details.id)
        let over = APIClient(baseURL: server.url, key: rotated.key, retries: .never)
        let unauthorized = await #expect(throws: AudenciError.self) { try await over.me() }
        #expect(unauthorized?.status == 401 && unauthorized?.code == .unauthorized)
    }

    @Test func whatBelongsToTheOrganizationIsRead() async throws {
        let server = try await LiveServer()
        let client = server.client
        #expect(try await client.organization().name == "Acme")
        #expect(try await client.members().collect().map(\.role) == ["OWNER"])
        #expect(try await client.meta().platforms.contains(.mastodon))
        let brand = try await client.brands.create(BrandInput(name: "Second", colors: ["#112233", "#445566"]))
        #expect(try await client.brands.update(brand.id, BrandInput(name: "2nd")).colors == ["#112233", "#445566"])
        #expect(try await client.brands.update(brand.id, BrandInput(logoMediaId: .clear)).logoMediaId == nil)
        let spoken = try await client.brands.update(brand.id, BrandInput(voice: .set(VoiceInput(tone: "warm"))))
        #expect(spoken.voice.tone == "warm" && spoken.voice.bannedWords.isEmpty)
        #expect(try await client.brands.all().collect().map(\.id).contains(brand.id))
        let account = try await client.accounts.connect(
            SocialAccountDraft(brandId: brand.id, platform: .mastodon, sandbox: true))
        #expect(account.sandbox && account.status == .active)
        #expect(try await client.accounts.list(platform: .mastodon, brandId: brand.id).data.map(\.id) == [account.id])
        let verified = try await client.accounts.verify(account.id)
        #expect(verified.id == account.id && verified.status == .active && verified.followerCount == 0)
        let error = await #expect(throws: AudenciError.self) {
            try await client.accounts.authorize(.mastodon, AccountAuthorizationDraft(brandId: brand.id))
        }
        #expect(error?.details.map(\.field) == ["baseUrl"])
        #expect(try await client.accounts.disconnect(account.id).deleted)
    }

    @Test func everyIssueOfARefusedPostIsNamed() async throws {
        let server = try await LiveServer()
        let error = await #expect(throws: AudenciError.self) {
            try await server.client.posts.create(PostDraft(brandId: "", caption: "Hi", platforms: ["moonbook"]))
        }
        #expect(error?.status == 400 && error?.code == .invalidRequest)
        #expect(error?.details.isEmpty == false)
    }

    @Test func aRepeatedKeyDoesNothingTwice() async throws {
        let server = try await LiveServer()
        let draft = PostDraft(brandId: server.brandId, caption: "Once", platforms: [.mastodon])
        let first = try await server.client.posts.create(draft, idempotencyKey: "order-17")
        #expect(try await server.client.posts.create(draft, idempotencyKey: "order-17").id == first.id)
        #expect(try await server.client.posts.all().collect().map(\.id) == [first.id])
        let other = PostDraft(brandId: server.brandId, caption: "Another", platforms: [.mastodon])
        let reused = await #expect(throws: AudenciError.self) {
            try await server.client.posts.create(other, idempotencyKey: "order-17")
        }
        #expect(reused?.status == 409 && reused?.code == .idempotencyKeyReused)
    }

    @Test func aChangeOfAnOldVersionIsRefused() async throws {
        let server = try await LiveServer()
        let posts = server.client.posts
        let post = try await posts.create(PostDraft(brandId: server.brandId, caption: "1", platforms: [.mastodon]))
        _ = try await posts.update(post.id, PostChange(caption: "2"), ifMatch: post.etag)
        let refused = await #expect(throws: AudenciError.self) {
            try await posts.update(post.id, PostChange(caption: "3"), ifMatch: post.etag)
        }
        #expect(refused?.status == 412 && refused?.code == .preconditionFailed)
        let reply = try await server.client.send(APIRequest(.get, ["posts", post.id]), as: Post.self)
        #expect(try await posts.update(post.id, PostChange(caption: "3"), ifMatch: reply.etag).caption == "3")
    }

    @Test func aRehearsalKeepsNothing() async throws {
        let server = try await LiveServer()
        let client = server.client.rehearsing
        let post = try await client.posts.create(PostDraft(brandId: server.brandId, caption: "Hi", platforms: [.mastodon]))
        #expect(post.caption == "Hi")
        #expect(try await client.posts.list().data.isEmpty)
        let verdict = try await client.posts.validate(PostDraft(brandId: server.brandId, caption: "", platforms: [.mastodon]))
        #expect(!verdict.valid)
    }

    @Test func aCampaignHasItsPosts() async throws {
        let server = try await LiveServer()
        let client = server.client
        let campaign = try await client.campaigns.create(
            CampaignDraft(
                name: "Spring", brandId: server.brandId, startsAt: Date(timeIntervalSinceNow: 86_400),
                endsAt: Date(timeIntervalSinceNow: 864_000)))
        var draft = PostDraft(
            brandId: server.brandId, caption: "In spring", platforms: [.mastodon], campaignId: campaign.id)
        draft.externalRef = "crm-1"
        let results = try await client.posts.bulk([draft, PostDraft(brandId: "nobody", caption: "No", platforms: [.mastodon])])
        #expect(results.map { $0.error == nil } == [true, false])
        let post = try await client.posts.get(try #require(results.first?.id))
        #expect(post.campaignId == campaign.id && post.externalRef == "crm-1")
        #expect(try await client.posts.duplicate(post.id).caption == "In spring")
        #expect(try await client.posts.all(campaignId: campaign.id).collect().map(\.id).contains(post.id))
        let summary = try await client.campaigns.summary(campaign.id)
        #expect(summary.postCount >= 1 && summary.byStatus[.draft] ?? 0 >= 1)
        let renamed = try await client.campaigns.update(campaign.id, CampaignChange(name: "Summer"), ifMatch: campaign.etag)
        #expect(renamed.name == "Summer")
        #expect(try await client.campaigns.cancel(campaign.id).status == .cancelled)
    }

    @Test func captionsAreGeneratedForTheirPrice() async throws {
        let server = try await LiveServer()
        let client = server.client
        let asked = try await client.generation.captions("Rye bread", brandId: server.brandId, platforms: [.mastodon], count: 2)
        let job = try await client.jobs.ended(asked.id)
        #expect(job.status == "SUCCEEDED" && job.provider == "offline-template" && job.creditsCharged == 1)
        #expect(job.result?["variants"]?[1]?["caption"]?.string?.isEmpty == false)
        let credits = try await client.credits()
        #expect(credits.reserved == 0)
        #expect(try await client.jobs.list().data.map(\.id) == [job.id])
    }

    @Test func aPlanIsRevisedInWordsAndBecomesDrafts() async throws {
        let server = try await LiveServer()
        let client = server.client
        let wish = PlanWish(
            brandId: server.brandId, dateFrom: Date(timeIntervalSinceNow: 86_400),
            dateTo: Date(timeIntervalSinceNow: 1_296_000),
            totalPosts: 4, platforms: [.mastodon])
        #expect(try await client.plans.preview(wish).items.count == 4)
        let plan = try await client.plans.create(wish)
        let revised = try await client.plans.revise(plan.id, "No posts on weekends")
        #expect(revised.plan.id == plan.id && revised.applied.count == 1)
        let approved = try await client.plans.approve(plan.id)
        #expect(approved.items?.allSatisfy { $0.postId != nil } == true)
        #expect(try await client.posts.list().data.count == 4)
    }

    @Test func aMentionIsAnsweredOnce() async throws {
        let server = try await LiveServer()
        let client = server.client
        let account = try #require(try await client.accounts.list().data.first { $0.platform == .mastodon }).id
        let mention = try APIRequest(
            .post, ["sandbox", "accounts", account, "mentions"], json: ["author": "ada", "text": "Hello"])
        _ = try await client.send(mention, as: JSONValue.self)
        var items: [InboxItem] = []
        for _ in 0..<100 where items.isEmpty {
            items = try await client.inbox.list(["kind": "MENTION"]).data
            if items.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        }
        let item = try #require(items.first)
        let answered = try await client.inbox.reply(to: item.id, "Thank you!")
        #expect(answered.replies.map(\.text) == ["Thank you!"])
    }

    @Test func aPostIsReviewed() async throws {
        let server = try await LiveServer()
        let posts = server.client.posts
        let post = try await posts.create(PostDraft(brandId: server.brandId, caption: "Look", platforms: [.mastodon]))
        #expect(try await posts.submit(post.id, note: "please").status == .inReview)
        let back = try await posts.perform(.requestChanges, on: post.id, note: "shorter")
        #expect(back.status == .changesRequested)
        #expect(try await posts.perform(.cancel, on: post.id).status == .cancelled)
    }

    @Test func overTheLimitTheErrorSaysHowLongToWait() async throws {
        let server = try await LiveServer(["--requests-per-hour", "1"])
        var client = server.client
        client.retries = .standard
        let reply = try await client.send(APIRequest(.get, ["brands"]), as: Page<Brand>.self)
        #expect(reply.rateLimit?.limit == 1 && reply.rateLimit?.remaining == 0)
        let quick = RetryPolicy(patience: .zero)
        client.retries = quick
        let error = await #expect(throws: AudenciError.self) { try await client.me() }
        #expect(error?.code == .rateLimited)
        #expect(try #require(error?.retryAfter) > .zero)
    }
}
