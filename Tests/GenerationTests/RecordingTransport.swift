import Core
import Outbound
import Synchronization

/// Passes requests on and remembers them with their answers, so that a test can see what a provider was really asked and
/// what it really said, also where the client then took something else.
final class RecordingTransport: Transport {
    struct Exchange: Sendable {
        let sent: JSONValue
        let status: Int
        let answer: JSONValue?

        /// The schema that was sent, and the text of the model that should fit it.
        var schema: JSONValue? { sent["response_format"]?["json_schema"]?["schema"] }
        var content: String? { answer?["choices"]?[0]?["message"]?["content"]?.string }
        var isWhole: Bool { answer?["choices"]?[0]?["finish_reason"]?.string == "stop" }
    }
    private let other: any Transport
    private let kept = Mutex<[Exchange]>([])

    init(_ other: any Transport) { self.other = other }

    /// Every request that got an answer, in order.
    var exchanges: [Exchange] { kept.withLock { $0 } }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let response = try await other.send(request)
        let exchange = Exchange(
            sent: (try? JSONValue(parsing: request.body)) ?? .null, status: response.status,
            answer: try? JSONValue(parsing: response.body))
        kept.withLock { $0.append(exchange) }
        return response
    }
}
