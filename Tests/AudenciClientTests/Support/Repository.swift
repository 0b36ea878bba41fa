import AudenciClient
import Foundation

/// The files of the repository that the client has to agree with.
enum Repository {
    /// Tests/AudenciClientTests/Support/Repository.swift, three folders up.
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func path(_ path: String) -> String { root.appending(path: path).path }

    static func json<Value: Decodable>(_ path: String, as type: Value.Type = JSONValue.self) throws -> Value {
        try AudenciJSON.decode(type, from: Data(contentsOf: root.appending(path: path)))
    }
}
