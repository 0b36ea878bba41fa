import Contract
package import Core
package import Features
package import Outbound

/// Makes the requests of automations through the same way out as webhooks, signed as theirs are.
package struct AutomationRequests: AutomationCaller {
    let client: any Transport
    let userAgent: String
    let ambient: Ambient

    package init(client: any Transport, userAgent: String, ambient: Ambient) {
        self.client = client
        self.userAgent = userAgent
        self.ambient = ambient
    }

    package func send(_ call: AutomationCall) async -> AutomationTaskOutcome {
        let result: Result<OutboundResponse, OutboundError>
        do throws(OutboundError) {
            result = .success(try await client.send(request(call)))
        } catch {
            result = .failure(error)
        }
        let outcome = AttemptOutcome(result, now: ambient.now())
        switch outcome.verdict {
        case .delivered: return .done(summary: "It was answered with \(outcome.statusCode ?? 200).")
        case .gone: return .refused("The receiver answered 410 Gone; nothing is tried again.")
        case .final: return .refused(outcome.message ?? "The receiver refused it.")
        case .retry(let notBefore): return .again(outcome.message ?? "It did not work.", notBefore: notBefore)
        }
    }

    private func request(_ call: AutomationCall) -> OutboundRequest {
        let (id, timestamp) = (call.id.rawValue, ambient.now().seconds)
        var headers: [(name: String, value: String)] = [("Content-Type", "application/json"), ("User-Agent", userAgent)]
        if let secret = call.secret {
            headers.append(("X-Audenci-Signature", Signature.audenci(body: call.body, secret: secret)))
        }
        headers += [
            ("X-Audenci-Event", call.eventType), ("X-Audenci-Delivery", "\(id)-\(call.attempt)"),
            ("X-Audenci-Attempt", String(call.attempt)), ("X-Audenci-Timestamp", String(timestamp)), ("webhook-id", id),
            ("webhook-timestamp", String(timestamp)),
        ]
        if let secret = call.secret {
            headers.append(
                ("webhook-signature", Signature.standard(id: id, timestamp: timestamp, body: call.body, secret: secret)))
        }
        return OutboundRequest("POST", call.url, headers: headers, body: call.body, deadline: call.timeout)
    }
}
