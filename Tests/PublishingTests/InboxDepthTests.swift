import Core
import Features
import Outbound
import Platforms
import Publishing
import Testing

/// What stands far behind in a platform's lists.
@Suite struct InboxDepthTests {
    private static let nothing = AnsweringPlatform.json(#"{"data":[]}"#)

    /// An answer stands inside its comment, however old that is; the list is by the comments' own times.
    @Test func anAnswerToACommentFarBehindIsFoundTheSameDay() async throws {
        let world = try await InboxWorld()
        let account = try await world.connect(.instagram, as: "17")
        try await world.watch("5", of: account)
        func comment(_ id: Int, _ answers: String = "") -> String {
            #"{"id":"\#(id)","text":"c\#(id)","timestamp":"2026-02-03T10:30:10+0000","username":"jane"\#(answers)}"#
        }
        let first = (101...150).map { comment($0) }.joined(separator: ",")
        func look(_ answers: String) async throws {
            let second = comment(151, answers)
            let platform = AnsweringPlatform { request in
                guard request.url.contains("/5/comments") else { return Self.nothing }
                return request.url.contains("after=50")
                    ? AnsweringPlatform.json(#"{"data":[\#(second)]}"#)
                    : AnsweringPlatform.json(
                        #"{"data":[\#(first)],"paging":{"cursors":{"after":"50"},"next":"https://graph.facebook.com/next"}}"#)
            }
            let worker = world.worker(client: platform)
            for job in try await worker.claim(.instagram, limit: 1) { await worker.run(job) }
        }
        try await look("")
        #expect(try await world.items().count == 51)
        world.world.clock.advance(by: .seconds(6 * 3600))
        let answer = #"{"id":"99","text":"late","timestamp":"2026-02-03T16:00:00+0000","username":"joe"}"#
        try await look(#","replies":{"data":[\#(answer)]}"#)
        #expect(try await world.items().first?.text == "late")
    }

    @Test(arguments: [
        (nil as Int64?, 30 as Int64, -60 as Int64), (0, 60, -60), (1000, 1060, 400), (7200, 7500, 6600),
        (21_599, 21_600, -60), (21_600, 21_900, 21_000), (80_000, 123_200, -60), (-5, 60, -60),
    ])
    func aLookReadsFromTheLastOneAndFourTimesADayFromTheBeginning(seen: Int64?, now: Int64, since: Int64) {
        let published = Instant(seconds: 1_000_000)
        let watch = InboxWatch(platformPostID: "1", publishedAt: published, seenUntil: seen.map { published + .seconds($0) })
        #expect(InboxPlan.since(watch, now: published + .seconds(now)) == published + .seconds(since))
    }
}
