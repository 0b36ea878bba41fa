/// Why a schema's history and the program do not fit together. Nothing has been changed by the step that is named.
package enum MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Two entries of the list share a name.
    case duplicate(String)
    /// The script was changed after it had been applied.
    case edited(String)
    /// Applied, but at another place than the list has it.
    case reordered(String, expected: String)
    /// In the list before one that is applied, yet not applied itself.
    case skipped(String, before: String)
    /// Applied between known ones, but no longer in the list.
    case missing(String)
    /// Applied after all known ones: a newer version of the program has been here.
    case newer([String])
    /// The engine refused the script.
    case failed(String, RelationalError)

    package var description: String {
        switch self {
        case .duplicate(let name):
            "migration \(name) is in the list twice"
        case .edited(let name):
            "migration \(name) was edited after it had been applied; restore its text and add a new migration instead"
        case .reordered(let name, let expected):
            "migration \(name) is applied where the list has \(expected); the order of applied migrations must not change"
        case .skipped(let name, let before):
            "migration \(name) is not applied but \(before), after it in the list, is; new migrations go to the end"
        case .missing(let name):
            "migration \(name) is applied but no longer in the list; put it back"
        case .newer(let names):
            "the database was written by a newer version, which applied \(names.joined(separator: ", ")); run that version"
        case .failed(let name, let error):
            "migration \(name) failed and was rolled back: \(error)"
        }
    }
}
