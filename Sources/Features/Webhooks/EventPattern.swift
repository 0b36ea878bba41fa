/// What a webhook wants: an event's name, `post.*`, or `*`, which is everything that happens to the product. What happens
/// to webhooks themselves, `webhook.*`, has to be asked for: an endpoint that fails would otherwise be sent news of it.
package enum EventPattern {
    /// True when one of `patterns` names `type`.
    package static func matches(_ patterns: [String], _ type: String) -> Bool {
        patterns.contains { pattern in
            if pattern == type { return true }
            if pattern == "*" { return !type.hasPrefix("webhook.") }
            return pattern.hasSuffix(".*") && type.hasPrefix(pattern.dropLast())
        }
    }

    /// What is wrong with a pattern, given the events that exist; nil when it can match something.
    package static func issue(_ pattern: String, known: [String]) -> String? {
        guard !known.contains(where: { matches([pattern], $0) }) else { return nil }
        return "has no event \"\(pattern.prefix(64))\"; known are \(known.joined(separator: ", ")), post.* and *"
    }
}
