import Contract
import Core
import Features
import HTTPServer

/// The OpenAPI document as text: what `audenci openapi` prints and `/api/openapi.json` serves.
package enum APIDescription {
    /// Indented, keys in their order: a committed copy reads and diffs well.
    package static func text(serverURL: String = "http://127.0.0.1:8080") throws -> String {
        document(of: try World.describing().endpoints, serverURL: serverURL).json.indented()
    }

    /// The document in both of its forms.
    static func routes(_ document: OpenAPIDocument) -> [PlainRoute] {
        [
            .document("/api/openapi.json", contentType: "application/json", document.json.bytes),
            .document("/api/openapi.yaml", contentType: "application/yaml", Array(document.json.yaml().utf8)),
        ]
    }

    static func document(of endpoints: [Endpoint], serverURL: String) -> OpenAPIDocument {
        OpenAPIDocument(
            endpoints: endpoints, events: FeatureList.events, version: Version.text, serverURL: serverURL)
    }
}
