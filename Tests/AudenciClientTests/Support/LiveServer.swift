import AudenciClient
import Foundation

/// `audenci serve` on a free port and a folder of its own, with an organization.
final class LiveServer: Sendable {
    /// `AUDENCI_BINARY`, or the one beside the tests, or the package's debug build.
    private static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["AUDENCI_BINARY"] { return named }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let beside = URL(filePath: tests).deletingLastPathComponent().appending(path: "audenci").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : Repository.path(".build/debug/audenci")
    }()

    /// What `audenci init --json` prints.
    private struct Made: Decodable {
        let apiKey: String
        let brandId: String
    }

    let url: URL
    let brandId: String
    let client: APIClient
    private let peer: Peer
    private let folder: URL

    init(_ limit: [String] = []) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "audenci-client-\(UUID().uuidString)")
        peer = try Peer(Self.binary, ["serve", "--data", folder.path, "--port", "0", "--log-level", "warning"])
        let port = try await peer.number(after: "listens on http://127.0.0.1:")
        guard let url = URL(string: "http://127.0.0.1:\(port)") else { throw Peer.Failed(description: "port \(port)") }
        self.url = url
        let made = try await Peer.output(
            of: Self.binary,
            [
                "init", "--json", "--data", folder.path, "--organization", "Acme", "--plan", "enterprise", "--brand", "Acme",
                "--email", "owner@acme.test",
            ] + limit)
        let facts = try AudenciJSON.decode(Made.self, from: Data(made.utf8))
        brandId = facts.brandId
        client = APIClient(baseURL: url, key: facts.apiKey, retries: .never)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}
