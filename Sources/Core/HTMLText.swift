extension StringProtocol {
    /// The text as HTML shows it, in content and in quoted attributes: `&`, `<`, `>` and both quotes escaped.
    package var htmlEscaped: String {
        var result = ""
        for character in self {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
