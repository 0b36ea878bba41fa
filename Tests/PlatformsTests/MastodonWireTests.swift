import Core
import Outbound
import Testing

@testable import Platforms

/// Byte for byte what Mastodon gets, after docs.joinmastodon.org.
@Suite struct MastodonWireTests {
    private let connector = MastodonConnector()

    @Test func aStatusIsAFormWithTheIdempotencyKey() async throws {
        let transport = ScriptedTransport(
            .json(#"{"id":"103254962155278888","url":"https://social.example/@ada/103254962155278888","uri":"x"}"#))
        var post = Bench.post("Grüße & more\n#spring", pictures: 0, link: "https://a.example/?x=1")
        post.options = PlatformOptions(visibility: "unlisted", contentWarning: "news")
        let outcome = await connector.publish(
            post, prepared: .init(handles: ["22", "33"]), on: Bench.session(.mastodon, transport, token: "secret"))

        #expect(outcome.postID == "103254962155278888")
        #expect(outcome.permalink == "https://social.example/@ada/103254962155278888")
        let request = try #require(transport.requests.first)
        #expect(request.line == "POST https://social.example/api/v1/statuses")
        #expect(
            request.headers.map { "\($0.name): \($0.value)" } == [
                "Authorization: Bearer secret", "Accept: application/json", "Idempotency-Key: key-1",
                "Content-Type: application/x-www-form-urlencoded",
            ])
        #expect(
            request.bodyText
                == "status=Gr%C3%BC%C3%9Fe%20%26%20more%0A%23spring%0A%0Ahttps%3A%2F%2Fa.example%2F%3Fx%3D1"
                + "&media_ids%5B%5D=22&media_ids%5B%5D=33&visibility=unlisted&spoiler_text=news")
        #expect(transport.requests.count == 1)
    }

