import Core

/// What a list is: its path and filters. Its cursors carry a mark of it, so that one of another list or of other filters is
/// recognised instead of beginning somewhere at random. No secret: who forges a cursor reads his own list from elsewhere.
struct ListIdentity {
    private let mark: String

    init(_ request: APIRequest) {
        let filters = request.query.filter { !Self.beside.contains($0.name) }.map { "\($0.name)=\($0.value)" }
        let text = ([request.path] + filters.sorted()).joined(separator: "\n")
        mark = String(Signature.sha256(Array(text.utf8)).prefix(8))
    }

    /// Parameters that change how a page looks, not which rows the list has.
    private static let beside: Set<String> = ["cursor", "limit", "fields", "expand"]

    func marked(_ cursor: String) -> String { cursor + "." + mark }

    /// The cursor without its mark; nil when it is one of another list.
    func unmarked(_ text: String) -> Substring? {
        guard text.hasSuffix("." + mark) else { return nil }
        return text.dropLast(mark.count + 1)
    }
}
