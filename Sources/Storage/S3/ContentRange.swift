/// The header that says which bytes of an object a partial answer holds: `bytes 0-499/1234`.
struct ContentRange: Hashable, Sendable {
    let range: Range<Int>
    let size: Int

    /// Nil when it is missing, malformed, or leads out of the object.
    init?(_ text: String?) {
        guard let text, text.hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        let ends = parts.first?.split(separator: "-", omittingEmptySubsequences: false) ?? []
        guard parts.count == 2, ends.count == 2, let size = parts.last.flatMap({ Int($0) }),
            let low = ends.first.flatMap({ Int($0) }),
            let high = ends.last.flatMap({ Int($0) }), low >= 0, low <= high, high < size
        else { return nil }
        range = low..<(high + 1)
        self.size = size
    }
}
