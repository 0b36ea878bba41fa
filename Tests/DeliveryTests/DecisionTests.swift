import Core
import Delivery
import Features
import Outbound
import Testing

@Suite(.serialized) struct DecisionTests {
    static let now = Instant(seconds: 1_770_114_600)  // 2026-02-03T10:30:00Z, a Tuesday

    private func outcome(_ status: Int, _ headers: [(name: String, value: String)] = []) -> AttemptOutcome {
        AttemptOutcome(.success(OutboundResponse(status: status, headers: headers)), now: Self.now)
    }

    @Test(arguments: [200, 201, 204, 299])
    func every2xxDelivers(status: Int) { #expect(outcome(status).verdict == .delivered) }

    @Test(arguments: [
        (301, "http_3xx"), (302, "http_3xx"), (304, "http_3xx"), (400, "http_4xx"), (404, "http_4xx"), (429, "http_4xx"),
        (500, "http_5xx"), (503, "http_5xx"), (600, "http_5xx"), (199, "http_5xx"),
    ])
    func everythingElseIsTriedAgain(status: Int, errorClass: String) {
        #expect(outcome(status).verdict == .retry(notBefore: nil))
        #expect(outcome(status).errorClass == errorClass)
    }

    @Test func goneIsBelieved() { #expect(outcome(410).verdict == .gone) }

    @Test func aRedirectSaysWhereTo() {
        #expect(
            outcome(302, [("Location", "https://elsewhere.example/")]).message?.contains("https://elsewhere.example/") == true)
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), ("0.5", .milliseconds(500)), (" 7", .seconds(7)), ("99999999", .seconds(86_400)),
        ("Tue, 03 Feb 2026 10:31:00 GMT", .seconds(60)), ("Tue, 03 Feb 2026 09:00:00 GMT", .zero),
    ])
    func retryAfterIsReadInAllItsForms(text: String, expected: Duration) {
        for status in [429, 502, 503, 504] {
            #expect(outcome(status, [("Retry-After", text)]).verdict == .retry(notBefore: expected))
        }
        #expect(outcome(500, [("Retry-After", text)]).verdict == .retry(notBefore: nil))
    }

    @Test(arguments: ["soon", "", "-5", "NaN", "Tuesday", "2026-02-03", "inf"])
    func aRetryAfterThatMeansNothingIsPassedOver(text: String) {
        #expect(AttemptOutcome.retryAfter(text, now: Self.now) == nil)
    }

    @Test func theScheduleIsFollowedWithJitterAndEnds() {
        let schedule = RetrySchedule(delays: [.seconds(5), .seconds(100)])
        #expect(schedule.decide(outcome(500), attempt: 1, now: Self.now, unit: 0) == .retry(at: Self.now + .seconds(4)))
        #expect(schedule.decide(outcome(500), attempt: 2, now: Self.now, unit: 0.5) == .retry(at: Self.now + .seconds(100)))
        #expect(schedule.decide(outcome(500), attempt: 3, now: Self.now, unit: 0.5) == .exhausted)
        #expect(schedule.decide(outcome(204), attempt: 3, now: Self.now, unit: 0.5) == .succeeded)
        #expect(schedule.decide(outcome(410), attempt: 1, now: Self.now, unit: 0.5) == .exhausted)
    }

    @Test func theReceiversWaitIsNeverShortened() {
        let schedule = RetrySchedule(delays: [.seconds(5)])
        for unit in [0.0, 0.3, 0.99] {
            let decision = schedule.decide(outcome(503, [("Retry-After", "600")]), attempt: 1, now: Self.now, unit: unit)
            guard case .retry(let at) = decision else { Issue.record("\(decision)"); return }
            #expect(at >= Self.now + .seconds(600))
        }
    }

    @Test(arguments: [
        ("5s,30s,2m", [Duration.seconds(5), .seconds(30), .seconds(120)]), ("1h", [.seconds(3600)]), ("", []),
        ("90", [.seconds(90)]), (" 5s , 1d ", [.seconds(5), .seconds(86_400)]),
    ])
    func schedulesAreRead(text: String, expected: [Duration]) throws {
        #expect(try RetrySchedule(text).delays == expected)
        #expect(try RetrySchedule(RetrySchedule(delays: expected).text).delays == expected)
    }

    @Test(arguments: [
        "soon", "5x", "5s,,6s", "-1s", "0s", "3d", "99999999999s", "5s;6s", String(repeating: "1s,", count: 30) + "1s",
    ])
    func badSchedulesSayWhatIsAllowed(text: String) {
        #expect(throws: ScheduleIssue.self) { try RetrySchedule(text) }
    }

    @Test func theStandardScheduleIsTheDocumentedOne() throws {
        #expect(try RetrySchedule("5s,30s,2m,10m,30m,1h,3h,6h,12h,24h,24h") == .standard)
        // 70 h 42 min 35 s.
        let total = RetrySchedule.standard.delays.reduce(Duration.zero, +)
        #expect(total == Duration.seconds(254_555))
    }
}
