import Foundation
import Testing

/// An `audenci` command that runs beside the test; its output is kept in a file.
final class RunningProcess: Sendable {
    struct Failed: Error, CustomStringConvertible { let description: String }

    private let process: Process
    private let output: String
    var pid: Int32 { process.processIdentifier }

    /// The binary that is tested: `AUDENCI_BINARY`, or the one beside the tests, as the package builds both.
    static let binary: String = {
        if let named = ProcessInfo.processInfo.environment["AUDENCI_BINARY"] { return named }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("audenci").path
    }()

    /// The variables of a clean shell, so that nothing of the caller's settings leaks in, and those given.
    static func environment(_ more: [String: String]) -> [String: String] {
        var all = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AUDENCI_") }
        // A crash is told at once instead of after the ten seconds of a backtrace.
        all["SWIFT_BACKTRACE"] = "enable=no"
        return all.merging(more) { $1 }
    }

    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        output = FileManager.default.temporaryDirectory.path + "/audenci-output-\(UUID().uuidString).log"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        guard let handle = FileHandle(forWritingAtPath: output) else { throw Failed(description: "cannot write \(output)") }
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.binary)
        process.arguments = arguments
        process.environment = Self.environment(environment)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: output)
    }

    /// Everything it has printed so far, both streams.
    var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    /// The number that follows `words` in the output, once the line is there.
    func number(after words: String, within limit: Duration = .seconds(30)) async throws -> Int {
        try await until(within: limit, "\(words) in the output:\n\(text.suffix(2000))") {
            guard let found = text.range(of: words) else {
                guard process.isRunning else { throw Failed(description: "it ended:\n\(text.suffix(2000))") }
                return nil
            }
            let rest = text[found.upperBound...]
            return rest.contains("\n") ? Int(rest.prefix { $0.isNumber }) : nil
        }
    }

    /// Sends a signal and waits for the end.
    /// - Returns: the exit code; negative when a signal ended it.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM, within limit: Duration = .seconds(40)) async throws -> Int32 {
        if process.isRunning { kill(process.processIdentifier, signal) }
        return try await end(within: limit)
    }

    func end(within limit: Duration) async throws -> Int32 {
        try await until(within: limit, "the end of process \(pid)") { process.isRunning ? nil : true }
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    /// Runs a command to its end.
    static func run(
        _ arguments: String..., environment: [String: String] = [:], within limit: Duration = .seconds(120)
    ) async throws -> (code: Int32, text: String) {
        let process = try RunningProcess(arguments, environment: environment)
        let code = try await process.end(within: limit)
        return (code, process.text)
    }
}

/// Asks again until there is an answer. These are other processes: there is nothing to wait on but what they show.
@discardableResult
func until<Value>(
    within limit: Duration, _ what: @autoclosure () -> String, every pause: Duration = .milliseconds(10),
    _ ask: () async throws -> Value?
) async throws -> Value {
    let end = ContinuousClock.now + limit
    while true {
        if let value = try await ask() { return value }
        guard ContinuousClock.now < end else { throw RunningProcess.Failed(description: "not within \(limit): \(what())") }
        try await Task.sleep(for: pause)
    }
}