    @Test func aPictureIsOneMultipartUploadWithItsDescription() async throws {
        let transport = ScriptedTransport(.json(#"{"id":"22","type":"image","url":"https://files.example/22.jpg"}"#))
        let outcome = await connector.prepare(Bench.post(), on: Bench.session(.mastodon, transport))
        guard case .ready(let prepared) = outcome else {
            Issue.record("not ready: \(outcome)")
            return
        }
        #expect(prepared.handles == ["22"])
        let request = try #require(transport.requests.first)
        #expect(request.line == "POST https://social.example/api/v2/media")
        let parts = try #require(MultipartBody.parts(of: request.body, contentType: request.header("Content-Type") ?? ""))
        #expect(parts.map(\.name) == ["description", "file"])
        #expect(parts.first?.bytes == Array("Picture 0".utf8))
        #expect(parts.last?.filename == "picture-0.jpg")
        #expect(parts.last?.contentType == "image/jpeg")
        #expect(parts.last?.bytes == Bench.picture(0).bytes)
    }

    @Test func anUploadInProcessingIsPolledUntilItIsReady() async throws {
        let clock = Ambient.fixed().1
        let start = clock.now
        let transport = ScriptedTransport(
            .json(#"{"id":"22","url":null}"#, status: 202), .json(#"{"id":"22","url":null}"#, status: 206),
            .json(#"{"id":"22","url":null}"#, status: 206), .json(#"{"id":"22","url":"https://files.example/22.jpg"}"#))
        let outcome = await connector.prepare(Bench.post(), on: Bench.session(.mastodon, transport, clock: clock))
        #expect(outcome.failure == nil)
        #expect(
            transport.requests.dropFirst().map(\.line)
                == Array(repeating: "GET https://social.example/api/v1/media/22", count: 3))
        #expect(clock.now - start == .seconds(2))
    }

    @Test func anUploadThatNeverEndsIsGivenUpAfterAMinute() async throws {
        let clock = Ambient.fixed().1
        let start = clock.now
        let stuck = StuckTransport(response: OutboundResponse(status: 202, body: Array(#"{"id":"22"}"#.utf8)))
        let outcome = await connector.prepare(Bench.post(), on: Bench.session(.mastodon, stuck, clock: clock))
        // 202 is no answer of the poll: it ends at once, and as nothing that became visible.
        #expect(outcome.failure?.failureClass == .beforeEffect)
        #expect(clock.now == start)

        let steps =
            [ScriptedTransport.Step.json(#"{"id":"22"}"#, status: 202)]
            + Array(repeating: .json(#"{"id":"22"}"#, status: 206), count: 12)
        let slow = ScriptedTransport(steps)
        let given = await connector.prepare(Bench.post(), on: Bench.session(.mastodon, slow, clock: clock))
        #expect(given.failure?.code == "media_processing")
        #expect(given.failure?.failureClass == .beforeEffect)
        #expect(clock.now - start == .seconds(60))
        #expect(slow.isUsedUp)
    }

    @Test(arguments: [
        (401, #"{"error":"The access token is invalid"}"#, PublishFailure.Class.auth, "token_rejected"),
        (403, #"{"error":"This action is outside the authorized scopes"}"#, .auth, "token_scope_missing"),
        (403, #"{"error":"Your login is currently disabled"}"#, .final, "not_permitted"),
        (404, #"{"error":"Record not found"}"#, .final, "platform_address_wrong"),
        (422, #"{"error":"Validation failed: Text is too long"}"#, .final, "content_rejected"),
        (
            422, #"{"error":"Validation failed: Cannot attach files that have not finished processing. Try again"}"#,
            .beforeEffect, "media_processing"
        ),
        (429, #"{"error":"Too many requests"}"#, .beforeEffect, "rate_limited"), (500, "", .ambiguous, "platform_error"),
        (503, "<html>", .ambiguous, "platform_error"), (408, "", .ambiguous, "platform_error"),
        (301, "", .ambiguous, "platform_answer_invalid"), (418, "{}", .final, "platform_rejected"),
        (413, "", .final, "media_rejected"),
    ])
    func refusalsAreClassed(status: Int, body: String, failureClass: PublishFailure.Class, code: String) async {
        let transport = ScriptedTransport(.json(body, status: status))
        let outcome = await connector.publish(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.mastodon, transport))
        #expect(outcome.failure?.failureClass == failureClass)
        #expect(outcome.failure?.code == code)
        #expect(outcome.failure?.platformCode == String(status))
    }

    @Test(arguments: [
        ("X-RateLimit-Reset", "2026-02-03T10:32:30.000Z", Duration.seconds(150) as Duration?),
        ("x-ratelimit-reset", "1770114750", .seconds(150)), ("X-RateLimit-Reset", "2026-02-03T10:00:00Z", .zero),
        ("X-RateLimit-Reset", "9999-12-31T23:59:59Z", .seconds(86_400)), ("X-RateLimit-Reset", "soon", nil),
        ("Retry-After", "7", .seconds(7)), ("Retry-After", "1e308", .seconds(86_400)), ("Retry-After", "-5", .zero),
        ("Retry-After", "nan", nil), ("X-Other", "1", nil),
    ])
    func aRateLimitsEndIsRead(name: String, value: String, wait: Duration?) async {
        let transport = ScriptedTransport(.json("{}", status: 429, headers: [(name, value)]))
        let outcome = await connector.publish(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.mastodon, transport))
        #expect(outcome.failure?.retryAfter == wait)
    }

    @Test func aTokenEchoedInAnErrorIsStruckOut() async {
        let transport = ScriptedTransport(.json(#"{"error":"token s3cr3t is bad, s3cr3t"}"#, status: 422))
        let outcome = await connector.publish(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.mastodon, transport, token: "s3cr3t"))
        #expect(outcome.failure?.platformMessage == "token ••• is bad, •••")
        #expect(outcome.failure?.message.contains("s3cr3t") == false)
    }

    @Test func aHostileMediaIDStaysOneSegmentOfThePath() async {
        let transport = ScriptedTransport(
            .json(#"{"id":"../../admin?x=1#y"}"#, status: 202), .json("{}"))
        _ = await connector.prepare(Bench.post(), on: Bench.session(.mastodon, transport))
        #expect(transport.requests.last?.url == "https://social.example/api/v1/media/..%2F..%2Fadmin%3Fx%3D1%23y")
    }
}
