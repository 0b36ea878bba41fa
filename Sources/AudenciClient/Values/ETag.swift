/// The version of a resource that a change is meant for.
///
/// A change with `ifMatch:` is refused with 412 when somebody else changed the resource in between.
public struct ETag: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The header's value, with its quotes.
    public let value: String

    /// A tag from the `ETag` header of an answer (``APIReply/etag``).
    public init(_ value: String) { self.value = value }

    public init(stringLiteral value: String) { self.init(value) }

    /// The tag of a resource of that `version`.
    public init(version: Int) { self.init("\"\(version)\"") }

    public var description: String { value }
}

/// A resource that counts its changes.
public protocol Versioned {
    /// 1 when created, one more with each change.
    var version: Int { get }
}

extension Versioned {
    /// For `ifMatch:`: change only what has not been changed since this was read.
    public var etag: ETag { ETag(version: version) }
}
