package import Contract
package import Core

/// Which of the events that a webhook subscribes to it really gets. All that is said must hold.
package struct WebhookFilter: Sendable {
    package var brandIDs: [String] = []
    package var platforms: [String] = []
    package var campaignIDs: [String] = []
    package var accountIDs: [String] = []
    package var predicate: Predicate?
    /// As it was written.
    package var json: JSONValue

    /// - Throws: ``PredicateIssue`` naming the member that is wrong.
    package init(_ json: JSONValue, at field: String = "filter") throws(PredicateIssue) {
        self.json = json
        guard let members = json.object else { throw PredicateIssue(field, "must be an object") }
        for member in members {
            let name = field + "." + member.key
            switch member.key {
            case "brandIds": brandIDs = try Self.words(member.value, at: name)
            case "platforms":
                platforms = []
                for (index, word) in try Self.words(member.value, at: name).enumerated() {
                    guard let platform = Platform.parse(word) else {
                        throw PredicateIssue("\(name)[\(index)]", "must be one of \(Platform.words)")
                    }
                    platforms.append(platform.rawValue)
                }
            case "campaignIds": campaignIDs = try Self.words(member.value, at: name)
            case "socialAccountIds": accountIDs = try Self.words(member.value, at: name)
            case "where": predicate = try Predicate(member.value, at: name)
            default:
                throw PredicateIssue(
                    name, "is not known; known are brandIds, platforms, campaignIds, socialAccountIds and where")
            }
        }
    }

    /// A filter that was checked when it was stored.
    init(stored text: String) throws { try self.init(try JSONValue(parsing: text)) }

    private static func words(_ json: JSONValue, at field: String) throws(PredicateIssue) -> [String] {
        guard let elements = json.array, (1...100).contains(elements.count) else {
            throw PredicateIssue(field, "must be an array of 1 to 100 strings")
        }
        let words = elements.compactMap(\.string)
        guard words.count == elements.count, words.allSatisfy({ (1...128).contains($0.utf8.count) }) else {
            throw PredicateIssue(field, "must hold strings of 1 to 128 characters only")
        }
        return words
    }

    /// Why `event` is not delivered, in the words of the first part that fails; nil when it is.
    /// Decides first: the words are made only for an event that is refused.
    package func rejection(of event: EventRecord) -> String? {
        guard !holds(for: event) else { return nil }
        return explanation(of: event).first { !$0.holds }.map { "\($0.part): \($0.detail)" }
    }

    private func holds(for event: EventRecord) -> Bool {
        func meets(_ wanted: [String], _ present: [String]) -> Bool {
            wanted.isEmpty || present.contains(where: wanted.contains)
        }
        guard meets(brandIDs, event.brandID.map { [$0.rawValue] } ?? []), meets(platforms, event.scope.platforms),
            meets(campaignIDs, event.scope.campaignID.map { [$0] } ?? []), meets(accountIDs, event.scope.accountIDs)
        else { return false }
        return predicate?.holds(for: Self.payload(of: event)) ?? true
    }

    private static func payload(of event: EventRecord) -> JSONValue {
        (try? JSONValue(parsing: String(decoding: event.body, as: UTF8.self))) ?? .null
    }

    /// Every part, and whether it holds for `event`.
    package func explanation(of event: EventRecord) -> [FilterFinding] {
        var findings: [FilterFinding] = []
        func scope(_ name: String, _ wanted: [String], _ present: [String]) {
            guard !wanted.isEmpty else { return }
            let holds = present.contains(where: wanted.contains)
            findings.append(
                FilterFinding(
                    part: name, holds: holds,
                    detail: "the event has \(present.isEmpty ? "none" : present.joined(separator: ", "))"))
        }
        scope("brandIds", brandIDs, event.brandID.map { [$0.rawValue] } ?? [])
        scope("platforms", platforms, event.scope.platforms)
        scope("campaignIds", campaignIDs, event.scope.campaignID.map { [$0] } ?? [])
        scope("socialAccountIds", accountIDs, event.scope.accountIDs)
        guard let predicate else { return findings }
        return findings + predicate.findings(for: Self.payload(of: event), at: "where")
    }
}

/// One part of a filter, and how an event fared with it.
package struct FilterFinding: Sendable, Hashable, APIObject {
    package var part: String
    package var holds: Bool
    package var detail: String

    package static let name = "FilterFinding"
    package static let properties: [Property<Self>] = [
        Property("part", "Which part of the filter.") { $0.part },
        Property("holds", "Whether the event meets it.") { $0.holds },
        Property("detail", "What the event has there.") { $0.detail },
    ]
    package static let example = FilterFinding(
        part: "where.data.title $startsWith", holds: false, detail: "the event has \"Hello\"")
}

extension Predicate {
    /// What each part that counts says; of alternatives and negations the whole.
    func findings(for payload: JSONValue, at field: String) -> [FilterFinding] {
        switch self {
        case .all(let parts): return parts.flatMap { $0.findings(for: payload, at: field) }
        case .any(let parts):
            let holds = holds(for: payload)
            return [
                FilterFinding(
                    part: field + ".$or", holds: holds,
                    detail: parts.flatMap { $0.findings(for: payload, at: "") }.map {
                        "\($0.part) \($0.holds ? "holds" : "fails")"
                    }
                    .joined(separator: "; "))
            ]
        case .not:
            return [
                FilterFinding(
                    part: field + ".$not", holds: holds(for: payload),
                    detail: holds(for: payload) ? "what it excludes is not so" : "what it excludes is so")
            ]
        case .test(let path, let comparison, let value):
            let found = payload.values(at: path).map(\.text).joined(separator: ", ")
            let shown = found.count > 200 ? found.prefix(200) + "…" : found
            return [
                FilterFinding(
                    part: (field.isEmpty ? "" : field + ".") + "\(path) \(comparison.rawValue) \(value.text)",
                    holds: holds(for: payload), detail: "the event has \(shown.isEmpty ? "nothing" : shown) there")
            ]
        }
    }
}
