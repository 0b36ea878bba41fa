package import Core

/// One row of a result, read by column position, in the order of the SELECT list. Valid only inside the closure that
/// receives it.
package protocol ResultRow {
    func isNull(_ column: Int) -> Bool
    /// The engine's own value, unchecked: use the typed readers below.
    func rawText(_ column: Int) -> String
    func rawInt(_ column: Int) -> Int64
    func rawReal(_ column: Int) -> Double
    func rawBool(_ column: Int) -> Bool
}

extension ResultRow {
    package func text(_ column: Int) -> String { rawText(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : rawText(column) }
    package func int(_ column: Int) -> Int64 { rawInt(column) }
    package func optionalInt(_ column: Int) -> Int64? { isNull(column) ? nil : rawInt(column) }
    package func real(_ column: Int) -> Double { rawReal(column) }
    package func bool(_ column: Int) -> Bool { rawBool(column) }
    package func instant(_ column: Int) -> Instant { Instant(milliseconds: rawInt(column)) }
    package func optionalInstant(_ column: Int) -> Instant? { isNull(column) ? nil : instant(column) }
    package func id<Kind>(_ column: Int, _: ID<Kind>.Type = ID<Kind>.self) -> ID<Kind> { ID(rawText(column)) }
    package func optionalID<Kind>(_ column: Int, _: ID<Kind>.Type = ID<Kind>.self) -> ID<Kind>? {
        isNull(column) ? nil : ID(rawText(column))
    }
    /// An enum stored by its raw value.
    /// - Throws: ``RelationalError/unreadable(_:)`` for a value that this version does not know.
    package func value<Value: RawRepresentable<String>>(_ column: Int, _: Value.Type = Value.self) throws -> Value {
        let text = rawText(column)
        guard let value = Value(rawValue: text) else {
            throw RelationalError.unreadable("\"\(text)\" is no \(Value.self); the row was written by another version")
        }
        return value
    }
}
