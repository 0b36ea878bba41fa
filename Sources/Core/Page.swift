/// One page of a list, and where the next begins.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// Opaque; nil on the last page.
    package var nextCursor: String?

    package init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }

    package func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), nextCursor: nextCursor)
    }
}

/// What a list is asked for.
package struct PageRequest: Sendable {
    /// 1 to 100.
    package var limit: Int
    package var after: Cursor?

    package init(limit: Int = 20, after: Cursor? = nil) {
        self.limit = limit
        self.after = after
    }

    /// Cuts `rows`, read with `limit + 1`, into a page; `key` gives a row's place in the list.
    package func page<Item>(_ rows: [Item], key: (Item) -> Cursor) -> Page<Item> {
        guard rows.count > limit else { return Page(items: rows, nextCursor: nil) }
        let items = Array(rows.prefix(limit))
        return Page(items: items, nextCursor: items.last.map { key($0).text })
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
