import Contract
import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Metering
import Relational
import SQLiteEngine
import TestSupport

@testable import HTTPServer

/// A running server with a few endpoints of its own, on a real socket and a real SQLite file.
struct TestServer: Sendable {
    static let reader = "sk_prod_readerreaderreader"
    static let writer = "sk_prod_writerwriterwriter"
    static let secretInError = "sk_prod_thisMustNeverBeLogged"

    let port: Int
    let clock: FixedClock
    let logs: LogCapture
    let metrics: HTTPMetrics

    static func run(
        requestsPerHour: Int = 10_000, limits: HTTPLimits = HTTPLimits(), plainRoutes: [PlainRoute] = [],
        logsAccess: Bool = true, extend: (Router<APIContext>) -> Void = { _ in },
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "audenci-http-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let engine = try SQLiteEngine(path: folder.appending(path: "test.sqlite").path)
        try await engine.write { connection in
            for migration in MeteringMigrations.all { try connection.executeScript(migration.script) }
        }
        let (ambient, clock) = Ambient.fixed()
        let logs = LogCapture()
        let metrics = HTTPMetrics()
        let limiter = RateLimiter(engine: engine, ambient: ambient)
        let server = APIServer(
            endpoints: Notes.endpoints,
            plainRoutes: plainRoutes + [
                .document("/api/openapi.json", contentType: "application/json", Array("{\"openapi\":\"3.1.0\"}".utf8))
            ],
            authenticate: { key, _ in try Self.authenticate(key, requestsPerHour) }, limiter: limiter,
            ledger: RepeatLedger(engine: engine, box: SecretBox(masterKey: Secret("test")), ambient: ambient),
            publicURL: "https://social.example.com/", ambient: ambient, logger: logs.logger, logsAccess: logsAccess,
            limits: limits, metrics: metrics, history: Notes.history,
            translate: { error in
                if case RelationalError.busy = error { return APIError(.unavailable, "The database is busy.") }
                return nil
            })
        let router = server.makeRouter()
        extend(router)
        let application = server.makeApplication(router: router, address: .hostname("localhost", port: 0))
        do {
            try await application.test(.live) { client in
                try await body(TestServer(port: client.port ?? 0, clock: clock, logs: logs, metrics: metrics))
            }
        } catch {
            await engine.close()
            throw error
        }
        try await limiter.close()
        await engine.close()
    }

    private static func authenticate(_ secret: Secret, _ requestsPerHour: Int) throws -> Caller {
        let scopes: [String: Scope] = [reader: .readOnly, writer: .readWrite]
        guard let scope = scopes[secret.reveal()] else { throw APIError(.unauthorized, "This key is not known.") }
        return Caller(
            organizationID: ID("o1"), keyID: ID(scope == .readOnly ? "k-reader" : "k-writer"), userID: ID("u1"), scope: scope,
            requestsPerHour: requestsPerHour, version: APIVersion("2026-11-01"))
    }

    /// Sends one request on a connection of its own and reads its answer.
    func send(
        _ method: String, _ target: String, key: String? = TestServer.writer, headers: [String] = [], body: String? = nil
    ) async throws -> RawResponse {
        let text = Self.request(method, target, key: key, headers: headers, body: body)
        return try await RawConnection.with(port) { connection in
            connection.send(text)
            return try connection.response(toHead: method == "HEAD")
        }
    }

    static func request(
        _ method: String, _ target: String, key: String? = TestServer.writer, headers: [String] = [], body: String? = nil
    ) -> String {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"]
        if let key { lines.append("Authorization: Bearer \(key)") }
        if let body { lines += ["Content-Length: \(body.utf8.count)", "Content-Type: application/json"] }
        return (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }
}
