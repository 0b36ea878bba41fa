import Core
import Features
package import Outbound
import ServiceLifecycle
import Synchronization

/// Spans of deliveries for an OpenTelemetry collector (OTLP over HTTP, JSON): one from the event to its first attempt, one
/// for each attempt. Sent every few seconds; a collector that does not answer costs nothing but its spans.
package struct TraceExporter: Service {
    private let buffer: TraceBuffer
    private let client: any Transport
    private let url: String
    private let version: String

    /// - Parameter endpoint: the collector's base URL, such as `http://127.0.0.1:4318`.
    package init(buffer: TraceBuffer, client: any Transport, endpoint: String, version: String) {
        self.buffer = buffer
        self.client = client
        url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
        self.version = version
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(2))
                await flush()
            }
        }
        await flush()
    }

    /// Sends what has gathered.
    package func flush() async {
        let spans = buffer.take()
        guard !spans.isEmpty else { return }
        let body: JSONValue = [
            "resourceSpans": [
                [
                    "resource": [
                        "attributes": [Span.attribute("service.name", "audenci"), Span.attribute("service.version", version)]
                    ],
                    "scopeSpans": [["scope": ["name": "audenci.webhooks"], "spans": .array(spans.map(\.json))]],
                ]
            ]
        ]
        let request = OutboundRequest(
            "POST", url, headers: [("Content-Type", "application/json")], body: body.bytes, deadline: .seconds(5))
        let isTaken = ((try? await client.send(request))?.status).map { (200..<300).contains($0) } ?? false
        if !isTaken { buffer.lost(spans.count) }
    }
}

/// Spans that wait to be exported. Bounded: what does not fit is counted and dropped.
package final class TraceBuffer: Sendable {
    private let state = Mutex<(spans: [Span], lost: Int)>(([], 0))
    private static let capacity = 4096

    package init() {}

    func add(_ spans: [Span]) {
        state.withLock { state in
            let room = max(Self.capacity - state.spans.count, 0)
            state.spans += spans.prefix(room)
            state.lost += max(spans.count - room, 0)
        }
    }

    func take() -> [Span] {
        state.withLock { state in
            defer { state.spans = [] }
            return state.spans
        }
    }

    func lost(_ count: Int) { state.withLock { $0.lost += count } }

    /// Spans that were dropped, for metrics.
    package var lostCount: Int { state.withLock { $0.lost } }
}

/// One span.
struct Span: Sendable {
    var trace: String
    var id: String
    var parent: String?
    var name: String
    var start: Instant
    var end: Instant
    var attributes: [(name: String, value: String)]
    var isError: Bool

    /// The trace of an event: made from its id, so that it can be found by it.
    static func trace(of eventID: String) -> String { String(Signature.sha256(eventID.utf8).prefix(32)) }
    static func id(of text: String) -> String { String(Signature.sha256(text.utf8).prefix(16)) }

    static func attribute(_ name: String, _ value: String) -> JSONValue {
        ["key": .string(name), "value": ["stringValue": .string(value)]]
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("traceId", .string(trace)), .init("spanId", .string(id)), .init("name", .string(name)),
            // 3: a client's call.
            .init("kind", parent == nil ? 1 : 3), .init("startTimeUnixNano", .string("\(start.milliseconds)000000")),
            .init("endTimeUnixNano", .string("\(end.milliseconds)000000")),
            .init("attributes", .array(attributes.map { Self.attribute($0.name, $0.value) })),
            .init("status", ["code": isError ? 2 : 1]),
        ]
        if let parent { members.append(.init("parentSpanId", .string(parent))) }
        return .object(members)
    }
}

extension AttemptMaker {
    /// The spans of one attempt; with the first one also the time that the event waited for it.
    func spans(of delivery: Delivery, _ attempt: Attempt, ended: Instant) -> [Span] {
        let trace = Span.trace(of: delivery.eventID.rawValue)
        let wait = Span.id(of: delivery.id.rawValue)
        let about = [
            (name: "audenci.event", value: delivery.event), (name: "audenci.event_id", value: delivery.eventID.rawValue),
            (name: "audenci.webhook_id", value: delivery.webhookID.rawValue),
            (name: "audenci.delivery_id", value: delivery.id.rawValue),
        ]
        var spans = [
            Span(
                trace: trace, id: Span.id(of: "\(delivery.id)-\(attempt.number)"), parent: wait, name: "webhook.attempt",
                start: attempt.startedAt, end: ended,
                attributes: about
                    + [
                        (name: "audenci.attempt", value: String(attempt.number)),
                        (name: "http.response.status_code", value: attempt.statusCode.map(String.init) ?? ""),
                        (name: "error.type", value: attempt.errorClass ?? ""),
                    ].filter { !$0.value.isEmpty }, isError: attempt.errorClass != nil)
        ]
        if attempt.number == 1 {
            spans.append(
                Span(
                    trace: trace, id: wait, parent: nil, name: "webhook.queue", start: delivery.createdAt,
                    end: attempt.startedAt, attributes: about, isError: false))
        }
        return spans
    }
}
