/// The engines that speak our SQL.
package enum Dialect: Sendable {
    case sqlite, postgres

    var parameterMark: String {
        switch self {
        case .sqlite: "?"
        case .postgres: "$"
        }
    }
}

/// Every difference between the engines' texts: a closed list, so that a new engine answers each of them.
package enum Fragment: Sendable {
    /// Ends a claiming SELECT: rows that another claimer holds are passed over. SQLite has one writer and needs none.
    case skipLocked
    /// Ends CREATE TABLE: the table is stored in the order of its primary key, where the engine can do that.
    case clusteredByPrimaryKey

    func text(_ dialect: Dialect) -> String {
        switch (self, dialect) {
        case (.skipLocked, .sqlite): ""
        case (.skipLocked, .postgres): "FOR UPDATE SKIP LOCKED"
        case (.clusteredByPrimaryKey, .sqlite): "WITHOUT ROWID"
        case (.clusteredByPrimaryKey, .postgres): ""
        }
    }
}
