/// Lists of words as they stand in a TEXT column: a JSON array.
package enum StringList {
    package static func encode(_ values: [String]) -> String { JSONValue.array(values.map { .string($0) }).text }

    /// What is not such a list reads as empty.
    package static func decode(_ text: String) -> [String] {
        guard let array = (try? JSONValue(parsing: text))?.array else { return [] }
        return array.compactMap(\.string)
    }
}
