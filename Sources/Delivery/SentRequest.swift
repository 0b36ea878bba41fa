import Contract
import Core
import Features
import Outbound

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A request that went out, and what came back: what the log is written from.
struct SentRequest: Sendable {
    var url: String
    var headers: [(name: String, value: String)]
    var result: Result<OutboundResponse, OutboundError>

    init(_ signed: SignedRequest, url: String, result: Result<OutboundResponse, OutboundError>) {
        self.url = url
        headers = signed.loggedHeaders
        self.result = result
    }

    /// Nothing could be sent.
    init(unsent url: String, _ message: String) {
        self.url = url
        headers = []
        result = .failure(OutboundError(.not_sent, message, isBeforeEffect: true))
    }

    private var phases: OutboundPhases {
        switch result {
        case .success(let answer): answer.phases
        case .failure(let error): error.phases
        }
    }

    func note(_ metrics: DeliveryMetrics) { metrics.took(phases) }

    func attempt(of delivery: Delivery, _ outcome: AttemptOutcome, startedAt started: Instant) -> Attempt {
        var response: AttemptResponse?
        var address: String?
        if case .success(let answer) = result {
            response = Self.logged(answer)
            address = answer.remoteAddress
        }
        let number = delivery.attempts + 1
        let phases = phases
        let queue = number == 1 ? Double(max((started - delivery.createdAt).inMilliseconds, 0)) : nil
        let shown = AttemptPhases(
            queue: queue, dns: phases.dns, connect: phases.connect, tls: phases.tls, ttfb: phases.ttfb, total: phases.total,
            isConnectionReused: phases.reusedConnection, remoteAddress: address)
        return Attempt(
            number: number, trigger: delivery.trigger, startedAt: started, durationMS: Int64(phases.total.rounded()),
            statusCode: outcome.statusCode, errorClass: outcome.errorClass, error: outcome.message,
            request: RawJSON(rendering: AttemptRequest(url: Webhook.shown(url), headers: headers)),
            response: response.map { RawJSON(rendering: $0) }, phases: RawJSON(rendering: shown))
    }

    private static func logged(_ answer: OutboundResponse) -> AttemptResponse {
        let kept = answer.body.prefix(SignedRequest.loggedResponseBytes)
        let isTruncated = answer.isTruncated || kept.count < answer.body.count
        var seen: Set<String> = []
        let headers = answer.headers.filter { seen.insert($0.name.lowercased()).inserted }.prefix(50).map {
            (name: $0.name, value: String($0.value.prefix(1024)))
        }
        // A cut may fall inside a character: up to three bytes less are tried before it counts as not being text.
        for less in 0...3 where kept.count >= less {
            if let text = String(validating: kept.dropLast(less), as: UTF8.self), less == 0 || isTruncated {
                return AttemptResponse(headers: headers, body: text, isBase64: false, isTruncated: isTruncated)
            }
        }
        return AttemptResponse(
            headers: headers, body: Data(kept).base64EncodedString(), isBase64: true, isTruncated: isTruncated)
    }
}
