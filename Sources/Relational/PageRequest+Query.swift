package import Core

extension PageRequest {
    /// Limits a list to what is beyond the page's cursor.
    /// - Parameters:
    ///   - column: the list's key, unique in it.
    ///   - ascending: true for a list that runs upwards by its key; newest first otherwise.
    ///   - isNumber: true when the key is a number.
    package func condition(_ column: Query, ascending: Bool = false, isNumber: Bool = false) -> Query {
        guard let place = after ?? before else { return "TRUE" }
        let value: Query = isNumber ? "\(Int64(place.key) ?? 0)" : "\(place.key)"
        return (before == nil) == ascending ? column + " > " + value : column + " < " + value
    }

    /// `ORDER BY` and `LIMIT`, with one row more than the page has: to know whether there are more.
    package func tail(_ column: Query, ascending: Bool = false) -> Query {
        let order: Query = (before == nil) == ascending ? " ASC" : " DESC"
        return "ORDER BY " + column + order + " LIMIT \(limit + 1)"
    }
}
