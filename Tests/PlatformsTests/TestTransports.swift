import Core
import Outbound
import Synchronization
import Testing

/// Keeps what passes through.
final class RecordingTransport: Transport {
    private let inner: any Transport
    private let record = Mutex<[OutboundRequest]>([])

    init(_ inner: any Transport) { self.inner = inner }

    var requests: [OutboundRequest] { record.withLock { $0 } }
    func forget() { record.withLock { $0 = [] } }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        record.withLock { $0.append(request) }
        return try await inner.send(request)
    }
}

/// Answers from a list, in order; a request too many fails the test.
final class ScriptedTransport: Transport {
    enum Step: Sendable {
        case answer(OutboundResponse)
        case error(OutboundError)

        static func json(_ text: String, status: Int = 200, headers: [(name: String, value: String)] = []) -> Step {
            .answer(OutboundResponse(status: status, headers: headers, body: Array(text.utf8)))
        }
    }

    private let state: Mutex<(steps: [Step], requests: [OutboundRequest])>

    init(_ steps: Step...) { state = Mutex((steps, [])) }
    init(_ steps: [Step]) { state = Mutex((steps, [])) }

    var requests: [OutboundRequest] { state.withLock { $0.requests } }
    var isUsedUp: Bool { state.withLock { $0.steps.isEmpty } }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let step = state.withLock { state -> Step? in
            state.requests.append(request)
            return state.steps.isEmpty ? nil : state.steps.removeFirst()
        }
        switch step {
        case .answer(let response): return response
        case .error(let error): throw error
        case nil:
            Issue.record("no answer is left for \(request.method) \(request.url)")
            throw OutboundError(.connect_refused, "The script is over.", isBeforeEffect: true)
        }
    }
}

/// Gives every request the same answer.
struct StuckTransport: Transport {
    let response: OutboundResponse

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse { response }
}

extension OutboundRequest {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    var bodyText: String { String(decoding: body, as: UTF8.self) }
    /// `POST https://...`
    var line: String { "\(method) \(url)" }
}
