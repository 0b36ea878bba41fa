package import Contract
package import Core

/// A condition on a payload, in the manner of MongoDB: `{"data.platforms": "instagram", "data.title": {"$startsWith": "Sale"}}`.
///
/// Of an object's members all must hold. A path names a member by its keys, an array's element by its number; on the way
/// through an array without a number any element may lead on. No regular expressions: nothing a caller writes can take long.
package indirect enum Predicate: Hashable, Sendable {
    case all([Predicate])
    case any([Predicate])
    case not(Predicate)
    case test(path: String, Comparison, JSONValue)

    package enum Comparison: String, Sendable, CaseIterable {
        case equal = "$eq"
        case notEqual = "$neq"
        case greater = "$gt"
        case greaterOrEqual = "$gte"
        case less = "$lt"
        case lessOrEqual = "$lte"
        case oneOf = "$in"
        case noneOf = "$nin"
        case exists = "$exists"
        case startsWith = "$startsWith"
        case endsWith = "$endsWith"
        case contains = "$contains"
    }

    /// Deepest nesting that is accepted.
    package static let maximumDepth = 8
    /// Most conditions that are accepted.
    package static let maximumNodes = 64

    /// - Throws: ``FieldIssue`` inside ``PredicateIssue``, naming the member that is wrong and what is allowed.
    package init(_ json: JSONValue, at path: String) throws(PredicateIssue) {
        var nodes = 0
        self = try Self.object(json, at: path, depth: 1, nodes: &nodes)
    }

    private static func object(
        _ json: JSONValue, at field: String, depth: Int, nodes: inout Int
    ) throws(PredicateIssue) -> Predicate {
        guard depth <= maximumDepth else {
            throw PredicateIssue(field, "is nested too deeply; allowed are \(maximumDepth) levels")
        }
        guard let members = json.object, !members.isEmpty else {
            throw PredicateIssue(field, "must be an object with at least one condition")
        }
        var all: [Predicate] = []
        for member in members {
            nodes += 1
            guard nodes <= maximumNodes else { throw PredicateIssue(field, "has more than \(maximumNodes) conditions") }
            let name = field + "." + member.key
            switch member.key {
            case "$and": all.append(.all(try list(member.value, at: name, depth: depth, nodes: &nodes)))
            case "$or": all.append(.any(try list(member.value, at: name, depth: depth, nodes: &nodes)))
            case "$not": all.append(.not(try object(member.value, at: name, depth: depth + 1, nodes: &nodes)))
            default:
                guard !member.key.hasPrefix("$"), !member.key.isEmpty, member.key.utf8.count <= 200 else {
                    throw PredicateIssue(name, "is no condition; allowed are $and, $or, $not and paths such as data.title")
                }
                all += try tests(of: member.key, member.value, at: name, nodes: &nodes)
            }
        }
        return all.count == 1 ? all[0] : .all(all)
    }

    private static func list(
        _ json: JSONValue, at field: String, depth: Int, nodes: inout Int
    ) throws(PredicateIssue) -> [Predicate] {
        guard let elements = json.array, !elements.isEmpty else {
            throw PredicateIssue(field, "must be an array with at least one condition")
        }
        var all: [Predicate] = []
        for (index, element) in elements.enumerated() {
            all.append(try object(element, at: "\(field)[\(index)]", depth: depth + 1, nodes: &nodes))
        }
        return all
    }

    private static func tests(
        of path: String, _ json: JSONValue, at field: String, nodes: inout Int
    ) throws(PredicateIssue) -> [Predicate] {
        guard let operators = json.object else {
            if case .array = json { throw PredicateIssue(field, "must not be an array; use $in or $contains") }
            return [.test(path: path, .equal, json)]
        }
        guard !operators.isEmpty else { throw PredicateIssue(field, "must have an operator such as $eq") }
        var all: [Predicate] = []
        for member in operators {
            nodes += 1
            guard nodes <= maximumNodes else { throw PredicateIssue(field, "has more than \(maximumNodes) conditions") }
            let name = field + "." + member.key
            guard let comparison = Comparison(rawValue: member.key) else {
                let known = Comparison.allCases.map(\.rawValue).joined(separator: ", ")
                throw PredicateIssue(name, "is no operator; known are \(known)")
            }
            if let issue = comparison.issue(with: member.value) { throw PredicateIssue(name, issue) }
            all.append(.test(path: path, comparison, member.value))
        }
        return all
    }

    /// True when `payload` meets the condition.
    package func holds(for payload: JSONValue) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(for: payload) }
        case .any(let parts): parts.contains { $0.holds(for: payload) }
        case .not(let part): !part.holds(for: payload)
        case .test(let path, let comparison, let value): comparison.holds(payload.values(at: path), value)
        }
    }
}

/// What is wrong with a filter.
package struct PredicateIssue: Error {
    package let issue: FieldIssue
    init(_ field: String, _ issue: String) { self.issue = FieldIssue(field, issue) }
}
