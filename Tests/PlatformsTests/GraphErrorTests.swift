import Core
import Outbound
import Testing

@testable import Platforms

struct GraphErrorCase: Sendable, CustomTestStringConvertible {
    /// Code, or code/subcode.
    var number: String
    var status: Int
    var isTransient: Bool
    /// On the request that makes the post visible.
    var atPublish: PublishFailure.Class
    /// On a request that nobody sees.
    var atPrepare: PublishFailure.Class
    var ours: String

    init(
        _ number: String, status: Int = 400, isTransient: Bool = false, _ atPublish: PublishFailure.Class,
        prepare atPrepare: PublishFailure.Class? = nil, _ ours: String
    ) {
        self.number = number
        self.status = status
        self.isTransient = isTransient
        self.atPublish = atPublish
        self.atPrepare = atPrepare ?? atPublish
        self.ours = ours
    }

    var testDescription: String { "\(number) at \(status)" }

    var response: OutboundResponse {
        let parts = number.split(separator: "/")
        var error = #""message":"words","type":"OAuthException","fbtrace_id":"A190x4","code":\#(parts[0])"#
        if parts.count > 1 { error += #","error_subcode":\#(parts[1])"# }
        if isTransient { error += #","is_transient":true"# }
        return OutboundResponse(status: status, body: Array(#"{"error":{\#(error)}}"#.utf8))
    }

    static let all: [GraphErrorCase] = [
        .init("1", status: 500, .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("2", status: 500, .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("1", .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("2", status: 200, .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("4", .beforeEffect, "rate_limited"),
        .init("17", .beforeEffect, "rate_limited"),
        .init("32", .beforeEffect, "rate_limited"),
        .init("613", .beforeEffect, "rate_limited"),
        .init("80002", .beforeEffect, "rate_limited"),
        .init("80015", .final, "platform_rejected"),
        .init("1234", status: 429, .beforeEffect, "rate_limited"),
        .init("4/2207051", .ambiguous, prepare: .beforeEffect, "action_blocked"),
        .init("190", .auth, "token_rejected"),
        .init("190/458", .auth, "token_rejected"),
        .init("190/460", status: 401, .auth, "token_rejected"),
        .init("190/463", .auth, "token_rejected"),
        .init("190/467", .auth, "token_rejected"),
        .init("190/33", .auth, "token_rejected"),
        .init("102", .auth, "token_rejected"),
        .init("190", status: 500, .ambiguous, prepare: .auth, "token_rejected"),
        .init("10", .final, "not_permitted"),
        .init("200", status: 403, .final, "not_permitted"),
        .init("299", .final, "not_permitted"),
        .init("100", .final, "platform_rejected"),
        .init("100/33", .final, "not_found"),
        .init("368", .final, "action_blocked"),
        .init("506", .ambiguous, prepare: .beforeEffect, "duplicate_reported"),
        .init("100/1366051", .ambiguous, prepare: .beforeEffect, "duplicate_reported"),
        .init("9/2207042", .beforeEffect, "daily_limit"),
        .init("24/2207006", .beforeEffect, "container_gone"),
        .init("36000/2207004", .final, "media_rejected"),
        .init("36001/2207005", .final, "media_rejected"),
        .init("36003/2207009", .final, "media_rejected"),
        .init("36003", .final, "media_rejected"),
        .init("-1/2207001", .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("-2/2207003", .beforeEffect, "media_fetch_failed"),
        .init("100/2207010", .final, "caption_too_long"),
        .init("-2/2207020", .beforeEffect, "container_expired"),
        .init("9007/2207027", .ambiguous, prepare: .beforeEffect, "media_not_ready"),
        .init("100/2207028", .final, "too_many_media"),
        .init("-1/2207032", .beforeEffect, "media_processing_failed"),
        .init("100/2207040", .final, "too_many_mentions"),
        .init("25/2207050", .final, "account_restricted"),
        .init("9004/2207052", .beforeEffect, "media_fetch_failed"),
        .init("1/1366046", .final, "media_rejected"),
        .init("1/1390008", .beforeEffect, "rate_limited"),
        .init("1/1404078", .final, "not_permitted"),
        .init("1/1609008", .final, "content_rejected"),
        .init("1/1363047", .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("777", .final, "platform_rejected"),
        .init("777", isTransient: true, .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("777", status: 503, .ambiguous, prepare: .beforeEffect, "platform_error"),
        .init("368", status: 500, .ambiguous, prepare: .final, "action_blocked"),
    ]
}

/// Graph's numbers mean what the table says, on the visible request and on the others.
@Suite struct GraphErrorTests {
    @Test(arguments: GraphErrorCase.all)
    func errorsOfThePublishRequestAreClassed(error: GraphErrorCase) async {
        // "Not ready" makes the connector ask the container, whose answer is an error too: then nobody knows.
        let stuck = StuckTransport(response: error.response)
        let outcome = await InstagramConnector().publish(
            Bench.post(), prepared: .init(handles: ["178"]), on: Bench.session(.instagram, stuck))
        #expect(outcome.failure?.failureClass == error.atPublish)
        #expect(outcome.failure?.code == error.ours)
        #expect(outcome.failure?.platformMessage == "words")
        #expect(outcome.failure?.platformCode == error.number)
    }

    @Test(arguments: GraphErrorCase.all)
    func errorsOfPreparingAreClassed(error: GraphErrorCase) async {
        let stuck = StuckTransport(response: error.response)
        let failure = await FacebookConnector().prepare(Bench.post(), on: Bench.session(.facebook, stuck)).failure
        #expect(failure?.failureClass == error.atPrepare)
        #expect(failure?.code == error.ours)
    }

    @Test func everyRuleOfTheTableHasACodeAndASentence() {
        for verdict in Array(GraphErrorTable.codes.values) + Array(GraphErrorTable.subcodes.values) {
            #expect(verdict.code.allSatisfy { $0.isLowercase || $0 == "_" })
            #expect(verdict.message.hasSuffix("."))
        }
    }

    /// The number 190 in a trace id is no expired token.
    @Test func digitsElsewhereInTheAnswerMeanNothing() async {
        let body = #"{"error":{"message":"(#100) 190 490","code":100,"fbtrace_id":"190460"}}"#
        let stuck = StuckTransport(response: OutboundResponse(status: 400, body: Array(body.utf8)))
        let outcome = await FacebookConnector().publish(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.facebook, stuck))
        #expect(outcome.failure?.failureClass == .final)
    }

    @Test(arguments: [
        (
            #"{"1":[{"estimated_time_to_regain_access":5},{"estimated_time_to_regain_access":12}],"2":[{}]}"#,
            Duration.seconds(720) as Duration?
        ),
        (#"{"1":[{"estimated_time_to_regain_access":0}]}"#, nil),
        (#"{"1":[{"estimated_time_to_regain_access":1e300}]}"#, .seconds(86_400)),
        (#"{"1":[{"estimated_time_to_regain_access":-4}]}"#, nil), (#"{"1":7}"#, nil), ("[]", nil), ("nonsense", nil),
        ("", nil),
        (#"{"1":[{"estimated_time_to_regain_access":"5"}]}"#, nil),
    ])
    func theUsageHeaderSaysHowLong(header: String, wait: Duration?) async {
        let transport = ScriptedTransport(
            .json(#"{"error":{"code":4,"message":"limit"}}"#, status: 400, headers: [("x-business-use-case-usage", header)]))
        let outcome = await FacebookConnector().publish(
            Bench.post(pictures: 0), prepared: .init(), on: Bench.session(.facebook, transport))
        #expect(outcome.failure?.code == "rate_limited")
        #expect(outcome.failure?.retryAfter == wait)
    }
}
