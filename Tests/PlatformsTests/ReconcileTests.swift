import Core
import Outbound
import Testing

@testable import Platforms

/// Reconciliation must neither take somebody else's post for ours nor miss ours among others.
@Suite struct ReconcileTests {
    /// Ours is armed and was never carried out.
    private func unsent(_ bench: Bench, _ text: String = "Spring is here") async throws -> (PublishRequest, PreparedPublication)
    {
        let post = bench.post(text)
        return (post, try await bench.prepare(post))
    }

    @Test(arguments: platforms)
    func anOlderPostWithTheSameTextIsNotOurs(platform: Platform) async throws {
        let bench = try Bench(platform)
        try await bench.showForeign("Spring is here")
        bench.clock.advance(by: .seconds(600))
        let (post, prepared) = try await unsent(bench)
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "absent")
    }

    @Test(arguments: platforms)
    func anotherTextIsNotOurs(platform: Platform) async throws {
        let bench = try Bench(platform)
        let (post, prepared) = try await unsent(bench)
        try await bench.showForeign("Spring is here!")
        try await bench.showForeign("spring is here")
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "absent")
    }

    @Test(arguments: [Platform.facebook, .mastodon])
    func anotherNumberOfPicturesIsNotOurs(platform: Platform) async throws {
        let bench = try Bench(platform)
        let (post, prepared) = try await unsent(bench)
        try await bench.showForeign("Spring is here", pictures: 2)
        try await bench.showForeign("Spring is here", pictures: 0)
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "absent")
    }

    @Test(arguments: [Platform.facebook, .mastodon])
    func aPostOfAnotherPublicationIsNotOurs(platform: Platform) async throws {
        let bench = try Bench(platform)
        try await bench.showForeign("Spring is here", pictures: 0)
        let foreign = try #require(bench.world.posts.first)
        var post = bench.post(pictures: 0)
        #expect(await bench.connector.reconcile(post, prepared: .init(), on: bench.session).postID == foreign.id)
        post.otherPostIDs = [foreign.id]
        #expect(await bench.connector.reconcile(post, prepared: .init(), on: bench.session).kind == "absent")
    }

    @Test(arguments: platforms)
    func oursIsFoundBehindSixtyNewerPosts(platform: Platform) async throws {
        let bench = try Bench(platform)
        let (post, prepared) = try await unsent(bench)
        bench.world.arm(SimulatedFault(mode: .timeoutAfterEffect), platform: platform, step: "publish")
        _ = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        let ours = try #require(bench.world.posts.first)
        for number in 0..<60 {
            bench.clock.advance(by: .seconds(1))
            try await bench.showForeign("Number \(number)")
        }
        let looked = await bench.connector.reconcile(post, prepared: prepared, on: bench.session)
        #expect(looked.postID == ours.id)
    }

    @Test(arguments: [Platform.facebook, .mastodon])
    func moreNewerPostsThanAreReadIsNoProofOfAbsence(platform: Platform) async throws {
        let bench = try Bench(platform)
        let post = bench.post(pictures: 0)
        for number in 0..<6_000 { try await bench.showForeign("Number \(number)", pictures: 0) }
        #expect(await bench.connector.reconcile(post, prepared: .init(), on: bench.session).kind == "unknowable")
    }

    @Test(arguments: platforms)
    func theListIsReadToTheWindowsStart(platform: Platform) async throws {
        let bench = try Bench(platform)
        for number in 0..<45 { try await bench.showForeign("Number \(number)") }
        bench.clock.advance(by: .seconds(600))
        let (post, prepared) = try await unsent(bench)
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "absent")
    }

    @Test func aPictureWithoutWordsIsFoundByItsUpload() async throws {
        let bench = try Bench(.mastodon)
        let (post, prepared) = try await unsent(bench, "")
        try await bench.showForeign("", pictures: 1)
        #expect(await bench.connector.reconcile(post, prepared: prepared, on: bench.session).kind == "absent")
        bench.world.arm(SimulatedFault(mode: .timeoutAfterEffect), platform: .mastodon, step: "publish")
        _ = await bench.connector.publish(post, prepared: prepared, on: bench.session)
        #expect(
            await bench.connector.reconcile(post, prepared: prepared, on: bench.session).postID == bench.world.posts.last?.id)
    }

    @Test func aLinkWithoutWordsIsFoundByItsAddress() async throws {
        let bench = try Bench(.facebook)
        let other = bench.post("", pictures: 0, link: "https://other.example/")
        _ = await bench.connector.publish(other, prepared: .init(), on: bench.session)
        let ours = bench.post("", pictures: 0, link: "https://ours.example")
        #expect(await bench.connector.reconcile(ours, prepared: .init(), on: bench.session).kind == "absent")
        _ = await bench.connector.publish(ours, prepared: .init(), on: bench.session)
        #expect(
            await bench.connector.reconcile(ours, prepared: .init(), on: bench.session).postID == bench.world.posts.last?.id)
    }

    @Test func instagramWithoutContainerWasNeverSent() async throws {
        let bench = try Bench(.instagram)
        #expect(await bench.connector.reconcile(bench.post(), prepared: .init(), on: bench.session).kind == "absent")
        #expect(bench.wire.requests.isEmpty)
    }

    @Test func aForgottenContainerLeavesTheListToDecide() async throws {
        let bench = try Bench(.instagram)
        let gone = PreparedPublication(handles: ["1"])
        #expect(await bench.connector.reconcile(bench.post(), prepared: gone, on: bench.session).kind == "absent")
        try await bench.showForeign("Spring is here")
        #expect(await bench.connector.reconcile(bench.post(), prepared: gone, on: bench.session).kind == "live")
    }

    @Test func aPublishedContainerIsLiveEvenWhenTheListDoesNotShowIt() async throws {
        let transport = ScriptedTransport(
            .json(#"{"status_code":"PUBLISHED","status":"Published","id":"178"}"#), .json(#"{"data":[],"paging":{}}"#))
        let looked = await InstagramConnector().reconcile(
            Bench.post(), prepared: .init(handles: ["178"]), on: Bench.session(.instagram, transport))
        #expect(looked.postID == "container:178")
    }

    @Test(arguments: ["ERROR", "EXPIRED", "FINISHED", "IN_PROGRESS"])
    func everyOtherStateOfTheContainerIsAbsence(state: String) async throws {
        let transport = ScriptedTransport(.json(#"{"status_code":"\#(state)","status":"x 2207026","id":"178"}"#))
        let looked = await InstagramConnector().reconcile(
            Bench.post(), prepared: .init(handles: ["178"]), on: Bench.session(.instagram, transport))
        #expect(looked.kind == "absent")
    }

    /// One entry that cannot be read might be ours.
    @Test(arguments: [
        #"[{"id":"1","created_at":"2026-02-03T10:30:00.000Z","content":7}]"#, #"[{"id":"1","content":"<p>x</p>"}]"#, "[null]",
        #"[{"id":[],"created_at":"2026-02-03T10:30:00.000Z","content":""}]"#,
        #"[{"id":"1","created_at":"yesterday","content":""}]"#, "{}", "",
    ])
    func aMastodonListThatIsHalfUnreadableProvesNothing(list: String) async throws {
        let transport = ScriptedTransport(.json(#"{"id":"7","acct":"ada"}"#), .json(list))
        let looked = await MastodonConnector().reconcile(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.mastodon, transport))
        #expect(looked.failure?.code == "platform_answer_invalid")
    }

    @Test(arguments: [
        #"{"data":[{"id":"1","message":[],"created_time":"2026-02-03T10:30:00+0000"}]}"#, #"{"data":[{"id":"1"}]}"#,
        #"{"data":[1]}"#, #"{"data":{}}"#, "{}", "[]", "",
    ])
    func aFacebookListThatIsHalfUnreadableProvesNothing(list: String) async throws {
        let transport = ScriptedTransport(.json(list))
        let looked = await FacebookConnector().reconcile(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.facebook, transport))
        #expect(looked.failure?.code == "platform_answer_invalid")
    }

    /// Graph leaves out what a viewer may not see: a page may be empty and not be the last.
    @Test func anEmptyGraphPageDoesNotEndTheList() async throws {
        let transport = ScriptedTransport(
            .json(#"{"data":[],"paging":{"cursors":{"after":"c1"},"next":"https://graph.example/"}}"#),
            .json(
                #"{"data":[{"id":"7_8","message":"Spring is here","created_time":"2026-02-03T10:30:00+0000"}],"paging":{}}"#))
        let looked = await FacebookConnector().reconcile(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.facebook, transport))
        #expect(looked.postID == "7_8")
    }

    /// What cannot be asked for may hold ours.
    @Test func aGraphListThatGoesOnWithoutACursorProvesNothing() async throws {
        let entry = #"{"id":"1","message":"x","created_time":"2026-02-03T10:30:00+0000"}"#
        let transport = ScriptedTransport(
            .json(#"{"data":[\#(entry)],"paging":{"next":"https://graph.example/?until=1"}}"#))
        let looked = await FacebookConnector().reconcile(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.facebook, transport))
        #expect(looked.kind == "unknowable")
    }
}
