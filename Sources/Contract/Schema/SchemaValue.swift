package import Core

/// A type that JSON Schema can describe. The one declaration feeds documentation and checking alike.
package protocol SchemaValue: Sendable {
    /// JSON Schema 2020-12; named objects answer with a `$ref`.
    static var schema: JSONValue { get }
    /// True when the value may be absent.
    static var isOptional: Bool { get }
    /// Adds every named object reachable from here to `components/schemas`.
    static func collect(into schemas: inout SchemaCollection)
}

extension SchemaValue {
    package static var isOptional: Bool { false }
    package static func collect(into schemas: inout SchemaCollection) {}
}

/// The named schemas of a document, in order of first mention.
package struct SchemaCollection: Sendable {
    package private(set) var members: [JSONValue.Member] = []
    private var names: Set<String> = []

    package init() {}

    /// True when `name` is new and the caller shall ``add(_:_:)`` it: recursion ends here.
    package mutating func begin(_ name: String) -> Bool { names.insert(name).inserted }
    package mutating func add(_ name: String, _ schema: JSONValue) { members.append(.init(name, schema)) }
}

/// A value that replies can hold.
package protocol WritableValue: SchemaValue {
    func write(to writer: inout JSONWriter)
}

/// A value that request bodies can hold.
package protocol ReadableValue: SchemaValue {
    /// The value, or nil after adding what is wrong to `issues`, each naming its field.
    static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self?
}

/// What is wrong with one field of a request.
package struct FieldIssue: Hashable, Sendable {
    /// `caption`, `headers.X-Token`, `events[2]`; a query parameter's name; empty for the whole body.
    package var field: String
    /// A sentence that says what is allowed.
    package var issue: String

    package init(_ field: String, _ issue: String) {
        self.field = field
        self.issue = issue
    }
}

extension JSONValue {
    /// A schema object with more keywords.
    package func adding(_ keywords: [JSONValue.Member]) -> JSONValue {
        guard case .object(var members) = self else { return self }
        for keyword in keywords {
            if let index = members.firstIndex(where: { $0.key == keyword.key }) {
                members[index] = keyword
            } else {
                members.append(keyword)
            }
        }
        return .object(members)
    }

    /// The schema of a value that may also be null.
    package var nullable: JSONValue {
        if case .string(let type)? = self["type"] {
            let words = self["enum"]?.array.map { [JSONValue.Member("enum", .array($0 + [.null]))] } ?? []
            return adding([.init("type", [.string(type), "null"])] + words)
        }
        return ["anyOf": [self, ["type": "null"]]]
    }
}
