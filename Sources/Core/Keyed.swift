extension Sequence {
    /// Each element under its key; of several with one key, the first.
    package func keyed<Key: Hashable>(by key: (Element) throws -> Key) rethrows -> [Key: Element] {
        try Dictionary(map { (try key($0), $0) }) { first, _ in first }
    }
}
