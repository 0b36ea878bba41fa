package import Core

/// A text with placeholders such as `{{data.title}}`, filled in with any JSON: what automations write with. It can do what a
/// webhook's template can, and is bounded in the same way.
package struct TextTemplate: Sendable {
    /// What the text becomes part of.
    package enum Purpose: Sendable {
        case text
        /// Values are escaped as they stand inside a JSON string.
        case json
    }

    private let text: String
    /// Nil: there is nothing to fill in.
    private let template: Template?

    /// - Throws: ``FormatIssue`` saying what is wrong with it.
    package init(_ text: String, for purpose: Purpose = .text) throws(FormatIssue) {
        self.text = text
        template = text.contains("{{") ? try Template(text, escaping: purpose == .json ? .json : .none) : nil
    }

    /// The text with what `facts` have at its placeholders; nothing where they have nothing.
    /// - Throws: ``FormatIssue`` when that would be too long, or take too long.
    package func render(_ facts: JSONValue) throws(FormatIssue) -> String {
        guard let template else { return text }
        return try template.render(facts, size: facts.bytes.count)
    }
}
