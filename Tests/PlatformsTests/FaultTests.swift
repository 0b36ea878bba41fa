import Core
import Outbound
import Testing

@testable import Platforms

/// One way for a request to go wrong, and what has to come of it.
struct FaultCase: Sendable, CustomTestStringConvertible {
    var fault: SimulatedFault
    var failureClass: PublishFailure.Class
    /// Visible posts after it.
    var visible: Int

    var testDescription: String { "\(fault.mode.rawValue)\(fault.status.map { " \($0)" } ?? "")" }

    init(_ mode: SimulatedFault.Mode, _ status: Int? = nil, _ failureClass: PublishFailure.Class, visible: Int = 0) {
        fault = SimulatedFault(mode: mode, status: status)
        self.failureClass = failureClass
        self.visible = visible
    }

    static let atPublish: [FaultCase] = [
        FaultCase(.status, .ambiguous), FaultCase(.status, 500, .ambiguous), FaultCase(.status, 502, .ambiguous),
        FaultCase(.status, 422, .final), FaultCase(.status, 403, .final), FaultCase(.status, 401, .auth),
        FaultCase(.status, 429, .beforeEffect), FaultCase(.timeoutBeforeEffect, .ambiguous),
        FaultCase(.timeoutAfterEffect, .ambiguous, visible: 1), FaultCase(.errorAfterEffect, .ambiguous, visible: 1),
        FaultCase(.errorAfterEffect, 503, .ambiguous, visible: 1), FaultCase(.rateLimit, .beforeEffect),
        FaultCase(.tokenRevoked, .auth),
    ]

    static let atPrepare: [FaultCase] = [
        FaultCase(.status, .beforeEffect), FaultCase(.status, 500, .beforeEffect), FaultCase(.status, 422, .final),
        FaultCase(.status, 403, .final), FaultCase(.status, 429, .beforeEffect), FaultCase(.timeoutBeforeEffect, .beforeEffect),
        FaultCase(.timeoutAfterEffect, .beforeEffect), FaultCase(.errorAfterEffect, .beforeEffect),
        FaultCase(.rateLimit, .beforeEffect), FaultCase(.tokenRevoked, .auth),
    ]

    init(_ mode: SimulatedFault.Mode, _ failureClass: PublishFailure.Class, visible: Int = 0) {
        self.init(mode, nil, failureClass, visible: visible)
    }
}

