import Contract
import Core
import Foundation

/// What conditions look at and texts are filled in with: the event as webhooks get it, and beside it the post and the
/// campaign that it is about, as they are now, and the time on the organization's clocks.
struct AutomationFacts {
    var event: EventRecord
    var post: Post?
    /// Names of what the post is filed under.
    var category: String?
    var pillar: String?
    var campaign: Campaign?
    var timezone: String
    var now: Instant

    var json: JSONValue {
        var members = ((try? JSONValue(parsing: event.body)) ?? .null).object ?? []
        if let post {
            var facts = ((try? JSONValue(parsing: post.jsonBytes)) ?? .null).object ?? []
            facts.append(.init("category", category.map(JSONValue.string) ?? .null))
            facts.append(.init("pillar", pillar.map(JSONValue.string) ?? .null))
            members.append(.init("post", .object(facts)))
        }
        if let campaign, let facts = try? JSONValue(parsing: campaign.jsonBytes) { members.append(.init("campaign", facts)) }
        members.append(.init("clock", clock))
        return .object(members)
    }

    /// `{"date":"2026-06-01","time":"09:30","hour":9,"weekday":"mon","timezone":"Europe/Berlin"}`.
    private var clock: JSONValue {
        let zone = TimeZone(identifier: timezone) ?? .gmt
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now.seconds)))
        let local = Instant(seconds: now.seconds + Int64(offset))
        let text = local.description
        // 1970 began on a Thursday.
        let weekday = ((local.seconds / 86_400 + 4) % 7 + 7) % 7
        return [
            "date": .string(String(text.prefix(10))), "time": .string(String(text.dropFirst(11).prefix(5))),
            "hour": .int((local.seconds / 3600 % 24 + 24) % 24), "weekday": .string(Self.weekdays[Int(weekday)]),
            "timezone": .string(timezone),
        ]
    }

    private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
}

extension Automation {
    /// What each part of the conditions says of an event; the brands are one of them.
    func findings(of event: EventRecord, facts: JSONValue) throws(PredicateIssue) -> [FilterFinding] {
        var findings: [FilterFinding] = []
        if !brandIDs.isEmpty {
            let brand = event.brandID
            findings.append(
                FilterFinding(
                    part: "brandIds", holds: brand.map(brandIDs.contains) ?? false,
                    detail: "the event has \(brand?.rawValue ?? "none")"))
        }
        guard let predicate = try Self.predicate(conditions) else { return findings }
        return findings + predicate.findings(for: facts, at: "conditions")
    }
}
