package import Core

/// Objects that are related to an object of one kind: read for all objects of an answer at once, whatever their number.
package struct Relation<Object: APIObject>: Sendable {
    package let name: String
    let summary: String
    let schema: JSONValue
    let collect: @Sendable (inout SchemaCollection) -> Void
    /// One rendered value for each object, in their order.
    let values: @Sendable ([Object], Caller) async throws -> [[UInt8]]

    /// - Parameter read: reads what is related to these objects, in a bounded number of queries, as far as the caller may see
    ///   it; answers with what belongs to each of them.
    package init<Value: WritableValue>(
        _ name: String, _ summary: String,
        read: @escaping @Sendable ([Object], Caller) async throws -> (@Sendable (Object) -> Value)
    ) {
        self.name = name
        self.summary = summary
        schema = describedSchema(Value.schema, summary)
        collect = { Value.collect(into: &$0) }
        values = { objects, caller in
            let related = try await read(objects, caller)
            return objects.map { object in
                var writer = JSONWriter()
                related(object).write(to: &writer)
                return writer.bytes
            }
        }
    }
}

/// `expand=brand,campaign`: the answer shows these relations of its objects too, each under its own name.
package struct Expansion<Object: APIObject>: RequestPart {
    private let relations: [Relation<Object>]

    package init(_ relations: [Relation<Object>]) { self.relations = relations }

    package var queryNames: [String] { ["expand"] }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> Expanded<Object>? {
        let names = request.query.filter { $0.name == "expand" }.flatMap { $0.value.split(separator: ",").map(String.init) }
        if let unknown = names.first(where: { name in !relations.contains { $0.name == name } }) {
            let known = relations.map(\.name).joined(separator: ", ")
            issues.append(FieldIssue("expand", "names \(unknown.prefix(80)), which is no relation; there are \(known)"))
            return nil
        }
        return Expanded(relations: relations.filter { names.contains($0.name) })
    }

    package func describe(into operation: inout OperationDescription) {
        for relation in relations { relation.collect(&operation.schemas) }
        let names = relations.map { JSONValue.string($0.name) }
        operation.parameters.append([
            "name": "expand", "in": "query", "required": false, "style": "form", "explode": false,
            "schema": ["type": "array", "items": ["type": "string", "enum": .array(names)]], "example": [names.first ?? .null],
            "description": "Relations that the answer shows too, each under its own name; several separated by commas.",
        ])
        operation.expanded = (Object.schema, .object(relations.map { .init($0.name, $0.schema) }))
    }
}

/// What one request wants expanded.
package struct Expanded<Object: APIObject>: Sendable {
    let relations: [Relation<Object>]

    package func ok(_ object: Object, for caller: Caller) async throws -> OK<Object> {
        OK(object, related: try await related(to: [object], for: caller).first ?? [])
    }

    package func paged(_ page: Page<Object>, for caller: Caller) async throws -> Paged<Object> {
        Paged(page, related: try await related(to: page.items, for: caller))
    }

    private func related(to objects: [Object], for caller: Caller) async throws -> [[RelatedValue]] {
        var all = objects.map { _ in [RelatedValue]() }
        for relation in relations {
            let values = try await relation.values(objects, caller)
            for (index, json) in zip(all.indices, values) { all[index].append(RelatedValue(name: relation.name, json: json)) }
        }
        return all
    }
}

/// A relation's rendered value.
struct RelatedValue: Sendable {
    var name: String
    var json: [UInt8]
}

extension APIObject {
    /// The selected properties, and the related objects; a relation stands in the place of a property of its name.
    func write(only names: Set<String>?, with related: [RelatedValue], to writer: inout JSONWriter) {
        guard !related.isEmpty else { return write(only: names, to: &writer) }
        writer.beginObject()
        for property in Self.properties {
            let isReplaced = related.contains { $0.name == property.name }
            if !isReplaced, names?.contains(property.name) ?? true { property.write(self, &writer) }
        }
        for value in related {
            writer.key(value.name)
            writer.raw(value.json)
        }
        writer.endObject()
    }
}

extension JSONValue {
    /// This schema with `part` replaced, wherever it stands.
    func replacing(_ part: JSONValue, with other: JSONValue) -> JSONValue {
        if self == part { return other }
        switch self {
        case .array(let elements): return .array(elements.map { $0.replacing(part, with: other) })
        case .object(let members): return .object(members.map { .init($0.key, $0.value.replacing(part, with: other)) })
        default: return self
        }
    }
}
