import Core

/// Whether a value fits a JSON schema, for the few keywords that ours have. Another one is an issue too: what a provider
/// enforces is then not what this checks.
enum SchemaCheck {
    private static let known = [
        "type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "enum", "minimum", "maximum",
    ]

    /// What does not fit, a sentence each.
    static func issues(of value: JSONValue, against schema: JSONValue, at path: String = "$") -> [String] {
        var issues = (schema.object ?? []).filter { !known.contains($0.key) }.map { "\(path): unknown keyword \($0.key)." }
        switch schema["type"]?.string {
        case "object":
            guard let members = value.object else { return issues + ["\(path) is no object."] }
            let properties = schema["properties"]
            let keys = members.map(\.key)
            issues += (schema["required"]?.array ?? []).compactMap(\.string).filter { !keys.contains($0) }
                .map { "\(path) has no \($0)." }
            for member in members {
                guard let inner = properties?[member.key] else { issues.append("\(path) has \(member.key)."); continue }
                issues += self.issues(of: member.value, against: inner, at: "\(path).\(member.key)")
            }
        case "array":
            guard let values = value.array else { return issues + ["\(path) is no list."] }
            let counts = (schema["minItems"]?.int ?? 0)...(schema["maxItems"]?.int ?? .max)
            if !counts.contains(Int64(values.count)) { issues.append("\(path) has \(values.count) elements.") }
            for (index, element) in values.enumerated() {
                issues += self.issues(of: element, against: schema["items"] ?? .null, at: "\(path)[\(index)]")
            }
        case "string":
            guard let text = value.string else { return issues + ["\(path) is no text."] }
            let allowed = schema["enum"]?.array?.compactMap(\.string)
            if allowed?.contains(text) == false { issues.append("\(path) is \(text), which is not in the list.") }
        case "integer":
            guard let number = value.int else { return issues + ["\(path) is no integer."] }
            let range = (schema["minimum"]?.int ?? .min)...(schema["maximum"]?.int ?? .max)
            if !range.contains(number) { issues.append("\(path) is \(number).") }
        default: issues.append("\(path): unknown type.")
        }
        return issues
    }
}
