import AudenciClient
import Foundation

/// The committed OpenAPI document, and objects made from its schemas.
struct APIDocument {
    struct Missing: Error { let name: String }

    private let schemas: JSONValue

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/openapi.json")
        let document = try AudenciJSON.decode(JSONValue.self, from: try Data(contentsOf: file))
        guard let schemas = document["components"]?["schemas"] else { throw Missing(name: "components") }
        self.schemas = schemas
    }

    private func schema(_ name: String) throws -> JSONValue {
        guard let schema = schemas[name] else { throw Missing(name: name) }
        return schema
    }

    /// The names of an object's properties.
    func properties(of name: String) throws -> Set<String> {
        Set(try schema(name)["properties"]?.object?.keys.map { $0 } ?? [])
    }

    /// An object with all that it may have: nothing is null, no list is empty.
    func whole(_ name: String) throws -> JSONValue { try value(of: schema(name)) }

    /// The same as text, with other values for some of its properties.
    func text(_ name: String, _ other: [String: JSONValue] = [:]) throws -> String {
        let members = try whole(name).object ?? [:]
        return String(decoding: try AudenciJSON.encode(JSONValue.object(members.merging(other) { $1 })), as: UTF8.self)
    }

    private func value(of schema: JSONValue) throws -> JSONValue {
        if let reference = schema["$ref"]?.string { return try whole(String(reference.split(separator: "/").last ?? "")) }
        if let choice = (schema["anyOf"] ?? schema["oneOf"])?.array?.first { return try value(of: choice) }
        if let known = schema["enum"]?.array?.first { return known }
        let type = schema["type"]?.string ?? schema["type"]?.array?.first?.string
        switch type {
        case "string": return schema["format"]?.string == "date-time" ? "2026-02-03T10:00:00Z" : "text"
        case "integer": return 7
        case "number": return 0.5
        case "boolean": return true
        case "array": return .array([try value(of: schema["items"] ?? [:])])
        case "object": return .object(try members(of: schema))
        default: return schema["format"]?.string == nil ? ["any": "thing"] : "2026-02-03"
        }
    }

    private func members(of schema: JSONValue) throws -> [String: JSONValue] {
        if let properties = schema["properties"]?.object { return try properties.mapValues { try value(of: $0) } }
        guard let values = schema["additionalProperties"], values.object != nil else { return [:] }
        return ["instagram": try value(of: values)]
    }
}
