package import Logging
import Synchronization

/// Keeps everything that is logged, as text.
package final class LogCapture: Sendable {
    private let lines = Mutex<[String]>([])

    /// A line each: level, message, metadata.
    package var text: [String] { lines.withLock { $0 } }

    package init() {}

    package var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(capture: self) }
        logger.logLevel = .trace
        return logger
    }

    fileprivate func add(_ line: String) { lines.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let capture: LogCapture
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            capture.add("\(event.level) \(event.message) \(pairs.joined(separator: " "))")
        }
    }
}
