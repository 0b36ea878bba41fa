import GRDBSQLite
import Relational

/// A prepared statement, finalized with its last reference.
final class SQLiteStatement {
    let handle: OpaquePointer
    /// True between ``bind(_:)`` and ``reset()``: a query inside the decoding of the same query needs another statement.
    private(set) var isInUse = false
    private let parameterCount: Int

    /// - Throws: ``RelationalError``, in the engine's words: text that is being prepared holds no value.
    init(_ sql: String, on database: OpaquePointer, kept: Bool) throws {
        var text = sql
        let handle = try text.withUTF8 { try Self.prepare($0, on: database, kept: kept) }
        self.handle = handle
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ values: [Bind]) throws {
        guard values.count == parameterCount else {
            throw RelationalError.other("\(parameterCount) parameters but \(values.count) values")
        }
        isInUse = true
        for (index, value) in values.enumerated() {
            let position = Int32(index + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(handle, position)
                case .int(let number): sqlite3_bind_int64(handle, position, number)
                case .real(let number): sqlite3_bind_double(handle, position, number)
                case .bool(let flag): sqlite3_bind_int(handle, position, flag ? 1 : 0)
                case .text(let text): bind(text, at: position)
                }
            guard code == SQLITE_OK else { throw RelationalError(running: sqlite3_db_handle(handle), code, sql: sql) }
        }
    }

    private func bind(_ text: String, at position: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                // SQLite takes a nil address for NULL, and an empty buffer may have none.
                guard let start = characters.baseAddress else {
                    return sqlite3_bind_text64(handle, position, "", 0, copied, UInt8(SQLITE_UTF8))
                }
                return sqlite3_bind_text64(handle, position, start, UInt64(characters.count), copied, UInt8(SQLITE_UTF8))
            }
        }
    }

    /// Runs to the next row. False at the end.
    func step() throws -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw RelationalError(running: sqlite3_db_handle(handle), code, sql: sql)
    }

    /// Ready for other values; the old ones are forgotten.
    func reset() {
        sqlite3_reset(handle)
        if parameterCount > 0 { sqlite3_clear_bindings(handle) }
        isInUse = false
    }

    private static func prepare(
        _ text: UnsafeBufferPointer<UInt8>, on database: OpaquePointer, kept: Bool
    ) throws -> OpaquePointer {
        try text.withMemoryRebound(to: CChar.self) { text in
            var handle: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            let flags = kept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
            let code = sqlite3_prepare_v3(database, text.baseAddress, Int32(clamping: text.count), flags, &handle, &tail)
            guard code == SQLITE_OK else { throw RelationalError(preparing: database, code) }
            var isAlone = true
            if let start = text.baseAddress, let tail {
                // Blanks, line ends and semicolons may follow; anything else would silently never run.
                isAlone = text.dropFirst(tail - start).allSatisfy { [0x20, 0x09, 0x0A, 0x0D, 0x3B].contains($0) }
            }
            guard let handle, isAlone else {
                sqlite3_finalize(handle)
                throw RelationalError.other("expected exactly one statement; a script goes through executeScript")
            }
            return handle
        }
    }

    private var sql: String { sqlite3_sql(handle).map { String(cString: $0) } ?? "" }
}

/// The current row of a statement.
struct SQLiteRow: ResultRow {
    let handle: OpaquePointer

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(truncatingIfNeeded: column)) == SQLITE_NULL }
    func rawInt(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(truncatingIfNeeded: column)) }
    func rawReal(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(truncatingIfNeeded: column)) }
    func rawBool(_ column: Int) -> Bool { rawInt(column) != 0 }

    /// Empty for NULL. By length, so that the text may hold any character; bytes that are no UTF-8 are replaced.
    func rawText(_ column: Int) -> String {
        let position = Int32(truncatingIfNeeded: column)
        guard let bytes = sqlite3_column_text(handle, position) else { return "" }
        return String(
            decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, position))), as: UTF8.self)
    }
}

/// SQLITE_TRANSIENT, a macro that Swift does not import: SQLite copies the bytes before the call returns.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
