import Contract
import Core

/// An operation's example as a command for a shell.
struct CurlExample {
    private let operation: DocumentedOperation
    private let serverURL: String

    init(_ operation: DocumentedOperation, serverURL: String) {
        self.operation = operation
        self.serverURL = serverURL
    }

    var text: String {
        var lines = ["curl \(method)\(Self.quoted(url))", "-H 'Authorization: Bearer YOUR_API_KEY'"]
        if operation.endpoint.isWrite { lines.append("-H 'Idempotency-Key: A_NEW_TEXT_FOR_EACH_REQUEST'") }
        return (lines + body).joined(separator: " \\\n  ")
    }

    private var method: String {
        // curl's own choices need no words.
        let isOwn = operation.endpoint.method == "GET" || operation.endpoint.method == "POST" && !body.isEmpty
        return isOwn ? "" : "-X \(operation.endpoint.method) "
    }

    private var url: String {
        var path = operation.endpoint.path
        for parameter in operation.parameters where parameter["in"]?.string == "path" {
            path = path.replacing("{\(parameter["name"]?.string ?? "")}", with: parameter["example"]?.string ?? "")
        }
        return serverURL + path
    }

    private var body: [String] {
        guard let content = operation.requestBody?["content"]?.object, let first = content.first else { return [] }
        switch first.key {
        case "application/json":
            return ["-H 'Content-Type: application/json'", "-d \(Self.quoted((first.value["example"] ?? .null).text))"]
        case "multipart/form-data": return ["-F file=@photo.jpg"]
        default: return ["-H \(Self.quoted("Content-Type: \(first.key)"))", "--data-binary @FILE"]
        }
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }
}
