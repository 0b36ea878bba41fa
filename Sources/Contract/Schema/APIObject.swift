package import Core

/// An object that replies and events show: what is declared is what is written, in that order.
package protocol APIObject: WritableValue {
    /// The schema's name in the document: `Post`.
    static var name: String { get }
    static var summary: String { get }
    static var properties: [Property<Self>] { get }
    /// Shown in the documentation and checked against the schema by a test.
    static var example: Self { get }
    /// What `ETag` and `If-Match` compare; nil for what is never changed, or not by version.
    var entityVersion: Int64? { get }
    /// True when some property changes without a new version: the `ETag` then also holds a digest.
    static var isVolatile: Bool { get }
}

extension APIObject {
    package static var summary: String { "" }
    package var entityVersion: Int64? { nil }
    package static var isVolatile: Bool { false }
    package static var schema: JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    package static var objectSchema: JSONValue {
        let required = properties.filter { !$0.isOmittedWhenNil }.map { JSONValue.string($0.name) }
        var schema: [JSONValue.Member] = [.init("type", "object")]
        if !summary.isEmpty { schema.append(.init("description", .string(summary))) }
        schema.append(.init("properties", .object(properties.map { .init($0.name, $0.schema) })))
        schema.append(.init("required", .array(required)))
        return .object(schema)
    }

    package static func collect(into schemas: inout SchemaCollection) {
        guard schemas.begin(name) else { return }
        for property in properties { property.collect(&schemas) }
        schemas.add(name, objectSchema)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for property in Self.properties { property.write(self, &writer) }
        writer.endObject()
    }

    /// Writes only the properties named, in their declared order.
    package func write(only names: Set<String>?, to writer: inout JSONWriter) {
        guard let names else { return write(to: &writer) }
        writer.beginObject()
        for property in Self.properties where names.contains(property.name) { property.write(self, &writer) }
        writer.endObject()
    }

    /// The text of the property `id`; nil when there is none.
    package var objectID: String? {
        guard let property = Self.properties.first(where: { $0.name == "id" }) else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        property.write(self, &writer)
        writer.endObject()
        return (try? JSONValue(parsing: writer.bytes))?["id"]?.string
    }

    /// Minified JSON of this object.
    package var jsonBytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}

/// One property of an ``APIObject``. Declared with a closure: twice as fast as a key path (docs/decisions/0002-json-writer.md).
package struct Property<Root>: Sendable {
    package let name: String
    package let schema: JSONValue
    package let isOmittedWhenNil: Bool
    package let write: @Sendable (Root, inout JSONWriter) -> Void
    package let collect: @Sendable (inout SchemaCollection) -> Void

    /// A property that is always written; a missing value as `null`.
    package init<Value: WritableValue>(
        _ name: String, _ summary: String, _ value: @escaping @Sendable (Root) -> Value
    ) {
        self.name = name
        isOmittedWhenNil = false
        schema = describedSchema(Value.schema, summary)
        write = { root, writer in
            writer.key(name)
            value(root).write(to: &writer)
        }
        collect = { Value.collect(into: &$0) }
    }

    /// A property that is left out when it has no value.
    package init<Value: WritableValue>(
        omittable name: String, _ summary: String, _ value: @escaping @Sendable (Root) -> Value?
    ) {
        self.name = name
        isOmittedWhenNil = true
        schema = describedSchema(Value.schema, summary)
        write = { root, writer in
            guard let value = value(root) else { return }
            writer.key(name)
            value.write(to: &writer)
        }
        collect = { Value.collect(into: &$0) }
    }
}

/// A schema with its description; a `$ref` keeps its siblings, which 2020-12 allows.
func describedSchema(_ schema: JSONValue, _ summary: String) -> JSONValue {
    schema.adding([.init("description", .string(summary))])
}

extension Property {
    private init(
        name: String, schema: JSONValue, isOmittedWhenNil: Bool, write: @escaping @Sendable (Root, inout JSONWriter) -> Void,
        collect: @escaping @Sendable (inout SchemaCollection) -> Void
    ) {
        self.name = name
        self.schema = schema
        self.isOmittedWhenNil = isOmittedWhenNil
        self.write = write
        self.collect = collect
    }

    /// The same property on an object that holds this one: for objects that show another with more beside it.
    package func lifted<Outer>(_ inner: @escaping @Sendable (Outer) -> Root) -> Property<Outer> {
        Property<Outer>(
            name: name, schema: schema, isOmittedWhenNil: isOmittedWhenNil, write: { write(inner($0), &$1) }, collect: collect)
    }
}
