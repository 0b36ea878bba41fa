/// One page of a list.
public struct Page<Element: Sendable>: Sendable {
    public var data: [Element]
    public var pagination: Pagination
}

extension Page: Decodable where Element: Decodable {}
extension Page: Encodable where Element: Encodable {}

/// Where a list goes on.
public struct Pagination: Codable, Hashable, Sendable {
    /// The `cursor` of the next page; in the feed of events there always is one, to go on with later.
    public var nextCursor: String?
    /// The `cursor` of the page before.
    public var prevCursor: String?
    public var hasMore: Bool
}
