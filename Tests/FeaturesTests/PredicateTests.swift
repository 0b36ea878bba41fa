import Contract
import Core
import Testing

@testable import Features

private let payload: JSONValue = [
    "event": "post.published", "brandId": "b1",
    "data": [
        "title": "Summer Sale", "platforms": ["instagram", "facebook"], "likes": 12, "ratio": 1.0, "link": .null,
        "media": [["kind": "image", "width": 800], ["kind": "video", "width": 1920]], "scheduledFor": "2026-02-03T10:00:00Z",
    ],
]

@Suite struct PredicateTests {
    @Test(
        arguments: [
            (["event": "post.published"], true), (["event": "post.failed"], false), (["data.platforms": "facebook"], true),
            (["data.platforms": ["$contains": "x"]], false), (["data.platforms": ["$contains": "instagram"]], true),
            (["data.title": ["$startsWith": "Summer"]], true), (["data.title": ["$endsWith": "sale"]], false),
            (["data.title": ["$contains": "mer S"]], true), (["data.likes": ["$gt": 11, "$lt": 13]], true),
            (["data.likes": ["$gte": 12.0]], true), (["data.likes": ["$lte": 11.5]], false), (["data.ratio": 1], true),
            (["data.likes": ["$gt": "11"]], false), (["data.scheduledFor": ["$lt": "2026-02-04"]], true),
            (["data.link": ["$exists": false]], true), (["data.title": ["$exists": true]], true),
            (["data.missing": ["$exists": false]], true), (["data.missing": ["$neq": "x"]], true),
            (["data.missing": "x"], false), (["brandId": ["$in": ["b1", "b2"]]], true), (["brandId": ["$nin": ["b1"]]], false),
            (["data.media.kind": "video"], true), (["data.media.0.kind": "video"], false),
            (["data.media.9.kind": "image"], false),
            (["data.media.width": ["$gt": 1000]], true), (["$not": ["event": "post.failed"]], true),
            (["$or": [["event": "x"], ["brandId": "b1"]]], true), (["$and": [["event": "x"], ["brandId": "b1"]]], false),
            (["event": "post.published", "brandId": "b2"], false), (["data.link": .null], true),
        ] as [(JSONValue, Bool)])
    func itHoldsExactlyWhenItShould(json: JSONValue, holds: Bool) throws {
        let predicate = try Predicate(json, at: "where")
        #expect(predicate.holds(for: payload) == holds)
        // What it says of itself agrees with what it decides.
        #expect(predicate.findings(for: payload, at: "where").allSatisfy(\.holds) == holds)
    }

    @Test(
        arguments: [
            ([:], "where"), (["$xor": [1]], "where.$xor"), (["a": ["$regex": ".*"]], "where.a.$regex"),
            (["a": [1, 2]], "where.a"), (["a": [:]], "where.a"), (["a": ["$in": "x"]], "where.a.$in"),
            (["a": ["$in": [["x": 1]]]], "where.a.$in"), (["a": ["$gt": true]], "where.a.$gt"),
            (["a": ["$exists": 1]], "where.a.$exists"), (["$or": []], "where.$or"),
            (["$and": [["b": ["$startsWith": 1]]]], "where.$and[0].b.$startsWith"),
            ("text", "where"),
        ] as [(JSONValue, String)])
    func whatIsWrongIsNamedWithItsPlace(json: JSONValue, field: String) {
        #expect { try Predicate(json, at: "where") } throws: { ($0 as? PredicateIssue)?.issue.field == field }
    }

    @Test func depthAndSizeAreBounded() throws {
        func nested(_ depth: Int) -> JSONValue { depth == 0 ? ["a": 1] : ["$not": nested(depth - 1)] }
        _ = try Predicate(nested(7), at: "where")
        #expect(throws: PredicateIssue.self) { try Predicate(nested(8), at: "where") }
        func wide(_ count: Int) -> JSONValue { .object((0..<count).map { .init("a\($0)", 1) }) }
        _ = try Predicate(wide(64), at: "where")
        #expect(throws: PredicateIssue.self) { try Predicate(wide(65), at: "where") }
    }

    @Test func aPlatformMayBeNamedByItsAlias() throws {
        let event = EventRecord(
            id: ID("e"), organizationID: ID("o"), brandID: nil, userID: nil, type: "post.published", body: payload.bytes,
            scope: EventScope(platforms: ["x"]), isTest: false, createdAt: Instant(seconds: 0))
        #expect(try WebhookFilter(["platforms": ["twitter"]]).rejection(of: event) == nil)
    }

    @Test func aFilterExplainsEachOfItsParts() throws {
        let filter = try WebhookFilter(["platforms": ["instagram"], "brandIds": ["b2"], "where": ["data.likes": ["$gt": 100]]])
        let event = EventRecord(
            id: ID("e"), organizationID: ID("o"), brandID: ID("b1"), userID: nil, type: "post.published", body: payload.bytes,
            scope: EventScope(entity: "p", platforms: ["instagram"]), isTest: false, createdAt: Instant(seconds: 0))
        #expect(filter.explanation(of: event).map(\.holds) == [false, true, false])
        #expect(filter.rejection(of: event) == "brandIds: the event has b1")
        #expect(filter.explanation(of: event).last?.detail == "the event has 12 there")
    }

    @Test(
        arguments: [
            (["colour": 1], "filter.colour"), (["platforms": ["myspace"]], "filter.platforms[0]"),
            (["brandIds": []], "filter.brandIds"),
            (["brandIds": [1]], "filter.brandIds"), (["where": ["$x": 1]], "filter.where.$x"), ([], "filter"),
        ] as [(JSONValue, String)])
    func whatIsWrongWithAFilterIsNamed(json: JSONValue, field: String) {
        #expect { try WebhookFilter(json) } throws: { ($0 as? PredicateIssue)?.issue.field == field }
    }
}
