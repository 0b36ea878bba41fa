import Core
import Foundation
import Testing

/// `audenci serve` on a free port and a folder of its own, which may be killed and started again.
actor TestedServer {
    nonisolated let folder: String
    private let flags: [String]
    private let environment: [String: String]
    private(set) var process: RunningProcess
    private(set) var port = 0

    init(_ flags: [String] = [], environment: [String: String] = [:]) async throws {
        folder = FileManager.default.temporaryDirectory.path + "/audenci-e2e-\(UUID().uuidString)"
        self.flags = flags
        self.environment = environment
        process = try Self.launch(folder, port: 0, flags, environment)
        port = try await process.number(after: "listens on http://127.0.0.1:")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func launch(
        _ folder: String, port: Int, _ flags: [String], _ environment: [String: String]
    ) throws -> RunningProcess {
        try RunningProcess(["serve", "--data", folder, "--port", "\(port)"] + flags, environment: environment)
    }

    /// `kill -9`, and the next start on the same folder and port.
    func killAndStart() async throws {
        try await process.stop(SIGKILL)
        try await start()
    }

    func start() async throws {
        process = try Self.launch(folder, port: port, flags, environment)
        _ = try await process.number(after: "listens on http://127.0.0.1:")
    }

    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) async throws -> Int32 { try await process.stop(signal) }

    /// Makes an organization with `audenci init`, beside the server.
    nonisolated func organization(_ name: String = "Acme", requestsPerHour: Int = 10_000_000) async throws -> TestedOrganization
    {
        let made = try await RunningProcess.run(
            "init", "--json", "--data", folder, "--organization", name, "--plan", "enterprise", "--brand", name, "--email",
            "owner-\(UUID().uuidString.lowercased())@acme.test", "--requests-per-hour", "\(requestsPerHour)")
        try #require(made.code == 0, "\(made.text)")
        let json = try JSONValue(parsing: Array(made.text.utf8))
        return TestedOrganization(server: self, json: json)
    }

    nonisolated func call(
        _ method: String, _ target: String, _ body: JSONValue? = nil, key: String? = nil, raw: [UInt8]? = nil
    ) async throws -> Answer {
        var headers: [(String, String)] = []
        if let key { headers.append(("Authorization", "Bearer \(key)")) }
        let bytes = raw ?? body?.bytes
        if bytes != nil { headers.append(("Content-Type", "application/json")) }
        return try await HTTPCall.send(port: await port, method, target, headers: headers, body: bytes)
    }
}

/// One organization and its admin key.
struct TestedOrganization: Sendable {
    let server: TestedServer
    let json: JSONValue

    var id: String { json["organizationId"]?.string ?? "" }
    var brand: String { json["brandId"]?.string ?? "" }
    var key: String { json["apiKey"]?.string ?? "" }

    func account(_ platform: String) -> String {
        json["socialAccounts"]?.array?.first { $0["platform"]?.string == platform }?["id"]?.string ?? ""
    }

    func call(_ method: String, _ target: String, _ body: JSONValue? = nil) async throws -> Answer {
        try await server.call(method, target, body, key: key)
    }

    /// Every element of a list, page by page.
    func all(_ path: String) async throws -> [JSONValue] {
        var found: [JSONValue] = []
        var target = path + (path.contains("?") ? "&" : "?") + "limit=100"
        while true {
            let answer = try await call("GET", target)
            try #require(answer.status == 200, "\(target): \(answer.text)")
            found += answer.json["data"]?.array ?? []
            let links = answer.header("Link")?.components(separatedBy: ", ") ?? []
            guard let next = links.first(where: { $0.hasSuffix("; rel=\"next\"") }), let end = next.firstIndex(of: ">") else {
                return found
            }
            target = String(next[..<end].dropFirst())
        }
    }
}

/// An instant that far from now, as the API writes it.
func fromNow(_ seconds: Double) -> String { "\(Ambient.live.now() + .milliseconds(Int64(seconds * 1000)))" }
