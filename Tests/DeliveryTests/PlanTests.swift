import Contract
import Core
import Relational
import SQLiteEngine
import Testing

@testable import Features

/// No query on a hot path reads a whole table, however large it grows: asked of SQLite's own planner.
@Suite(.serialized) struct PlanTests {
    static let large = ["event", "delivery", "attempt", "post", "publication", "publication_journal", "api_key"]

    /// That nothing is scanned is not enough: a search of the organization's whole key is one, too.
    @Test func deliveriesAreFoundThroughTheirOwnIndexes() async throws {
        let world = try await DeliveryWorld()
        let organization = world.organization.organizationID
        let now = world.clock.now
        var failed = DeliveryFilter()
        failed.states = [.failed]
        func list(_ filter: DeliveryFilter, _ page: PageRequest) -> Query {
            DeliveryQueries.list(ID("w"), filter, in: organization, page)
        }
        var expected: [(Query, String)] = [
            (list(DeliveryFilter(), PageRequest()), "delivery_log (organization_id=? AND webhook_id=?)"),
            (
                list(DeliveryFilter(), PageRequest(after: Cursor(key: "7"))),
                "delivery_log (organization_id=? AND webhook_id=? AND sequence<?)"
            ),
            (list(failed, PageRequest()), "delivery_quiet (organization_id=? AND webhook_id=? AND state=?)"),
            (
                "SELECT id FROM delivery WHERE \(DeliveryQueries.held(of: ID("w"), in: organization))",
                "delivery_quiet (organization_id=? AND webhook_id=? AND state=?)"
            ),
        ]
        for (open, index) in zip(
            DeliveryQueries.Open.allCases, ["delivery_pending", "delivery_retrying", "delivery_in_flight"])
        {
            expected += [
                (
                    DeliveryQueries.claim(open, of: ID("w"), now: now, leaseUntil: now, limit: 10),
                    "COVERING INDEX \(index) (webhook_id=? AND wake_at<?)"
                ),
                (DeliveryQueries.close(open, of: ID("w"), as: .held), "COVERING INDEX \(index) (webhook_id=?)"),
                (DeliveryQueries.depth(open), "COVERING INDEX \(index)"),
            ]
        }
        for (query, index) in expected {
            let plan = try await world.engine.explain(query)
            #expect(plan.contains { $0.hasSuffix(index) }, "\(plan) without \(index)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan) sorts")
        }
    }

    @Test func noHotQueryScansALargeTable() async throws {
        let world = try await DeliveryWorld()
        let organization = world.organization.organizationID
        let now = world.clock.now
        let page = PageRequest(limit: 20, after: Cursor(key: "c"))
        var statuses = PostFilter()
        statuses.statuses = [.scheduled]
        var brand = PostFilter()
        brand.brandID = world.organization.brandID
        var range = PostFilter()
        range.scheduledFrom = now
        range.scheduledTo = now + .seconds(60)
        var campaign = PostFilter()
        campaign.campaignID = ID("c")
        var states = DeliveryFilter()
        states.states = [.failed]
        let queries: [(String, Query)] = [
            ("delivery log", DeliveryQueries.list(ID("w"), DeliveryFilter(), in: organization, page)),
            ("delivery log by state", DeliveryQueries.list(ID("w"), states, in: organization, page)),
            ("delivery", DeliveryQueries.find(ID("d"), in: organization)),
            ("attempts", DeliveryQueries.attempts(of: ID("d"), in: organization, PageRequest(limit: 20))),
            ("post", PostQueries.find(ID("p"), in: organization)),
            ("posts", PostQueries.list(PostFilter(), for: world.caller, page)),
            ("posts by status", PostQueries.list(statuses, for: world.caller, page)),
            ("posts by brand", PostQueries.list(brand, for: world.caller, page)),
            ("posts by time", PostQueries.list(range, for: world.caller, page)),
            ("posts by campaign", PostQueries.list(campaign, for: world.caller, page)),
            ("publications of a post", PublicationQueries.ofPost(ID("p"), in: organization)),
            ("claim publications", PublicationQueries.claim(now: now, leaseUntil: now, limit: 10)),
            ("next publication", PublicationQueries.nextWake),
            ("journal", PublicationQueries.journal(of: ID("p"), in: organization)),
        ]
        let replay = Replay.example
        let webhooks: [(String, Query)] = [
            ("feed", EventQueries.feed(after: 7, types: [], since: nil, limit: 20, for: world.caller)),
            ("feed by type", EventQueries.feed(after: 7, types: ["post.created"], since: now, limit: 20, for: world.caller)),
            ("an event", EventQueries.find(ID("e"), in: organization)),
            ("is an entity open", DeliveryQueries.open(of: ID("w"), entity: "e")),
            ("next of an entity", DeliveryQueries.unblock(ID("w"), entity: "e", now: now, orderBreak: nil)),
            ("block all", DeliveryQueries.blockAll(ID("w"))),
            ("delivery of an event", DeliveryQueries.find(event: ID("e"), webhook: ID("w"), in: organization)),
            ("gaps", DeliveryQueries.range(of: ID("w"), from: 1, to: 100, in: organization)),
            ("export", DeliveryQueries.piece(of: ID("w"), states, after: 7, limit: 500, in: organization)),
            ("statistics", DeliveryQueries.recent(of: ID("w"), since: now, limit: 100, in: organization)),
            ("replay", ReplayQueries.stretch(replay, limit: 500)),
            ("replay's window", ReplayQueries.window(now, now, in: organization)),
        ]
        let retention = RetentionQueries.all(RetentionLimits(), now: now, limit: 500).enumerated().map {
            ("retention \($0)", $1)
        }
        let open =
            webhooks + retention
            + DeliveryQueries.Open.allCases.flatMap { open in
                [
                    ("open work \(open)", DeliveryQueries.openWork(open)), ("depth \(open)", DeliveryQueries.depth(open)),
                    ("claim \(open)", DeliveryQueries.claim(open, of: ID("w"), now: now, leaseUntil: now, limit: 10)),
                    ("close \(open)", DeliveryQueries.close(open, of: ID("w"), as: .held)),
                ]
            }
        for (name, query) in queries + open {
            let plan = try await world.engine.explain(query)
            #expect(!plan.isEmpty, "\(name)")
            for line in plan where line.hasPrefix("SCAN") {
                // A partial index over open work is what is meant to be walked, from its first entry.
                let isScan = Self.large.contains { line == "SCAN \($0)" }
                #expect(!isScan, "\(name): \(line)")
            }
        }
    }
}
