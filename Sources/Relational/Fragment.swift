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
    /// A table of the schema itself: `table_name`, `column_name`, `type` in upper case, `position`, and `key_position`, from 1,
    /// 0 for what is not in the primary key.
    case schemaColumns

    func text(_ dialect: Dialect) -> String {
        switch (self, dialect) {
        case (.skipLocked, .sqlite): ""
        case (.skipLocked, .postgres): "FOR UPDATE SKIP LOCKED"
        case (.clusteredByPrimaryKey, .sqlite): "WITHOUT ROWID"
        case (.clusteredByPrimaryKey, .postgres): ""
        case (.schemaColumns, .sqlite):
            """
            (SELECT m.name AS table_name, p.name AS column_name, upper(p.type) AS type, p.cid AS position, p.pk AS key_position
             FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\')
            """
        case (.schemaColumns, .postgres):
            """
            (SELECT CAST(c.relname AS TEXT) AS table_name, CAST(a.attname AS TEXT) AS column_name,
                upper(format_type(a.atttypid, a.atttypmod)) AS type, a.attnum AS position,
                coalesce(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS key_position
             FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
             WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema())
            """
        }
    }
}
