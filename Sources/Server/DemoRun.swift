import Contract
import Core
import Foundation
import Logging
import Outbound
import ServiceLifecycle
import Synchronization

/// The main job from end to end, on temporary data: the real server, the real API over HTTP, a real HTTPS receiver.
/// Everything it says it has checked.
package struct DemoRun: Sendable {
    package init() {}

    /// - Returns: true only when all of it really happened.
    package func run(say: @escaping @Sendable (String) -> Void) async throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.path + "/audenci-demo-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let certificates = try DemoCertificates()
        let receiver = DemoReceiver()
        return try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                try await receiver.run(certificates)
                return nil
            }
            group.addTask {
                guard let port = await receiver.listeningPort() else { throw DemoFailure("the demo's receiver did not start") }
                return try await play(in: folder, certificates, receiver, receiverPort: port, say: say)
            }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let result { return result } }
            return false
        }
    }

    private func play(
        in folder: String, _ certificates: DemoCertificates, _ receiver: DemoReceiver, receiverPort: Int,
        say: @escaping @Sendable (String) -> Void
    ) async throws -> Bool {
        let data = try DataFolder(folder)
        let authority = data.path + "/authority.pem"
        try Data(certificates.authorityPEM.utf8).write(to: URL(fileURLWithPath: authority))
        let settings = try Settings(
            SettingSources(flags: [
                "data": folder, "port": "0", "outbound-ca-file": authority, "outbound-allow": "127.0.0.1:\(receiverPort)",
                "webhook-retry-schedule": "1s,2s,5s", "log-level": "critical",
            ]))
        let organization = try JSONValue(
            parsing: try await Setup.create(
                SetupOrder(
                    settings: settings, organization: "Demo", plan: "growth", brand: "Acme", email: "owner@demo.test",
                    requestsPerHour: nil, isJSON: true)))
        return try await withThrowingTaskGroup(of: Bool?.self) { group in
            let (ports, listening) = AsyncStream<Int>.makeStream()
            group.addTask {
                try await AudenciServer(settings: settings, say: { _ in }).run(signals: []) { listening.yield($0) }
                return nil
            }
            group.addTask {
                for await port in ports {
                    let client = try DemoClient(port: port, key: organization["apiKey"]?.string ?? "")
                    return try await DemoScript(
                        client: client, receiver: receiver, receiverPort: receiverPort,
                        brand: organization["brandId"]?.string ?? "", say: say
                    ).run()
                }
                return false
            }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let result { return result } }
            return false
        }
    }
}

/// What went wrong in the demo.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Speaks to the demo's server as any user would: JSON over HTTP with a key.
struct DemoClient: Sendable {
    private let client: GuardedClient
    private let base: String
    private let key: String

    init(port: Int, key: String) throws {
        let allow = try OutboundAllowList("127.0.0.1:\(port)")
        client = try GuardedClient(policy: AddressPolicy(allow: allow, allowsPlainHTTP: true))
        base = "http://127.0.0.1:\(port)"
        self.key = key
    }

    func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> (status: Int, body: JSONValue) {
        var headers: [(name: String, value: String)] = [("Authorization", "Bearer \(key)")]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        let response = try await client.send(
            OutboundRequest(method, base + path, headers: headers, body: body?.bytes ?? [], maximumResponseBytes: 1_048_576))
        return (response.status, try JSONValue(parsing: response.body))
    }
}