/// Every fault, at every step, on every platform: what is reported, what is visible, and that the truth is found out.
@Suite struct FaultTests {
    @Test(arguments: platforms, FaultCase.atPublish)
    func faultsWhilePublishingAreClassedAndClearedUp(platform: Platform, fault: FaultCase) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: 2)
        let prepared = try await bench.prepare(post)
        bench.world.arm(fault.fault, platform: platform, account: Bench.account, step: "publish")
        let outcome = await bench.connector.publish(post, prepared: prepared, on: bench.session)

        #expect(outcome.failure?.failureClass == fault.failureClass)
        #expect(bench.world.posts.count == fault.visible)

        let looked = await bench.connector.reconcile(post, prepared: prepared, on: bench.session)
        #expect(looked.kind == (fault.visible == 1 ? "live" : "absent"))
        #expect(looked.postID == bench.world.posts.first?.id)

        // What is absent may be sent again with what was prepared, and is there once afterwards.
        if fault.visible == 0 {
            let again = await bench.connector.publish(post, prepared: prepared, on: bench.session)
            #expect(again.postID != nil)
            #expect(bench.world.posts.count == 1)
        }
    }

    @Test(arguments: platforms.filter { PlatformList.capabilities(of: $0)?.requiresMedia == false }, FaultCase.atPublish)
    func theSameHoldsForTextAlone(platform: Platform, fault: FaultCase) async throws {
        let bench = try Bench(platform)
        let post = bench.post(
            "Hello <b>&amp; \"all\"</b> of\nyou, @ada@social.example! #spring https://a.example/x?y=1&z=2", pictures: 0)
        let prepared = try await bench.prepare(post)
        bench.world.arm(fault.fault, platform: platform, step: "publish")
        let outcome = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        #expect(outcome.failure?.failureClass == fault.failureClass)
        #expect(bench.world.posts.count == fault.visible)
        let looked = await bench.connector.reconcile(post, prepared: prepared, on: bench.session)
        #expect(looked.kind == (fault.visible == 1 ? "live" : "absent"))
    }

    @Test(arguments: platforms, FaultCase.atPrepare)
    func faultsWhilePreparingShowNothingAndLeaveTheWayFree(platform: Platform, fault: FaultCase) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: 2)
        bench.world.arm(fault.fault, platform: platform, step: "prepare")
        let preparation = await bench.connector.prepare(post, on: bench.session)
        #expect(preparation.failure?.failureClass == fault.failureClass)
        #expect(bench.world.posts.isEmpty)

        let prepared = try await bench.prepare(post)
        #expect(await bench.connector.publish(post, prepared: prepared, on: bench.session).postID != nil)
        #expect(bench.world.posts.map(\.mediaCount) == [2])
    }

    @Test(arguments: platforms, ["prepare", "publish", "read"])
    func aRateLimitSaysHowLong(platform: Platform, step: String) async throws {
        let bench = try Bench(platform)
        let post = bench.post()
        if step == "prepare" { bench.world.arm(SimulatedFault(mode: .rateLimit), platform: platform, step: step) }
        let preparation = await bench.connector.prepare(post, on: bench.session)
        var failure = preparation.failure
        if case .ready(let prepared) = preparation {
            bench.world.arm(SimulatedFault(mode: .rateLimit), platform: platform, step: step)
            if step == "publish" {
                failure = await bench.connector.publish(post, prepared: prepared, on: bench.session).failure
            } else {
                failure = await bench.connector.reconcile(post, prepared: prepared, on: bench.session).failure
            }
        }
        #expect(failure?.code == "rate_limited")
        #expect(failure?.failureClass == .beforeEffect)
        #expect(failure?.retryAfter == .seconds(300))
    }

    @Test(arguments: platforms, SimulatedFault.Mode.allCases)
    func aLookThatFailsNeverProvesAnything(platform: Platform, mode: SimulatedFault.Mode) async throws {
        let bench = try Bench(platform)
        let post = bench.post()
        let prepared = try await bench.prepare(post)
        bench.world.arm(SimulatedFault(mode: .timeoutAfterEffect), platform: platform, step: "publish")
        _ = await bench.connector.publish(post, prepared: prepared, on: bench.session)

        bench.world.arm(SimulatedFault(mode: mode), platform: platform, step: "read")
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "unreachable")
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "live")
    }

    @Test(arguments: [Platform.instagram, .facebook], SimulatedFault.Mode.allCases)
    func aFailedReadAfterPublishingIsNoFailure(platform: Platform, mode: SimulatedFault.Mode) async throws {
        let bench = try Bench(platform)
        let post = bench.post()
        let prepared = try await bench.prepare(post)
        bench.world.arm(SimulatedFault(mode: mode), platform: platform, step: "read")
        let outcome = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        #expect(outcome.postID == bench.world.posts.first?.id)
        #expect(outcome.permalink == nil)
    }

    @Test func actionBlockedOnInstagramMayHideALivePost() async throws {
        let bench = try Bench(.instagram)
        let post = bench.post()
        let prepared = try await bench.prepare(post)
        bench.world.arm(SimulatedFault(mode: .errorAfterEffect, status: 400), platform: .instagram, step: "publish")
        let outcome = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        #expect(outcome.failure?.failureClass == .ambiguous)
        #expect(outcome.failure?.platformCode == "4/2207051")
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "live")
    }

    /// The same request again after "not published yet" could only make a second post if the container were new.
    @Test func aContainerThatWasPublishedIsNeverReportedAsNotReady() async throws {
        let bench = try Bench(.instagram)
        let post = bench.post()
        let prepared = try await bench.prepare(post)
        _ = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        let second = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        #expect(second.failure?.failureClass == .ambiguous)
        #expect(bench.world.posts.count == 1)
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "live")
    }

    @Test func mastodonAnswersTheSameKeyWithTheSameStatus() async throws {
        let bench = try Bench(.mastodon)
        let post = bench.post(pictures: 0)
        let first = await bench.connector.publish(post, prepared: .init(), on: bench.session)
        let second = await bench.connector.publish(post, prepared: .init(), on: bench.session)
        #expect(first.postID == second.postID)
        #expect(bench.world.posts.count == 1)

        bench.clock.advance(by: .seconds(3601))
        let late = await bench.connector.publish(post, prepared: .init(), on: bench.session)
        #expect(late.postID != first.postID)
        #expect(bench.world.posts.count == 2)
    }
}
