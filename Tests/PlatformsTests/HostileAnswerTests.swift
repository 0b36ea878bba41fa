import Core
import Outbound
import Testing

@testable import Platforms

struct HostileAnswer: Sendable, CustomTestStringConvertible {
    var name: String
    var body: [UInt8]
    var isTruncated = false
    var testDescription: String { name }

    init(_ name: String, _ body: String, isTruncated: Bool = false) {
        self.name = name
        self.body = Array(body.utf8)
        self.isTruncated = isTruncated
    }

    static let all: [HostileAnswer] = [
        .init("empty", ""), .init("null", "null"), .init("a page", "<!doctype html><title>Hi</title>"), .init("a list", "[]"),
        .init("a number", "7"), .init("a text", "\"id\""), .init("no id", "{}"), .init("id null", #"{"id":null}"#),
        .init("id object", #"{"id":{"id":"1"}}"#), .init("id list", #"{"id":["1"]}"#), .init("id empty", #"{"id":""}"#),
        .init("id true", #"{"id":true}"#), .init("id fraction", #"{"id":1.5}"#), .init("cut off", #"{"id":"1","url":"#),
        .init("id of a mile", #"{"id":"\#(String(repeating: "9", count: 5000))"}"#),
        .init("two ids", #"{"id":"1","id":"2"}"#), .init("data of wrong type", #"{"data":5}"#),
        .init("error of wrong type", #"{"error":{"code":"190"}}"#), .init("error list", #"{"error":[190]}"#),
        .init("deep", String(repeating: "[", count: 100_000)), .init("not UTF-8", "{\"id\":\"\u{FFFD}"),
        .init("10 MB, truncated", #"{"id":"1","x":""# + String(repeating: "x", count: 131_000), isTruncated: true),
        .init("whole but said to be truncated", #"{"id":"1"}"#, isTruncated: true),
    ]

    static let notUTF8 = HostileAnswer(bytes: [0x7B, 0x22, 0x69, 0x64, 0x22, 0x3A, 0x22, 0xFF, 0xFE, 0x22, 0x7D])

    private init(bytes: [UInt8]) {
        name = "bytes that are no UTF-8"
        body = bytes
    }
}

/// Whatever comes back, nothing crashes, nothing is taken for success and nothing for proof.
@Suite struct HostileAnswerTests {
    private func session(_ platform: Platform, _ status: Int, _ answer: HostileAnswer) -> PlatformSession {
        let response = OutboundResponse(status: status, body: answer.body, isTruncated: answer.isTruncated)
        return Bench.session(platform, StuckTransport(response: response))
    }

    @Test(arguments: platforms, HostileAnswer.all + [.notUTF8])
    func aSuccessThatCannotBeReadIsNoSuccess(platform: Platform, answer: HostileAnswer) async throws {
        let connector = try #require(PlatformList.connector(for: platform))
        let session = session(platform, 200, answer)
        let outcome = await connector.publish(Bench.post(), prepared: .init(handles: ["1"]), on: session)
        #expect(outcome.failure?.failureClass == .ambiguous)
        #expect(await connector.prepare(Bench.post(), on: session).failure?.failureClass == .beforeEffect)
        #expect(await connector.reconcile(Bench.post(), prepared: .init(handles: ["1"]), on: session).kind == "unreachable")
        #expect(await connector.verify(on: session).failure?.failureClass == .beforeEffect)
    }

    @Test(arguments: platforms, HostileAnswer.all + [.notUTF8])
    func anErrorThatCannotBeReadKeepsItsStatusClass(platform: Platform, answer: HostileAnswer) async throws {
        let connector = try #require(PlatformList.connector(for: platform))
        for status in [500, 502, 504, 599] {
            let outcome = await connector.publish(
                Bench.post(), prepared: .init(handles: ["1"]), on: session(platform, status, answer))
            #expect(outcome.failure?.failureClass == .ambiguous)
        }
        for status in [100, 204, 302, 307] {
            let outcome = await connector.publish(
                Bench.post(), prepared: .init(handles: ["1"]), on: session(platform, status, answer))
            #expect(outcome.failure != nil)
            #expect(outcome.failure?.failureClass == .ambiguous || outcome.failure?.failureClass == .final)
        }
        let limited = await connector.publish(Bench.post(), prepared: .init(handles: ["1"]), on: session(platform, 429, answer))
        #expect(limited.failure?.code == "rate_limited")
        let unauthorized = await connector.verify(on: session(platform, 401, answer))
        #expect(unauthorized.failure?.failureClass == .auth)
    }

    @Test func platformWordsAreKeptShort() async {
        let words = String(repeating: "long ", count: 10_000)
        let answer = HostileAnswer("long", #"{"error":"\#(words)"}"#)
        let outcome = await MastodonConnector().publish(
            Bench.post(pictures: 0), prepared: .init(), on: session(.mastodon, 422, answer))
        #expect(outcome.failure?.platformMessage?.count == 300)
        #expect((outcome.failure?.message.count ?? 0) < 500)
    }
}
