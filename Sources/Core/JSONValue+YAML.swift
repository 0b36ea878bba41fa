extension JSONValue {
    /// The same as YAML 1.2 in block style. Strings are quoted as in JSON, which YAML reads alike: no word of theirs can turn
    /// into a number or a date.
    package func yaml() -> String {
        var text = ""
        write(yamlTo: &text, level: 0)
        return text + "\n"
    }

    private func write(yamlTo text: inout String, level: Int) {
        let indent = "\n" + String(repeating: "  ", count: level)
        switch self {
        case .object(let members) where !members.isEmpty:
            for (index, member) in members.enumerated() {
                if index > 0 || level > 0 { text += indent }
                text += JSONValue.string(member.key).text + ":"
                member.value.writeBeside(to: &text, level: level)
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                if index > 0 || level > 0 { text += indent }
                text += "-"
                element.writeBeside(to: &text, level: level)
            }
        default: text += self.text
        }
    }

    /// A value behind its key or dash: in the same line when it is one word.
    private func writeBeside(to text: inout String, level: Int) {
        let isBlock = !(object ?? []).isEmpty || !(array ?? []).isEmpty
        if !isBlock { text += " " }
        write(yamlTo: &text, level: level + 1)
    }
}
