import Contract
import Core
import PayloadFormats
import Testing

@testable import Features

@Suite struct DecisionTests {
    private func gate(
        depth: Int = 0, holds: Bool = true, lastRun: Int? = nil, cooldown: Int = 0, runs: Int = 0, most: Int = 60
    ) -> AutomationRun.Code? {
        let now = Instant(seconds: 10_000)
        let gate = AutomationGate(
            depth: depth, findings: [FilterFinding(part: "conditions.x", holds: holds, detail: "the event has nothing there")],
            lastRunAt: lastRun.map { now - .seconds($0) }, cooldownSeconds: cooldown, runsWithinHour: runs,
            maxRunsPerHour: most, now: now)
        return gate.refusal?.code
    }

    @Test func itRunsUnlessSomethingSpeaksAgainstIt() {
        let codes = [
            gate(), gate(depth: 5), gate(depth: 6), gate(holds: false), gate(lastRun: 59, cooldown: 60),
            gate(lastRun: 60, cooldown: 60), gate(runs: 59), gate(runs: 60), gate(depth: 9, holds: false),
        ]
        #expect(codes == [nil, nil, .depthLimit, .conditions, .cooldown, nil, nil, .hourlyLimit, .depthLimit])
    }

    private func facts(at now: String = "2026-02-03T23:30:00Z", in timezone: String = "Europe/Berlin") -> JSONValue {
        let envelope = Envelope(
            timestamp: Instant(seconds: 0), organizationID: ID("o"), brandID: ID("b"), userID: nil)
        var post = Post.example
        post.tags = ["summer"]
        let event = EventRecord(
            id: ID("e"), organizationID: ID("o"), brandID: ID("b"), userID: nil, type: PostCreated.type,
            body: envelope.bytes(of: PostCreated(post)), scope: EventScope(), isTest: false, createdAt: Instant(seconds: 0))
        return AutomationFacts(
            event: event, post: post, category: "Promotional", pillar: nil, campaign: .example, timezone: timezone,
            now: Instant(iso8601: now) ?? Instant(seconds: 0)
        ).json
    }

    @Test(
        arguments: [
            (["post.category": "Promotional"], true), (["post.category": "Educational"], false),
            (["post.tags": ["$contains": "summer"]], true), (["campaign.name": ["$startsWith": "Summer"]], true),
            (["data.status": "PUBLISHED", "brandId": "b"], true), (["$not": ["post.pillar": ["$exists": true]]], true),
            (["$or": [["post.category": "x"], ["$and": [["data.platforms": "facebook"], ["clock.hour": ["$lt": 1]]]]]], true),
            // Half past eleven in London is tomorrow in Berlin.
            (["clock.date": "2026-02-04", "clock.weekday": "wed", "clock.time": "00:30"], true),
            (["clock.date": ["$gte": "2026-03-01"]], false), (["nothing.here": ["$gt": 5]], false),
        ] as [(JSONValue, Bool)])
    func conditionsSeeTheEventAndWhatItIsAbout(_ condition: JSONValue, _ expected: Bool) throws {
        let predicate = try Predicate(condition, at: "conditions")
        let holds = predicate.holds(for: facts())
        #expect(holds == expected)
    }

    @Test func theDecidingConditionIsNamed() throws {
        var automation = Automation.example
        automation.brandIDs = [ID("other")]
        automation.conditions = ["data.status": "PUBLISHED", "post.category": "Educational"]
        let event = EventView.example.event
        let findings = try automation.findings(of: event, facts: facts())
        let failed = findings.filter { !$0.holds }.map(\.part)
        #expect(failed == ["brandIds", #"conditions.post.category $eq "Educational""#])
    }

    @Test func textsAreFilledInAndBounded() throws {
        let text = try TextTemplate("{{data.title}} for {{post.category}}: {{nothing}}{{#post.tags}}#{{.}}{{/post.tags}}")
            .render(facts())
        #expect(text == "Summer Sale Announcement for Promotional: #summer")
        let escaped = try TextTemplate(#"{"a":"{{x}}"}"#, for: .json).render(["x": "say \"hi\"\n"])
        #expect(escaped == #"{"a":"say \"hi\"\n"}"#)
        #expect(throws: FormatIssue.self) { _ = try TextTemplate("{{>partial}}") }
        let long = JSONValue.string(String(repeating: "x", count: 70_000))
        #expect(throws: FormatIssue.self) { _ = try TextTemplate("{{x}}").render(["x": long]) }
    }

    @Test func actionsAreReadAndWrittenAsTheyWere() throws {
        for kind in AutomationAction.Kind.allCases {
            let fields = kind.form.example.object ?? []
            let json = JSONValue.object([.init("type", .string(kind.rawValue))] + fields)
            var issues: [FieldIssue] = []
            let action = AutomationAction.read(json, at: "actions[0]", issues: &issues)
            #expect(issues.isEmpty, "\(kind): \(issues)")
            let kept = JSONValue.object((json.object ?? []).filter { $0.key != "secret" })
            #expect(action?.kind == kind && action?.json == kept)
        }
    }
}
