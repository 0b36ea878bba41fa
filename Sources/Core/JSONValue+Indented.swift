extension JSONValue {
    /// Text over several lines, two spaces a level; keys in their order.
    package func indented() -> String {
        var text = ""
        write(indentedTo: &text, level: 0)
        return text
    }

    private func write(indentedTo text: inout String, level: Int) {
        let inner = String(repeating: "  ", count: level + 1)
        let outer = String(repeating: "  ", count: level)
        switch self {
        case .object(let members) where !members.isEmpty:
            text += "{\n"
            for (index, member) in members.enumerated() {
                text += inner + JSONValue.string(member.key).text + ": "
                member.value.write(indentedTo: &text, level: level + 1)
                text += index + 1 < members.count ? ",\n" : "\n"
            }
            text += outer + "}"
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                element.write(indentedTo: &text, level: level + 1)
                text += index + 1 < elements.count ? ",\n" : "\n"
            }
            text += outer + "]"
        default: text += self.text
        }
    }
}
