import GRDBSQLite
import Relational

extension RelationalError {
    /// The error of a statement that is prepared, or of a script: its text may be quoted, for it holds no value.
    init(preparing database: OpaquePointer?, _ code: Int32) {
        self.init(code: code, message: Self.message(of: database)) { $0 }
    }

    /// The error of a statement that runs. SQLite's words may then quote a value ("JSON path error near ..."), so beyond
    /// constraints, whose words name columns only, the error holds the meaning of the code and the text with its marks.
    init(running database: OpaquePointer?, _ code: Int32, sql: String) {
        self.init(code: code, message: Self.message(of: database)) { _ in "\(Self.meaning(of: code)) in: \(sql.prefix(300))" }
    }

    /// - Parameter other: makes the text for what has no case of its own, from the engine's message.
    init(code: Int32, message: String, other: (String) -> String) {
        // "UNIQUE constraint failed: post.organization_id, post.slug" or "... failed: index 'post_by_slug'".
        let subject = message.firstRange(of: "failed: ").map { String(message[$0.upperBound...]) } ?? message
        switch code {
        case Constraint.unique, Constraint.primaryKey, Constraint.rowID:
            let isIndex = subject.hasPrefix("index '") && subject.hasSuffix("'")
            self = .unique(constraint: isIndex ? String(subject.dropFirst(7).dropLast()) : subject)
        case Constraint.foreignKey: self = .foreignKey
        case Constraint.check: self = .check(constraint: subject)
        case Constraint.notNull: self = .notNull(column: subject)
        default:
            // The low byte is the kind, the rest the detail.
            switch code & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
            case SQLITE_FULL, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN:
                self = .storage("\(Self.meaning(of: code)) (\(code))")
            case SQLITE_CONSTRAINT: self = .other(message)
            default: self = .other(other(message))
            }
        }
    }

    private static func meaning(of code: Int32) -> String { String(cString: sqlite3_errstr(code)) }

    private static func message(of database: OpaquePointer?) -> String { String(cString: sqlite3_errmsg(database)) }
}

/// The extended codes, which the header builds with shifts that Swift does not import.
private enum Constraint {
    static let check = SQLITE_CONSTRAINT | 1 << 8
    static let foreignKey = SQLITE_CONSTRAINT | 3 << 8
    static let notNull = SQLITE_CONSTRAINT | 5 << 8
    static let primaryKey = SQLITE_CONSTRAINT | 6 << 8
    static let unique = SQLITE_CONSTRAINT | 8 << 8
    static let rowID = SQLITE_CONSTRAINT | 10 << 8
}
