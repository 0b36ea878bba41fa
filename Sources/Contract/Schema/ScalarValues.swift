package import Core

func mismatch(_ expected: String, _ json: JSONValue, _ path: String, _ issues: inout [FieldIssue]) {
    issues.append(FieldIssue(path, "must be \(expected), not \(json.typeName)"))
}

extension String: WritableValue, ReadableValue {
    package static var schema: JSONValue { ["type": "string"] }
    package func write(to writer: inout JSONWriter) { writer.string(self) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .string(let value) = json else { mismatch("a string", json, path, &issues); return nil }
        guard !value.utf8.contains(0) else {
            issues.append(FieldIssue(path, "must not contain the character U+0000"))
            return nil
        }
        return value
    }
}

extension Bool: WritableValue, ReadableValue {
    package static var schema: JSONValue { ["type": "boolean"] }
    package func write(to writer: inout JSONWriter) { writer.bool(self) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .bool(let value) = json else { mismatch("true or false", json, path, &issues); return nil }
        return value
    }
}

extension Int64: WritableValue, ReadableValue {
    package static var schema: JSONValue { ["type": "integer", "format": "int64"] }
    package func write(to writer: inout JSONWriter) { writer.int(self) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard let value = json.int else { mismatch("a whole number", json, path, &issues); return nil }
        return value
    }
}

extension Int: WritableValue, ReadableValue {
    package static var schema: JSONValue { ["type": "integer", "format": "int64"] }
    package func write(to writer: inout JSONWriter) { writer.int(Int64(self)) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard let value = json.int else { mismatch("a whole number", json, path, &issues); return nil }
        return Int(value)
    }
}

extension Double: WritableValue, ReadableValue {
    package static var schema: JSONValue { ["type": "number"] }
    package func write(to writer: inout JSONWriter) { writer.double(self) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard let value = json.double else { mismatch("a number", json, path, &issues); return nil }
        return value
    }
}

extension Instant: WritableValue, ReadableValue {
    package static var schema: JSONValue { ["type": "string", "format": "date-time"] }
    package func write(to writer: inout JSONWriter) { writer.instant(self) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .string(let text) = json, let value = Instant(iso8601: text) else {
            issues.append(FieldIssue(path, "must be an ISO 8601 instant such as 2026-02-04T15:00:00Z"))
            return nil
        }
        return value
    }
}

extension ID: WritableValue, ReadableValue, SchemaValue {
    package static var schema: JSONValue { ["type": "string"] }
    package func write(to writer: inout JSONWriter) { writer.string(rawValue) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .string(let value) = json, !value.isEmpty, value.utf8.count <= 128, !value.utf8.contains(0) else {
            issues.append(FieldIssue(path, "must be an id: a string of 1 to 128 characters"))
            return nil
        }
        return ID(value)
    }
}

/// Any JSON, passed through as it is.
extension JSONValue: WritableValue, ReadableValue {
    package static var schema: JSONValue { [:] }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? { json }
}

/// A closed set of words.
package protocol APIEnum: WritableValue, ReadableValue, CaseIterable, RawRepresentable<String> {
    /// Accepts other spellings than the raw values, for aliases.
    static func parse(_ text: String) -> Self?
}

extension APIEnum {
    package static func parse(_ text: String) -> Self? { Self(rawValue: text) }
    package static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
    package static var schema: JSONValue {
        ["type": "string", "enum": .array(allCases.map { .string($0.rawValue) })]
    }
    package func write(to writer: inout JSONWriter) { writer.string(rawValue) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .string(let text) = json, let value = parse(text) else {
            issues.append(FieldIssue(path, "must be one of \(words)"))
            return nil
        }
        return value
    }
}
