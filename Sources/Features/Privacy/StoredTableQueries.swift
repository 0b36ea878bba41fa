import Core
import Relational

/// The SQL over any table.
enum StoredTableQueries {
    /// Every table of the schema, in the order of their names.
    static func tables(on connection: any RelationalConnection) throws -> [StoredTable] {
        let rows = try connection.query(
            """
            SELECT table_name, column_name, type, key_position FROM \(.schemaColumns) AS schema_column
            ORDER BY table_name, position
            """
        ) { (table: $0.text(0), column: StoredTable.Column(name: $0.text(1), kind: kind($0.text(2))), key: $0.int(3)) }
        var tables: [StoredTable] = []
        var start = rows.startIndex
        while start < rows.endIndex {
            let name = rows[start].table
            let end = rows[start...].firstIndex { $0.table != name } ?? rows.endIndex
            let own = rows[start..<end]
            let key = own.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map(\.column)
            // Without a key there is no order to read in; the schema has no such table.
            if !key.isEmpty { tables.append(StoredTable(name: name, columns: own.map(\.column), key: key)) }
            start = end
        }
        return tables
    }

    private static func kind(_ type: String) -> StoredTable.Column.Kind {
        switch type {
        case "BIGINT", "INTEGER": .integer
        case "DOUBLE PRECISION", "REAL": .real
        case "BOOLEAN": .bool
        default: .text
        }
    }

    /// A name from the schema itself, never from a caller.
    private static func name(_ text: String) -> Query { Query(stringLiteral: text) }

    private static func names(_ columns: [StoredTable.Column]) -> Query {
        Query(stringLiteral: columns.map(\.name).joined(separator: ", "))
    }

    /// The table's rows that belong to the organization.
    static func condition(_ table: StoredTable, of organization: OrganizationID) -> Query {
        let accounts: Query = "SELECT external_id FROM social_account WHERE organization_id = \(organization) AND is_sandbox"
        switch table.owner {
        case .column: return "organization_id = \(organization)"
        case .itself: return "id = \(organization)"
        case .members: return "id IN (SELECT user_id FROM member WHERE organization_id = \(organization))"
        case .bin: return "bin_id IN (SELECT id FROM bin WHERE organization_id = \(organization))"
        case .sandboxAccount: return "account IN (\(accounts))"
        case .sandboxState:
            return """
                (name IN (SELECT 'post:' || id FROM sandbox_post WHERE account IN (\(accounts))) OR EXISTS (
                    SELECT 1 FROM social_account WHERE organization_id = \(organization) AND is_sandbox
                      AND sandbox_state.value LIKE '%' || external_id || '%'))
                """
        case nil: return "FALSE"
        }
    }

    /// The rows that say something of one user, whose address is `email`.
    static func condition(_ table: StoredTable, of user: UserID, email: String?) -> Query {
        var choices: [Query] = table.userColumns.map { name($0.name) + " = \(user)" }
        if let email, table.columns.contains(where: { $0.name == "email" }) { choices.append("email = \(email)") }
        guard var any = choices.first else { return "FALSE" }
        for choice in choices.dropFirst() { any += " OR " + choice }
        return "(\(any))"
    }

    /// The next rows after `last`, a row's key.
    static func page(_ table: StoredTable, where condition: Query, after last: [Bind], limit: Int) -> Query {
        let key = names(table.key)
        var place: Query = "TRUE"
        if !last.isEmpty {
            var values: Query = "\(bind: last[0])"
            for value in last.dropFirst() { values += ", " + "\(bind: value)" }
            place = "(" + key + ") > (" + values + ")"
        }
        return """
            SELECT \(names(table.columns)) FROM \(name(table.name)) WHERE \(condition) AND \(place)
            ORDER BY \(key) LIMIT \(limit)
            """
    }

    static func deleteSome(_ table: StoredTable, where condition: Query, limit: Int) -> Query {
        let key = names(table.key)
        return """
            DELETE FROM \(name(table.name)) WHERE (\(key)) IN (
                SELECT \(key) FROM \(name(table.name)) WHERE \(condition) LIMIT \(limit))
            """
    }

    static func isAny(_ table: StoredTable, where condition: Query) -> Query {
        "SELECT 1 FROM \(name(table.name)) WHERE \(condition) LIMIT 1"
    }

    /// A row as one line of JSON, without what is withheld, and its key.
    static func line(_ table: StoredTable, _ row: any ResultRow) -> (bytes: [UInt8], key: [Bind]) {
        var writer = JSONWriter()
        var values: [String: Bind] = [:]
        writer.beginObject()
        for (index, column) in table.columns.enumerated() {
            let value = bind(row, index, column.kind)
            values[column.name] = value
            if column.isWithheld { continue }
            writer.key(column.publicName)
            write(value, of: column, in: table.name, to: &writer)
        }
        writer.endObject()
        return (writer.bytes + [0x0A], table.key.map { values[$0.name] ?? .null })
    }

    private static func bind(_ row: any ResultRow, _ index: Int, _ kind: StoredTable.Column.Kind) -> Bind {
        if row.isNull(index) { return .null }
        return switch kind {
        case .text: .text(row.rawText(index))
        case .integer: .int(row.rawInt(index))
        case .real: .real(row.rawReal(index))
        case .bool: .bool(row.rawBool(index))
        }
    }

    private static func write(_ value: Bind, of column: StoredTable.Column, in table: String, to writer: inout JSONWriter) {
        switch value {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .real(let value): writer.double(value)
        case .int(let value): if column.isInstant { writer.instant(Instant(milliseconds: value)) } else { writer.int(value) }
        case .text(let text):
            if column.isJSON(in: table), let json = try? JSONValue(parsing: text) {
                json.write(to: &writer)
            } else {
                writer.string(text)
            }
        }
    }
}
