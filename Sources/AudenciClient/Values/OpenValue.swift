/// A text of which today's values are known by name, and tomorrow's are not lost.
///
/// A server that is newer than this library may answer with a status or a platform that is not listed here. Such a value
/// decodes, compares and encodes like any other, so nothing stops working on the day it appears.
public protocol OpenValue: RawRepresentable, Codable, CodingKeyRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
where RawValue == String {
    /// The value of that text; every text has one.
    init(rawValue: String)
}

extension OpenValue {
    /// The value of that text.
    public init(_ text: String) { self.init(rawValue: text) }

    /// The value of that text.
    public init(stringLiteral text: String) { self.init(rawValue: text) }

    /// The text as the API spells it.
    public var description: String { rawValue }
}
