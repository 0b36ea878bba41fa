import Core
import Features
import Outbound

/// Sends a request the way its webhook wants to be authenticated to.
struct Authorizer: Sendable {
    let client: any Transport

    /// - Parameter request: the signed request, given the value of its `Authorization` header.
    func send(
        for webhook: Webhook, now: Instant, _ request: (Secret?) throws -> SignedRequest
    ) async throws -> SentRequest {
        let signed = try request(authorization(of: webhook))
        return SentRequest(signed, url: signed.request.url, result: await answer(signed.request))
    }

    private func authorization(of webhook: Webhook) -> Secret? {
        guard let authentication = webhook.authentication else { return nil }
        switch authentication.kind {
        case .basic:
            let pair = "\(authentication.username ?? ""):\(authentication.password?.reveal() ?? "")"
            return Secret("Basic " + Base64.encode(pair.utf8))
        case .bearer: return authentication.token.map { Secret("Bearer " + $0.reveal()) }
        case .oauth2, .certificate, nil: return nil
        }
    }

    private func answer(_ request: OutboundRequest) async -> Result<OutboundResponse, OutboundError> {
        do {
            return .success(try await client.send(request))
        } catch {
            return .failure(error)
        }
    }
}
