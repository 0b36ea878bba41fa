package import Core

extension CalendarDay: WritableValue, ReadableValue {
    package static var schema: JSONValue { ["type": "string", "format": "date"] }
    package func write(to writer: inout JSONWriter) { writer.string(description) }
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard case .string(let text) = json, let value = CalendarDay(text) else {
            issues.append(FieldIssue(path, "must be a day such as 2026-03-08"))
            return nil
        }
        return value
    }
}
