import AudenciClient
import Foundation
import Testing

/// What is read from answers, and what survives that nobody foresaw.
struct ModelTests {
    @Test func aPostIsReadWithAllItHas() throws {
        let post = try AudenciJSON.decode(Post.self, from: Data(Sample.post.utf8))
        #expect(post.platforms == [.instagram, .mastodon])
        #expect(post.status == .scheduled)
        #expect(post.scheduledFor == Date(timeIntervalSince1970: 1_770_217_200))
        #expect(post.platformResults[.instagram]?.postId == "123456789")
        #expect(post.etag.value == "\"3\"")
    }

    @Test func whatANewerServerAddsIsNoError() throws {
        let newer = Sample.post.replacing("\"SCHEDULED\"", with: "\"ON_THE_MOON\"").replacing(
            "\"mastodon\"", with: "\"moonbook\""
        )
        .replacing("\"version\":3", with: "\"version\":3,\"targets\":[{\"a\":1}]")
        let post = try AudenciJSON.decode(Post.self, from: Data(newer.utf8))
        #expect(post.status == "ON_THE_MOON")
        #expect(post.platforms.last?.rawValue == "moonbook")
    }

    @Test func aModelComesBackAsItWas() throws {
        let post = try AudenciJSON.decode(Post.self, from: Data(Sample.post.utf8))
        #expect(try AudenciJSON.decode(Post.self, from: AudenciJSON.encode(post)) == post)
    }

    @Test(arguments: [
        "2026-02-04T15:00:00Z", "2026-02-04T15:00:00.000Z", "2026-02-04T16:00:00+01:00", "2026-02-04T15:00:00.0Z",
    ])
    func everyISODateIsUnderstood(text: String) throws {
        let dates = try AudenciJSON.decode([Date].self, from: Data("[\"\(text)\"]".utf8))
        #expect(dates == [Date(timeIntervalSince1970: 1_770_217_200)])
    }

    @Test func aDayAloneBeginsAtMidnight() throws {
        let dates = try AudenciJSON.decode([Date].self, from: Data(#"["2026-02-04"]"#.utf8))
        #expect(dates == [Date(timeIntervalSince1970: 1_770_163_200)])
    }

    @Test func anyJSONSurvivesAsItIs() throws {
        let text = #"{"a":[1,2.5,"x",true,null,{"b":-9007199254740993}]}"#
        let value = try AudenciJSON.decode(JSONValue.self, from: Data(text.utf8))
        #expect(String(decoding: try AudenciJSON.encode(value), as: UTF8.self) == text)
        #expect(value["a"]?[1]?.double == 2.5 && value["a"]?[9] == nil && value["b"] == nil)
        #expect(value == ["a": [1, 2.5, "x", true, nil, ["b": -9_007_199_254_740_993]]])
    }

    @Test func aNewKeyAndAWebhookKeepTheirSecretApart() async throws {
        let fake = FakeClient(
            .answer(201, try APIDocument().text("NewKey", ["key": "sk_prod_1", "scope": "read-write"])))
        let made = try await fake.client.keys.create(APIKeyDraft(name: "CRM", scope: .readWrite))
        #expect(made.key == "sk_prod_1")
        #expect(made.details.scope == .readWrite)
    }

    @Test func resourcesThatTheReferenceFixesAreRead() async throws {
        let document = try APIDocument()
        let fake = FakeClient(
            .answer(200, try document.text("Campaign", ["status": "ACTIVE"])), .answer(200, try document.text("PlanPreview")),
            .answer(202, "{}"))
        #expect(try await fake.client.campaigns.pause("c1").status == .active)
        let day = Date(timeIntervalSince1970: 1_770_163_200)
        let wish = PlanWish(brandId: "b1", dateFrom: day, dateTo: day, totalPosts: 1, platforms: [.x])
        #expect(try await fake.client.plans.preview(wish).items.first?.platforms == [.instagram])
        try await fake.client.analytics.refresh(postId: "c1")
        #expect(
            fake.lines == [
                "POST /api/campaigns/c1/pause", "POST /api/plans/generate-preview", "POST /api/analytics/refresh",
            ])
        #expect(fake.transport.requests.last?.text == #"{"postId":"c1"}"#)
    }
}
