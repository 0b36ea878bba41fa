package import Core

/// An object that requests send. Unknown fields are refused, every issue is reported at once, each with its field.
package protocol APIInput: ReadableValue {
    static var name: String { get }
    static var fields: [InputField<Self>] { get }
    /// A body that is accepted, for the documentation.
    static var example: JSONValue { get }
    init()
}

extension APIInput {
    package static var schema: JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    package static func collect(into schemas: inout SchemaCollection) {
        guard schemas.begin(name) else { return }
        for field in fields { field.collect(&schemas) }
        schemas.add(
            name,
            [
                "type": "object",
                "properties": .object(fields.map { .init($0.name, $0.schema) }),
                "required": .array(fields.filter(\.isRequired).map { .string($0.name) }),
                "additionalProperties": false,
                "examples": [example],
            ])
    }

    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .object(let members) = json else { mismatch("an object", json, path, &issues); return nil }
        let before = issues.count
        var value = Self()
        let prefix = path.isEmpty ? "" : path + "."
        var seen: Set<String> = []
        for member in members {
            guard let field = fields.first(where: { $0.name == member.key }) else {
                let known = fields.map(\.name).joined(separator: ", ")
                issues.append(FieldIssue(prefix + member.key, "is not a known field; known are \(known)"))
                continue
            }
            seen.insert(member.key)
            field.read(member.value, prefix + member.key, &value, &issues)
        }
        for field in fields where field.isRequired && !seen.contains(field.name) {
            issues.append(FieldIssue(prefix + field.name, "is required"))
        }
        return issues.count == before ? value : nil
    }
}

/// One field of an ``APIInput``: documentation, type, rules and where the value goes.
package struct InputField<Root>: Sendable {
    package let name: String
    package let schema: JSONValue
    package let isRequired: Bool
    package let read: @Sendable (JSONValue, _ path: String, inout Root, inout [FieldIssue]) -> Void
    package let collect: @Sendable (inout SchemaCollection) -> Void

    package init<Value: ReadableValue>(
        _ name: String, _ summary: String, required: Bool = false, _ rules: Rule<Value>...,
        set: @escaping @Sendable (inout Root, Value) -> Void
    ) {
        self.name = name
        isRequired = required
        schema = describedSchema(Value.schema.adding(rules.flatMap(\.keywords)), summary)
        collect = { Value.collect(into: &$0) }
        read = { json, path, root, issues in
            guard let value = Value.read(json, at: path, issues: &issues) else { return }
            for rule in rules {
                if let issue = rule.check(value) {
                    issues.append(FieldIssue(path, issue))
                    return
                }
            }
            set(&root, value)
        }
    }
}
