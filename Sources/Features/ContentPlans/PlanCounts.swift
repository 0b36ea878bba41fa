package import Contract
package import Core

/// How many posts of each kind, or on each platform: an object of numbers, in the caller's order.
package struct PlanCounts<Key: APIEnum & Hashable>: Sendable {
    package var pairs: [(key: Key, count: Int)] = []

    package init(_ pairs: [(key: Key, count: Int)] = []) { self.pairs = pairs }

    package var isEmpty: Bool { pairs.isEmpty }
    package subscript(_ key: Key) -> Int? { pairs.first { $0.key == key }?.count }
    /// Each is at most 1000, and a key comes once, so nothing overflows.
    package var sum: Int { pairs.reduce(0) { $0 + $1.count } }
}

extension PlanCounts: WritableValue, ReadableValue {
    private static var range: ClosedRange<Int> { 0...1000 }

    package static var schema: JSONValue {
        let number: JSONValue = ["type": "integer", "minimum": 0, "maximum": 1000]
        return [
            "type": "object", "properties": .object(Key.allCases.map { .init($0.rawValue, number) }),
            "additionalProperties": false,
        ]
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (key, count) in pairs {
            writer.key(key.rawValue)
            writer.int(Int64(count))
        }
        writer.endObject()
    }

    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .object(let members) = json else {
            issues.append(FieldIssue(path, "must be an object of numbers by \(Key.words)"))
            return nil
        }
        var counts = Self()
        let before = issues.count
        for member in members {
            let place = "\(path).\(member.key)"
            guard let key = Key.parse(member.key) ?? Key.parse(member.key.uppercased()) else {
                issues.append(FieldIssue(place, "is not known; possible are \(Key.words)"))
                continue
            }
            guard let count = Int.read(member.value, at: place, issues: &issues) else { continue }
            guard range.contains(count) else {
                issues.append(FieldIssue(place, "must be between 0 and 1000"))
                continue
            }
            guard counts[key] == nil else { issues.append(FieldIssue(place, "is given twice")); continue }
            counts.pairs.append((key, count))
        }
        return issues.count == before ? counts : nil
    }
}

/// What a plan shall reach: a sentence, or several.
package struct PlanGoals: Sendable, Hashable, WritableValue, ReadableValue {
    package var sentences: [String] = []

    package static var schema: JSONValue {
        let sentence: JSONValue = ["type": "string", "minLength": 1, "maxLength": 500]
        return ["anyOf": [sentence, ["type": "array", "items": sentence, "maxItems": 20]]]
    }

    package func write(to writer: inout JSONWriter) { sentences.write(to: &writer) }

    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        let texts = json.array.map { $0.map(\.string) } ?? [json.string]
        let sentences = texts.compactMap(\.self)
        guard sentences.count == texts.count, sentences.count <= 20, sentences.allSatisfy({ (1...500).contains($0.count) }),
            !sentences.contains(where: { $0.utf8.contains(0) })
        else {
            issues.append(FieldIssue(path, "must be a text of 1 to 500 characters, or a list of at most 20 of them"))
            return nil
        }
        return PlanGoals(sentences: sentences)
    }
}
