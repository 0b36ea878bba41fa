/// Comma-separated values (RFC 4180).
package enum CSV {
    /// One line, without its end. A value that a spreadsheet would take for a formula gets an apostrophe before it.
    package static func line(_ values: [String]) -> String { values.map(field).joined(separator: ",") }

    private static func field(_ value: String) -> String {
        var text = value
        if let first = value.first, "=+-@\t\r".contains(first) { text = "'" + value }
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
