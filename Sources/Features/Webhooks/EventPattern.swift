/// What a webhook wants: an event's name, `post.*`, or `*`.
package enum EventPattern {
    /// True when one of `patterns` names `type`.
    package static func matches(_ patterns: [String], _ type: String) -> Bool {
        patterns.contains { pattern in
            if pattern == type || pattern == "*" { return true }
            return pattern.hasSuffix(".*") && type.hasPrefix(pattern.dropLast())
        }
    }

    /// What is wrong with a pattern, given the events that exist; nil when it can match something.
    package static func issue(_ pattern: String, known: [String]) -> String? {
        guard !known.contains(where: { matches([pattern], $0) }) else { return nil }
        return "has no event \"\(pattern.prefix(64))\"; known are \(known.joined(separator: ", ")), post.* and *"
    }
}
