/// Text that must not be seen: printing, interpolating or dumping it shows bullets.
/// ``reveal()`` is the one door, so that every place where a secret leaves can be found by its name.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) { self.text = text }

    /// The secret itself. Never into a log, a list response or an error text.
    package func reveal() -> String { text }

    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
