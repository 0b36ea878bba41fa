/// A path with parameters, `/api/posts/{id}`.
struct RouteTemplate: Sendable {
    let text: String
    /// The path as the router gets it. Parameters are called after their place, `{s2}`, so that routes which share a
    /// prefix may name the same place differently; the trie holds such names to be a clash.
    let routerPath: String
    let parameters: [(name: String, key: Substring)]
    private let segments: [Substring?]

    init(_ text: String) {
        self.text = text
        var parameters: [(name: String, key: Substring)] = []
        var segments: [Substring?] = []
        var routerPath = ""
        for (place, segment) in text.split(separator: "/").enumerated() {
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                let key = "s\(place)"
                parameters.append((String(segment.dropFirst().dropLast()), key[...]))
                segments.append(nil)
                routerPath += "/{\(key)}"
            } else {
                segments.append(segment)
                routerPath += "/\(segment)"
            }
        }
        self.parameters = parameters
        self.segments = segments
        self.routerPath = routerPath.isEmpty ? "/" : routerPath
    }

    /// True when `path` is of this form, for the answers that the router does not give: 405 and its `Allow`.
    func matches(_ path: some StringProtocol) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count == segments.count
            && zip(parts, segments).allSatisfy { part, segment in segment.map { String($0) == String(part) } ?? true }
    }

    /// `events` goes before `{id}` in the same place: the order in which the router chooses among templates that match. Of
    /// two matching templates, equal ranks are the same path.
    var rank: [Int] { segments.map { $0 == nil ? 0 : 1 } }
}
