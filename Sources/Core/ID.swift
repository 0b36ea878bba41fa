/// A typed identifier: a post's id cannot be passed where a webhook's is wanted.
///
/// Ids that we issue are cuids, `c` followed by 24 characters of `[a-z0-9]`, ordered by time of issue (see
/// ``Ambient/newID()``). Ids that callers send may be any text: one that names nothing is answered with 404, never 400.
package struct ID<Kind>: Hashable, Sendable, LosslessStringConvertible, Codable {
    /// The text as it appears on the wire and in the database.
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    package init(from decoder: any Decoder) throws { rawValue = try String(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}

extension ID: Comparable {
    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
