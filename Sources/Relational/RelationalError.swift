/// What can go wrong in a database, in one vocabulary for all engines.
package enum RelationalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A unique or primary key is taken; `constraint` names the columns or the index.
    case unique(constraint: String)
    case foreignKey
    case check(constraint: String)
    case notNull(column: String)
    /// Another process held the lock too long.
    case busy
    /// The disk is full or failing; nothing was written.
    case storage(String)
    case closed
    case unreadable(String)
    /// Everything else, with the engine's own words and never a bound value.
    case other(String)

    package var description: String {
        switch self {
        case .unique(let constraint): "already taken: \(constraint)"
        case .foreignKey: "a referenced row does not exist"
        case .check(let constraint): "check failed: \(constraint)"
        case .notNull(let column): "missing value: \(column)"
        case .busy: "the database is locked by another process"
        case .storage(let issue): "the storage failed: \(issue)"
        case .closed: "the database is closed"
        case .unreadable(let issue): "cannot read a row: \(issue)"
        case .other(let issue): "database error: \(issue)"
        }
    }
}
