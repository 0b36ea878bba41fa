import AudenciClient
import Foundation
import Synchronization

/// Answers requests in the order in which it was told to, and remembers them.
final class FakeTransport: HTTPTransport {
    enum Reply: Sendable {
        case answer(Int, String, headers: [String: String] = [:])
        case fails(any Error)
    }

    struct RanOut: Error {}

    private struct State {
        var replies: [Reply]
        var requests: [TransportRequest] = []
    }
    private let state: Mutex<State>

    init(_ replies: [Reply]) { state = Mutex(State(replies: replies)) }

    var requests: [TransportRequest] { state.withLock { $0.requests } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let reply: Reply? = state.withLock { state in
            state.requests.append(request)
            return state.replies.isEmpty ? nil : state.replies.removeFirst()
        }
        switch reply {
        case nil: throw TransportError("the test told no further answer", isTransient: false)
        case .fails(let error): throw error
        case .answer(let status, let body, let headers):
            return TransportResponse(status: status, headers: headers, body: Data(body.utf8))
        }
    }
}

extension TransportRequest {
    var idempotencyKey: String? { headers["Idempotency-Key"] }

    /// Method, path and query.
    var line: String {
        let query = url.query(percentEncoded: true).map { "?\($0)" } ?? ""
        return "\(method) \(url.path(percentEncoded: true))\(query)"
    }

    var text: String? {
        switch body {
        case .data(let bytes): String(decoding: bytes, as: UTF8.self)
        case .file, nil: nil
        }
    }
}
