package import Core

extension Optional: SchemaValue where Wrapped: SchemaValue {
    package static var schema: JSONValue { Wrapped.schema.nullable }
    package static var isOptional: Bool { true }
    package static func collect(into schemas: inout SchemaCollection) { Wrapped.collect(into: &schemas) }
}

extension Optional: WritableValue where Wrapped: WritableValue {
    package func write(to writer: inout JSONWriter) {
        if let self { self.write(to: &writer) } else { writer.null() }
    }
}

extension Array: SchemaValue where Element: SchemaValue {
    package static var schema: JSONValue { ["type": "array", "items": Element.schema] }
    package static func collect(into schemas: inout SchemaCollection) { Element.collect(into: &schemas) }
}

extension Array: WritableValue where Element: WritableValue {
    package func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }
}

extension Array: ReadableValue where Element: ReadableValue {
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .array(let elements) = json else { mismatch("an array", json, path, &issues); return nil }
        guard elements.count <= 10_000 else {
            issues.append(FieldIssue(path, "must have at most 10000 elements"))
            return nil
        }
        var values: [Element] = []
        values.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let value = Element.read(element, at: "\(path)[\(index)]", issues: &issues) else { continue }
            values.append(value)
        }
        return values.count == elements.count ? values : nil
    }
}

/// Names and values of the caller's own choosing, in the caller's order.
package struct NamedValues<Value: SchemaValue>: SchemaValue {
    package var pairs: [(name: String, value: Value)]

    package init(_ pairs: [(name: String, value: Value)] = []) { self.pairs = pairs }

    package static var schema: JSONValue { ["type": "object", "additionalProperties": Value.schema] }
    package static func collect(into schemas: inout SchemaCollection) { Value.collect(into: &schemas) }
}

extension NamedValues: WritableValue where Value: WritableValue {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, value) in pairs {
            writer.key(name)
            value.write(to: &writer)
        }
        writer.endObject()
    }
}

extension NamedValues: ReadableValue where Value: ReadableValue {
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .object(let members) = json else { mismatch("an object", json, path, &issues); return nil }
        let before = issues.count
        let pairs = members.compactMap { member in
            Value.read(member.value, at: "\(path).\(member.key)", issues: &issues).map { (name: member.key, value: $0) }
        }
        return issues.count == before ? Self(pairs) : nil
    }
}

/// What a request says of one field: nothing (it stays), `null` (clear it), or a value.
package enum Change<Value: Sendable>: Sendable {
    case keep
    case clear
    case set(Value)

    /// The field's new value, given the present one.
    package func applied(to present: Value?) -> Value? {
        switch self {
        case .keep: present
        case .clear: nil
        case .set(let value): value
        }
    }

    package var value: Value? { if case .set(let value) = self { value } else { nil } }
    package var isKept: Bool { if case .keep = self { true } else { false } }
}

extension Change: SchemaValue where Value: SchemaValue {
    package static var schema: JSONValue { Value.schema.nullable }
    package static var isOptional: Bool { true }
    package static func collect(into schemas: inout SchemaCollection) { Value.collect(into: &schemas) }
}

extension Change: ReadableValue where Value: ReadableValue {
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        if json == .null { return .clear }
        return Value.read(json, at: path, issues: &issues).map { .set($0) }
    }
}
