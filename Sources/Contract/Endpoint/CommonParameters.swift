package import Core

/// Parameters that all endpoints of a kind have, described once.
package enum CommonParameters {
    /// `components/parameters` of the document.
    package static let components: JSONValue = [
        "dryRun": [
            "name": "dryRun", "in": "query", "required": false, "schema": ["type": "boolean"],
            "description": "true: everything is checked and answered as usual, and nothing is kept.",
        ],
        "idempotencyKey": [
            "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": ["type": "string", "minLength": 1, "maxLength": 200],
            "description":
                "Any text of your own, new for each request and the same on each repeat. For 24 hours a repeat gets the first answer, with `Idempotency-Replayed: true`, and has no further effect.",
        ],
        "version": [
            "name": .string(APIHistory.header), "in": "header", "required": false,
            "schema": ["type": "string", "enum": .array(APIHistory.current.versions.map { .string($0.date) })],
            "description": "The version of the API that is meant; the one that the key is pinned to, when absent.",
        ],
        "ifNoneMatch": [
            "name": "If-None-Match", "in": "header", "required": false, "schema": ["type": "string"],
            "description": "An `ETag` that was answered before: 304 without a body when the resource is still the same.",
        ],
        "ifMatch": [
            "name": "If-Match", "in": "header", "required": false, "schema": ["type": "string"],
            "description": "An `ETag` that was answered before: 412 when the resource has been changed since.",
        ],
    ]

    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/parameters/\(name)")] }

    /// Adds those that an endpoint of this kind has; one that declares a parameter of its own keeps that.
    static func add(
        to operation: inout OperationDescription, isWrite: Bool, isOfOne: Bool, isRehearsable: Bool, hasTag: Bool
    ) {
        var names: [String] = []
        if isRehearsable { names.append("dryRun") }
        if isWrite { names.append("idempotencyKey") }
        if isWrite, isOfOne { names.append("ifMatch") }
        if !isWrite, hasTag { names.append("ifNoneMatch") }
        names.append("version")
        let own = operation.parameters.compactMap { $0["name"]?.string }
        for name in names where !own.contains(components[name]?["name"]?.string ?? "") {
            operation.parameters.append(reference(name))
        }
    }

    /// The parameter itself, when it is a reference to one of ``components``.
    static func resolved(_ parameter: JSONValue) -> JSONValue {
        guard let name = parameter["$ref"]?.string?.split(separator: "/").last else { return parameter }
        return components[String(name)] ?? parameter
    }

    /// The parameter `fields` of an endpoint.
    static func fields(_ selection: FieldSelection, collecting schemas: inout SchemaCollection) -> JSONValue {
        let name = "\(selection.object)Field"
        if schemas.begin(name) {
            schemas.add(name, ["type": "string", "enum": .array(selection.fields.map { .string($0) })])
        }
        return [
            "name": "fields", "in": "query", "required": false, "style": "form", "explode": false,
            "schema": ["type": "array", "minItems": 1, "items": ["$ref": .string("#/components/schemas/\(name)")]],
            "description": "Names of properties, separated by commas: the answer holds only these.",
        ]
    }

    /// Adds what is wrong with `fields` and `dryRun`.
    static func check(_ query: [(name: String, value: String)], selectable: [String]?, issues: inout [FieldIssue]) {
        for (name, value) in query {
            if name == "dryRun", Bool(value) == nil { issues.append(FieldIssue("dryRun", "must be true or false")) }
            guard name == "fields", let selectable else { continue }
            let names = value.split(separator: ",").map(String.init)
            if let unknown = names.first(where: { !selectable.contains($0) }) {
                let known = selectable.joined(separator: ", ")
                issues.append(FieldIssue("fields", "names \(unknown.prefix(80)), which is no property; there are \(known)"))
            }
            if names.isEmpty { issues.append(FieldIssue("fields", "must name at least one property")) }
        }
    }
}

/// What `fields=` may name.
package struct FieldSelection: Sendable {
    /// The object's name in the document.
    package let object: String
    package let fields: [String]

    package init<Object: APIObject>(_: Object.Type) {
        object = Object.name
        fields = Object.properties.map(\.name)
    }
}
