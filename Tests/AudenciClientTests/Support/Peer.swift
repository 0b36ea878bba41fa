import Foundation

/// A program that runs beside a test; its output is kept in a file.
final class Peer: Sendable {
    struct Failed: Error, CustomStringConvertible { let description: String }

    private let process: Process
    private let output: URL

    init(_ program: String, _ arguments: [String]) throws {
        output = FileManager.default.temporaryDirectory.appending(path: "audenci-client-\(UUID().uuidString).log")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        let handle = try FileHandle(forWritingTo: output)
        process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AUDENCI_") }
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
        try? FileManager.default.removeItem(at: output)
    }

    var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// The number that follows words in the output. It is another process: there is nothing to wait on but what it prints.
    func number(after words: String) async throws -> Int {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let text = text
            if let found = text.range(of: words), text[found.upperBound...].contains("\n"),
                let number = Int(text[found.upperBound...].prefix(while: \.isNumber))
            {
                return number
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failed(description: "there is no \(words) in the output:\n\(text.suffix(2000))")
    }

    /// What a command prints until it ends.
    static func output(of program: String, _ arguments: [String]) async throws -> String {
        let peer = try Peer(program, arguments)
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                peer.process.waitUntilExit()
                let text = peer.text
                guard peer.process.terminationStatus == 0 else {
                    continuation.resume(throwing: Failed(description: "\(arguments.first ?? program) failed:\n\(text)"))
                    return
                }
                continuation.resume(returning: text)
            }
        }
    }
}
