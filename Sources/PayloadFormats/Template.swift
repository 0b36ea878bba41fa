import Core
import Mustache
import Synchronization

/// A user's mustache template: `{{data.title}}`, sections, `{{json(data)}}`, `{{date(timestamp)}}`, `{{truncate(data.title)}}`.
///
/// What it can do is bounded before it runs: no partials, parents, blocks, pragmas or other delimiters; sections nest at most
/// three deep; and text times the longest list to the power of the nesting must stay below ``maximumWork``.
struct Template: Sendable {
    /// How values are escaped: as the body's type asks.
    enum Escaping: String, Sendable {
        case none = "TEXT"
        case json = "AUDENCI_JSON"
        case form = "AUDENCI_FORM"
    }

    private let compiled: MustacheTemplate
    private let depth: Int
    private let bytes: Int

    static let maximumDepth = 3
    static let maximumOutput = 65_536
    static let maximumWork = 8_388_608

    /// - Throws: ``FormatIssue`` saying what is wrong with it.
    init(_ text: String, escaping: Escaping) throws(FormatIssue) {
        self = try TemplateCache.shared.template(text, escaping)
    }

    fileprivate init(compiling text: String, _ escaping: Escaping) throws(FormatIssue) {
        guard text.utf8.count <= FormatOptions.maximumTemplateBytes else {
            throw FormatIssue(field: "template", description: "must have at most \(FormatOptions.maximumTemplateBytes) bytes")
        }
        depth = try Self.checkedDepth(of: text)
        bytes = text.utf8.count
        do {
            _ = Self.types
            compiled = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(escaping.rawValue)}}" + text)
        } catch {
            throw FormatIssue(field: "template", description: "cannot be read: \("\(error)".prefix(200))")
        }
    }

    /// How deep sections nest.
    private static func checkedDepth(of text: String) throws(FormatIssue) -> Int {
        var depth = 0
        var deepest = 0
        for part in text.split(separator: "{{", omittingEmptySubsequences: false).dropFirst() {
            let tag = part.drop { $0 == " " || $0 == "{" }
            switch tag.first {
            case "#", "^":
                depth += 1
                deepest = max(deepest, depth)
            case "/": depth -= 1
            case ">", "<", "$", "=", "%", "*":
                throw FormatIssue(
                    field: "template",
                    description:
                        "must not use {{\(tag.prefix(1)): allowed are values, {{#sections}}, {{^inverted}} and comments")
            default: break
            }
        }
        guard deepest <= maximumDepth else {
            throw FormatIssue(field: "template", description: "nests sections more than \(maximumDepth) deep")
        }
        return deepest
    }

    func render(_ envelope: Envelope) throws(FormatIssue) -> String {
        var json = envelope.members
        json.append(.init("id", .string(envelope.event.eventID)))
        json.append(.init("test", .bool(envelope.event.isTest)))
        json.append(.init("message", .string(Sentence(envelope).headline)))
        return try render(.object(json), size: envelope.event.body.count)
    }

    /// - Parameter size: about how many bytes `value` has.
    func render(_ value: JSONValue, size: Int) throws(FormatIssue) -> String {
        var work = bytes + size
        for _ in 0..<depth { work = work.multipliedReportingOverflow(by: max(value.longestList, 1)).partialValue }
        guard work >= 0, work <= Self.maximumWork else {
            throw FormatIssue(field: "template", description: "would take too long with this event; nest fewer sections")
        }
        let text = compiled.render(TemplateValue(value))
        guard text.utf8.count <= Self.maximumOutput else {
            throw FormatIssue(field: "template", description: "makes more than \(Self.maximumOutput) bytes of this event")
        }
        return text
    }

    /// The request that the format `template` makes.
    static func request(
        _ envelope: Envelope, _ options: FormatOptions, _ url: String
    ) throws(FormatIssue) -> OutgoingPayload {
        let method = options.method ?? "POST"
        let type = options.contentType ?? "application/json"
        let isForm = method == "GET" || type.lowercased().hasPrefix(FormEncoding.contentType)
        let escaping: Escaping = isForm ? .form : type.lowercased().contains("json") ? .json : .none
        let text = try Template(options.template ?? "", escaping: escaping).render(envelope)
        guard method == "GET" else {
            return OutgoingPayload(method: method, url: url, contentType: type, body: Array(text.utf8))
        }
        let query = text.split(whereSeparator: \.isNewline).joined()
        guard query.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw FormatIssue(field: "template", description: "must make a query without spaces or other special characters")
        }
        return OutgoingPayload(
            method: "GET", url: url + (url.contains("?") ? "&" : "?") + query, contentType: type, body: [])
    }

    private static let types: Void = {
        MustacheContentTypes.register(JSONEscaping(), named: Escaping.json.rawValue)
        MustacheContentTypes.register(FormEscaping(), named: Escaping.form.rawValue)
    }()
}

/// Compiled templates: compiling takes far longer than rendering. Bounded.
private final class TemplateCache: Sendable {
    static let shared = TemplateCache()
    private let entries = Mutex<[String: Template]>([:])
    private static let capacity = 256

    func template(_ text: String, _ escaping: Template.Escaping) throws(FormatIssue) -> Template {
        let key = escaping.rawValue + text
        if let known = entries.withLock({ $0[key] }) { return known }
        let new = try Template(compiling: text, escaping)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[key] = new
        }
        return new
    }
}

/// Values inside a JSON string.
private struct JSONEscaping: MustacheContentType {
    func escapeText(_ text: String) -> String { String(JSONValue.string(text).text.dropFirst().dropLast()) }
}

/// Values inside a form or a query.
private struct FormEscaping: MustacheContentType {
    func escapeText(_ text: String) -> String { text.percentEncoded }
}

/// JSON as templates see it.
private struct TemplateValue: MustacheParent, MustacheCustomRenderable, MustacheTransformable {
    let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    func child(named name: String) -> Any? { json[name].map(Self.shown) }

    var renderText: String { json.string ?? (json == .null ? "" : json.text) }
    var isNull: Bool { json == .null }

    func transform(_ name: String) -> Any? {
        switch name {
        case "json": json.text
        case "date": json.string.map { $0.prefix(16).split(separator: "T").joined(separator: " ") + " UTC" }
        case "truncate": renderText.cut(to: 100)
        case "uppercased": renderText.uppercased()
        case "lowercased": renderText.lowercased()
        default: nil
        }
    }

    private static func shown(_ json: JSONValue) -> Any {
        switch json {
        case .array(let elements): elements.map(shown)
        case .bool(let value): value
        case .null, .int, .double, .string, .object: TemplateValue(json)
        }
    }
}

extension JSONValue {
    /// The length of the longest array in here.
    fileprivate var longestList: Int {
        switch self {
        case .array(let elements): max(elements.count, elements.map(\.longestList).max() ?? 0)
        case .object(let members): members.map(\.value.longestList).max() ?? 0
        case .null, .bool, .int, .double, .string: 0
        }
    }
}
