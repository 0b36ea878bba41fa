/// One page of a list, and where the next begins.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// Opaque; nil on the last page.
    package var nextCursor: String?
    /// Opaque; nil on the first page.
    package var previousCursor: String?

    package init(items: [Item], nextCursor: String?, previousCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
        self.previousCursor = previousCursor
    }

    package func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), nextCursor: nextCursor, previousCursor: previousCursor)
    }
}

/// What a list is asked for.
package struct PageRequest: Sendable {
    /// 1 to 100.
    package var limit: Int
    package var after: Cursor?
    /// The page that ends just before this place: rows are read backwards from it then.
    package var before: Cursor?

    package init(limit: Int = 20, after: Cursor? = nil, before: Cursor? = nil) {
        self.limit = limit
        self.after = after
        self.before = before
    }

    /// Cuts `rows`, read with `limit + 1` (backwards for ``before``), into a page; `key` gives a row's place in the list.
    package func page<Item>(_ rows: [Item], key: (Item) -> Cursor) -> Page<Item> {
        let hasMore = rows.count > limit
        var items = Array(rows.prefix(limit))
        if before != nil {
            items.reverse()
            return Page(
                items: items, nextCursor: items.last.map { key($0).text },
                previousCursor: hasMore ? items.first.map { key($0).backwardText } : nil)
        }
        return Page(
            items: items, nextCursor: hasMore ? items.last.map { key($0).text } : nil,
            previousCursor: after == nil ? nil : items.first.map { key($0).backwardText })
    }

    /// Cuts a whole list that is in memory, in the list's own order.
    package func page<Item>(of all: [Item], key: (Item) -> Cursor) -> Page<Item> {
        if let before {
            let index = all.firstIndex { key($0) == before } ?? 0
            return page(Array(all[..<index].reversed().prefix(limit + 1)), key: key)
        }
        let start = after.flatMap { place in all.firstIndex { key($0) == place } }.map { $0 + 1 } ?? 0
        return page(Array(all[start...].prefix(limit + 1)), key: key)
    }
}

/// A place in a list: the key of the last row seen, not an offset, so that inserts neither repeat nor skip a row.
/// Lists run by id, newest first; ids are ordered by time (``Ambient/newID(_:)``).
package struct Cursor: Hashable, Sendable {
    package var key: String

    package init(key: String) { self.key = key }
    package init<Kind>(_ id: ID<Kind>) { key = id.rawValue }

    /// Hexadecimal of the key: opaque to callers, safe in a URL.
    package var text: String { key.utf8.hexadecimal }
    /// The same place, for the page before it.
    package var backwardText: String { "-" + text }

    /// Nil for what is no cursor of ours.
    package init?(text: String) {
        guard !text.isEmpty, text.utf8.count <= 512, text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard let key = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { return nil }
        self.init(key: key)
    }
}
