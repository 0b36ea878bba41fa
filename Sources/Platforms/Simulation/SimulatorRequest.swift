import Core
import Outbound

/// A request as simulators read it.
struct SimulatorRequest {
    let method: String
    /// Path segments, decoded.
    let path: [String]
    let query: [(name: String, value: String)]
    let body: [UInt8]
    private let outbound: OutboundRequest

    init(_ request: OutboundRequest, path: String, query: [(name: String, value: String)]) {
        method = request.method
        self.path = path.split(separator: "/").map { FormBody.percentDecode($0) }
        self.query = query
        body = request.body
        outbound = request
    }

    func header(_ name: String) -> String? {
        outbound.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The bearer token; nil when there is none.
    var token: String? {
        guard let value = header("Authorization"), let space = value.firstIndex(of: " "),
            ["bearer", "oauth"].contains(value[..<space].lowercased())
        else { return nil }
        let token = value[value.index(after: space)...].drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }

    func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The body's fields: form, multipart or JSON object, as the platforms take all three; and its files.
    var fields: (values: [(name: String, value: String)], files: [MultipartBody.Part]) {
        let type = header("Content-Type") ?? ""
        if type.lowercased().hasPrefix("multipart/") {
            let parts = MultipartBody.parts(of: body, contentType: type) ?? []
            return (
                parts.filter { $0.filename == nil }.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) },
                parts.filter { $0.filename != nil }
            )
        }
        if type.lowercased().hasPrefix("application/json") {
            let members = (try? JSONValue(parsing: body))?.object ?? []
            return (members.flatMap(Self.flattened), [])
        }
        return (FormBody.decode(String(decoding: body, as: UTF8.self)), [])
    }

    private static func flattened(_ member: JSONValue.Member) -> [(name: String, value: String)] {
        if let elements = member.value.array { return elements.map { (member.key + "[]", $0.string ?? $0.text) } }
        return [(member.key, member.value.string ?? member.value.text)]
    }

    /// The account that a token of the form `sandbox:<external id>` stands for.
    static func account(ofToken token: String) -> String? {
        guard token.hasPrefix("sandbox:") else { return nil }
        let id = token.dropFirst("sandbox:".count)
        return id.isEmpty ? nil : String(id)
    }
}

/// Path and query of a URL, whole or from its path on.
enum SplitURL {
    static func split(_ url: String) -> (path: String, query: [(name: String, value: String)]) {
        var rest = url[...]
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].drop { $0 != "/" && $0 != "?" && $0 != "#" }
        }
        rest = rest.prefix { $0 != "#" }
        let path = rest.prefix { $0 != "?" }
        return (path.isEmpty ? "/" : String(path), FormBody.decode(rest[path.endIndex...].dropFirst()))
    }
}
