import Core
import Outbound
import Testing

@testable import Platforms

/// What every connector promises, whatever it talks to. A new platform gets these tests by being registered.
@Suite struct ConnectorContractTests {
    @Test(arguments: platforms, [1, 2, 4])
    func aPostWithPicturesBecomesVisibleOnceWithAll(platform: Platform, pictures: Int) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: pictures)
        let outcome = await bench.connector.publish(post, prepared: try await bench.prepare(post), on: bench.session)

        let shown = try #require(bench.world.posts.first)
        #expect(bench.world.posts.count == 1)
        #expect(outcome.postID == shown.id)
        #expect(outcome.permalink == shown.permalink)
        #expect(shown.text == "Spring is here")
        #expect(shown.mediaCount == pictures)
        #expect(shown.account == Bench.account)
    }

    @Test(arguments: platforms)
    func aPostWithoutPictureIsShownOrRefusedBeforeAnythingIsSent(platform: Platform) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: 0)
        let preparation = await bench.connector.prepare(post, on: bench.session)
        guard type(of: bench.connector).capabilities.requiresMedia else {
            guard case .ready(let prepared) = preparation else {
                Issue.record("not prepared: \(preparation)")
                return
            }
            #expect(await bench.connector.publish(post, prepared: prepared, on: bench.session).postID != nil)
            #expect(bench.world.posts.map(\.mediaCount) == [0])
            return
        }
        #expect(preparation.failure?.failureClass == .final)
        #expect(preparation.failure?.code == "media_required")
        #expect(bench.wire.requests.isEmpty)
    }

    @Test(arguments: platforms)
    func theLongestCaptionIsTakenAndOneMoreIsRefusedUnsent(platform: Platform) async throws {
        let bench = try Bench(platform)
        let limit = type(of: bench.connector).capabilities.maximumCaptionLength
        let longest = bench.post(String(repeating: "é", count: limit))
        #expect(
            await bench.connector.publish(longest, prepared: try await bench.prepare(longest), on: bench.session).postID != nil)

        bench.wire.forget()
        let tooLong = await bench.connector.prepare(bench.post(String(repeating: "é", count: limit + 1)), on: bench.session)
        #expect(tooLong.failure?.failureClass == .final)
        #expect(tooLong.failure?.code == "caption_too_long")
        #expect(bench.wire.requests.isEmpty)
    }

    @Test(arguments: platforms)
    func tooManyPicturesAreRefusedUnsent(platform: Platform) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: type(of: bench.connector).capabilities.maximumMedia + 1)
        #expect(await bench.connector.prepare(post, on: bench.session).failure?.code == "too_many_media")
        #expect(bench.wire.requests.isEmpty)
    }

    @Test(arguments: platforms)
    func publishingIsOneVisibleRequestThatIsNeverSentTwice(platform: Platform) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: 2)
        let prepared = try await bench.prepare(post)
        #expect(bench.world.posts.isEmpty)
        bench.wire.forget()
        _ = await bench.connector.publish(post, prepared: prepared, on: bench.session)

        let changing = bench.wire.requests.filter { $0.method != "GET" }
        #expect(changing.count == 1)
        #expect(changing.first?.retriesStaleConnection == false)
        #expect(changing.first?.deadline == .seconds(15))
    }

    @Test(arguments: platforms)
    func preparingTwiceShowsNothingAndPublishesOnce(platform: Platform) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: 2)
        _ = try await bench.prepare(post)
        let prepared = try await bench.prepare(post)
        _ = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        #expect(bench.world.posts.count == 1)
    }

    @Test(arguments: platforms)
    func theTokenIsInTheHeaderOfEveryRequestAndNowhereElse(platform: Platform) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: 2)
        let prepared = try await bench.prepare(post)
        _ = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        _ = await bench.connector.reconcile(post, prepared: prepared, on: bench.session)
        _ = await bench.connector.verify(on: bench.session)
        for request in bench.wire.requests {
            #expect(request.header("Authorization") == "Bearer sandbox:\(Bench.account)")
            #expect(!request.url.contains("sandbox"))
            #expect(!request.bodyText.contains("sandbox"))
        }
        #expect(bench.wire.requests.count > 4)
    }

    @Test(arguments: platforms)
    func aRefusedConnectionIsBeforeAnyEffect(platform: Platform) async throws {
        let bench = try Bench(platform)
        let post = bench.post()
        let prepared = try await bench.prepare(post)
        let refused = ScriptedTransport(.error(OutboundError(.connect_refused, "Refused.", isBeforeEffect: true)))
        let outcome = await bench.connector.publish(post, prepared: prepared, on: Bench.session(platform, refused))
        #expect(outcome.failure?.failureClass == .beforeEffect)
        #expect(outcome.failure?.code == "platform_unreachable")
    }

    /// A token with a line break, an address with a space: the client does not send such a thing, now or later.
    @Test(arguments: platforms)
    func aRequestThatCannotBeSentIsFinal(platform: Platform) async throws {
        let bench = try Bench(platform)
        let unsendable = ScriptedTransport(.error(OutboundError(.invalid_url, "A line break.", isBeforeEffect: true)))
        let outcome = await bench.connector.publish(
            bench.post(), prepared: .init(handles: ["1"]), on: Bench.session(platform, unsendable))
        #expect(outcome.failure?.failureClass == .final)
        #expect(outcome.failure?.code == "request_invalid")
    }

    @Test(arguments: platforms, [OutboundError.Class.timeout, .body_timeout, .connection_reset, .invalid_response])
    func anAnswerThatGotLostIsAmbiguous(platform: Platform, errorClass: OutboundError.Class) async throws {
        let bench = try Bench(platform)
        let post = bench.post()
        let prepared = try await bench.prepare(post)
        let lost = ScriptedTransport(.error(OutboundError(errorClass, "Lost.", isBeforeEffect: false)))
        let outcome = await bench.connector.publish(post, prepared: prepared, on: Bench.session(platform, lost))
        #expect(outcome.failure?.failureClass == .ambiguous)
        #expect(lost.requests.count == 1)
    }

    @Test(arguments: platforms)
    func verifyingReadsTheProfile(platform: Platform) async throws {
        let bench = try Bench(platform)
        guard case .verified(let profile) = await bench.connector.verify(on: bench.session) else {
            Issue.record("not verified")
            return
        }
        #expect(profile.externalID == Bench.account)
        #expect(profile.username.contains(Bench.account))
        #expect(profile.displayName == "Sandbox \(Bench.account)")
        #expect(profile.url?.hasPrefix("https://") == true)
        #expect(profile.avatarURL?.hasPrefix("https://") == true)
        #expect(profile.followerCount == 0)
    }

    @Test(arguments: platforms)
    func verifyingWithoutKnowingTheAccountFindsIt(platform: Platform) async throws {
        let bench = try Bench(platform)
        var session = bench.session
        session.externalID = ""
        guard case .verified(let profile) = await bench.connector.verify(on: session) else {
            Issue.record("not verified")
            return
        }
        #expect(profile.externalID == Bench.account)
    }

    @Test(arguments: platforms)
    func aRevokedTokenIsAnAuthFailureEverywhere(platform: Platform) async throws {
        let bench = try Bench(platform, token: "revoked-token")
        let post = bench.post()
        #expect(await bench.connector.verify(on: bench.session).failure?.failureClass == .auth)
        #expect(await bench.connector.prepare(post, on: bench.session).failure?.failureClass == .auth)
        let outcome = await bench.connector.publish(post, prepared: .init(handles: ["1"]), on: bench.session)
        #expect(outcome.failure?.failureClass == .auth)
        #expect(outcome.failure?.code == "token_rejected")
        let looked = await bench.connector.reconcile(post, prepared: .init(handles: ["1"]), on: bench.session)
        #expect(looked.failure?.failureClass == .auth)
    }
}
