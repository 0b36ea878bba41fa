import Core
import Outbound
import Testing

@testable import Platforms

/// What a part of a thread, or a first comment, is on the wire, and what proves that it is there.
@Suite struct FollowUpWireTests {
    private let armedAt = Instant(seconds: 1_770_112_800)

    private var request: PublishRequest {
        PublishRequest(
            publicationID: ID("cpublication"), caption: "Ask us", idempotencyKey: "audenci-cpublication", armedAt: armedAt,
            following: FollowTarget(root: "100", before: "101"))
    }

    private func comments(_ count: Int, and more: String = "") -> ScriptedTransport {
        let others = (0..<count).map {
            #"{"id":"c\#($0)","message":"Ask us","created_time":"2026-02-03T10:00:05+0000","from":{"id":"somebody"}}"#
        }
        let all = (more.isEmpty ? [] : [more]) + others
        return ScriptedTransport(.json(#"{"data":[\#(all.joined(separator: ","))]}"#))
    }

    @Test func aCommentOfOursWithTheSameWordsIsIt() async {
        let ours =
            #"{"id":"c-own","message":"Ask us","created_time":"2026-02-03T10:00:01+0000","from":{"id":"\#(Bench.account)"}}"#
        let transport = comments(3, and: ours)
        let outcome = await FacebookConnector().reconcile(
            request, prepared: PreparedPublication(), on: Bench.session(.facebook, transport))
        guard case .live(let id, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(id == "c-own")
        #expect(transport.requests.first?.line.contains("/100/comments?") == true)
    }

    @Test func theSameWordsOfSomebodyElseAreNot() async {
        let outcome = await FacebookConnector().reconcile(
            request, prepared: PreparedPublication(), on: Bench.session(.facebook, comments(3)))
        guard case .absent = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func aListThatMayHaveBeenCutOffProvesNothing() async {
        let outcome = await FacebookConnector().reconcile(
            request, prepared: PreparedPublication(), on: Bench.session(.facebook, comments(100)))
        guard case .unknowable = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }
}
