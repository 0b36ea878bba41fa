/// One step of the schema's history. Append-only: what has shipped is never edited, which a checksum enforces.
package struct Migration: Sendable {
    /// Unique and ordered by position in the list, not by name: `posts-1`.
    package let name: String
    package let script: Query

    package init(_ name: String, _ script: Query) {
        self.name = name
        self.script = script
    }
}
