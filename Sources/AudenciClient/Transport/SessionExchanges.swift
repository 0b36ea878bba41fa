import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The requests of a session that are under way.
///
/// A delegate of the session, as nothing else can stop redirects on Linux: tasks with a completion handler, and so the
/// asynchronous functions, follow them whatever a task's own delegate says (measured with Swift 6.3.1).
final class SessionExchanges: NSObject, URLSessionDataDelegate, Sendable {
    private struct Exchange {
        let continuation: CheckedContinuation<TransportResponse, any Error>
        var body = Data()
    }
    private let exchanges = Mutex<[Int: Exchange]>([:])

    /// Starts a task and waits for its end; cancels it when the waiting task is cancelled.
    func run(_ task: URLSessionTask) async throws -> TransportResponse {
        let id = task.taskIdentifier
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                exchanges.withLock { $0[id] = Exchange(continuation: continuation) }
                // Whoever takes the exchange out resumes, so it happens once, however this and `onCancel` meet.
                if Task.isCancelled, let exchange = exchanges.withLock({ $0.removeValue(forKey: id) }) {
                    exchange.continuation.resume(throwing: CancellationError())
                }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    /// Answers a redirect as it is: following it would hand the key to another address.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        exchanges.withLock { $0[dataTask.taskIdentifier]?.body.append(data) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let exchange = exchanges.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if let error {
            exchange.continuation.resume(throwing: error)
        } else if let answer = task.response as? HTTPURLResponse {
            let response = TransportResponse(status: answer.statusCode, headers: Self.headers(of: answer), body: exchange.body)
            exchange.continuation.resume(returning: response)
        } else {
            exchange.continuation.resume(throwing: TransportError("what answered does not speak HTTP", isTransient: false))
        }
    }

    private static func headers(of response: HTTPURLResponse) -> [String: String] {
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields { headers["\(name)"] = "\(value)" }
        return headers
    }
}
