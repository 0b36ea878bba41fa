package import Core

/// JSON that was rendered before and is passed on as it is, with the schema that it follows.
package struct RawJSON<Shape: SchemaValue>: WritableValue {
    package var text: String

    package init(_ text: String) { self.text = text }

    /// Renders `value` now, to be passed on later.
    package init(rendering value: Shape) where Shape: WritableValue {
        var writer = JSONWriter()
        value.write(to: &writer)
        text = String(decoding: writer.bytes, as: UTF8.self)
    }

    package static var schema: JSONValue { Shape.schema }
    package static func collect(into schemas: inout SchemaCollection) { Shape.collect(into: &schemas) }
    package func write(to writer: inout JSONWriter) { writer.raw(text.utf8) }
}
