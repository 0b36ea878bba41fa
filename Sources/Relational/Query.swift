package import Core

/// SQL text with its values, written once for every engine.
///
/// ```swift
/// let query: Query = "SELECT caption FROM post WHERE organization_id = \(organization) AND id = \(id)"
/// ```
/// Interpolated values become bound parameters, numbered in order of appearance; SQL text never holds a value.
/// What engines spell differently is a ``Fragment``; the rest of the dialect that both know is tabled in
/// docs/architecture.md.
package struct Query: Sendable, ExpressibleByStringInterpolation {
    package enum Piece: Sendable {
        case sql(String)
        case bind(Bind)
        case fragment(Fragment)
    }

    package private(set) var pieces: [Piece]

    package init(stringLiteral text: String) { pieces = [.sql(text)] }
    package init(stringInterpolation interpolation: Interpolation) { pieces = interpolation.pieces }

    package static func + (a: Query, b: Query) -> Query {
        var sum = a
        sum.pieces += b.pieces
        return sum
    }
    package static func += (a: inout Query, b: Query) { a.pieces += b.pieces }

    /// `conditions` joined with AND; `TRUE` when there are none.
    package static func all(_ conditions: [Query]) -> Query {
        guard var result = conditions.first else { return "TRUE" }
        for condition in conditions.dropFirst() { result += " AND " + condition }
        return result
    }

    /// The engine's text, parameters as `?1, ?2` (SQLite) or `$1, $2` (PostgreSQL), and the values in that order.
    package func render(_ dialect: Dialect) -> (sql: String, binds: [Bind]) {
        var sql = ""
        sql.reserveCapacity(256)
        var binds: [Bind] = []
        for piece in pieces {
            switch piece {
            case .sql(let text): sql += text
            case .bind(let value):
                binds.append(value)
                sql += dialect.parameterMark
                sql += String(binds.count)
            case .fragment(let fragment): sql += fragment.text(dialect)
            }
        }
        return (sql, binds)
    }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }
        package mutating func appendLiteral(_ literal: String) { if !literal.isEmpty { pieces.append(.sql(literal)) } }

        package mutating func appendInterpolation(_ value: String?) { pieces.append(.bind(value.map(Bind.text) ?? .null)) }
        package mutating func appendInterpolation(_ value: Int64?) { pieces.append(.bind(value.map(Bind.int) ?? .null)) }
        package mutating func appendInterpolation(_ value: Int) { pieces.append(.bind(.int(Int64(value)))) }
        package mutating func appendInterpolation(_ value: Double?) { pieces.append(.bind(value.map(Bind.real) ?? .null)) }
        package mutating func appendInterpolation(_ value: Bool) { pieces.append(.bind(.bool(value))) }
        package mutating func appendInterpolation(_ value: Instant?) {
            pieces.append(.bind(value.map { Bind.int($0.milliseconds) } ?? .null))
        }
        package mutating func appendInterpolation<Kind>(_ value: ID<Kind>?) {
            pieces.append(.bind(value.map { Bind.text($0.rawValue) } ?? .null))
        }
        package mutating func appendInterpolation<Value: RawRepresentable<String>>(_ value: Value?) {
            pieces.append(.bind(value.map { Bind.text($0.rawValue) } ?? .null))
        }
        /// Several values, comma separated, for `IN (...)`. An empty list matches nothing: it becomes `NULL`.
        package mutating func appendInterpolation(list values: some Collection<String>) {
            if values.isEmpty { pieces.append(.sql("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { pieces.append(.sql(", ")) }
                pieces.append(.bind(.text(value)))
            }
        }
        package mutating func appendInterpolation<Kind>(list values: some Collection<ID<Kind>>) {
            appendInterpolation(list: values.map(\.rawValue))
        }
        /// A value that was read before, of whatever type it was.
        package mutating func appendInterpolation(bind value: Bind) { pieces.append(.bind(value)) }
        package mutating func appendInterpolation(_ fragment: Fragment) { pieces.append(.fragment(fragment)) }
        /// A query inside a query: its values keep their places.
        package mutating func appendInterpolation(_ query: Query) { pieces += query.pieces }
    }
}

/// One bound value.
package enum Bind: Sendable, Hashable {
    case null
    case int(Int64)
    case real(Double)
    case text(String)
    case bool(Bool)
}
