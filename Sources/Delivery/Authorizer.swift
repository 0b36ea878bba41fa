import Core
import Features
import Outbound

/// Sends a request the way its webhook wants to be authenticated to.
struct Authorizer: Sendable {
    let client: any Transport
    private let tokens = OAuth2Tokens()

    init(client: any Transport) { self.client = client }

    /// - Parameter request: the signed request, given the value of its `Authorization` header.
    func send(
        for webhook: Webhook, now: Instant, _ request: (Secret?) throws -> SignedRequest
    ) async throws -> SentRequest {
        guard let authentication = webhook.authentication else {
            let signed = try request(nil)
            return SentRequest(signed, url: signed.request.url, result: await answer(signed.request))
        }
        let identity: ClientIdentity?
        do throws(ClientIdentity.Issue) {
            identity = try authentication.identity(now: now)
        } catch {
            return SentRequest(
                unsent: webhook.url, "The client certificate cannot be used: its \(error.field) \(error.description).")
        }
        if let credentials = authentication.credentials {
            return await send(with: credentials, identity, for: webhook, now: now, request)
        }
        return try await send(authentication.header, identity, request)
    }

    private func send(
        _ authorization: Secret?, _ identity: ClientIdentity?, _ request: (Secret?) throws -> SignedRequest
    ) async throws -> SentRequest {
        var signed = try request(authorization)
        signed.request.identity = identity
        return SentRequest(signed, url: signed.request.url, result: await answer(signed.request))
    }

    /// With a token; when the receiver refuses it, once more with a new one.
    private func send(
        with credentials: OAuth2Credentials, _ identity: ClientIdentity?, for webhook: Webhook, now: Instant,
        _ request: (Secret?) throws -> SignedRequest
    ) async -> SentRequest {
        do {
            let token = try await tokens.token(for: credentials, via: client, now: now)
            let sent = try await send(Secret("Bearer " + token.reveal()), identity, request)
            guard case .success(let answer) = sent.result, answer.status == 401 else { return sent }
            await tokens.invalidate(token, of: credentials)
            let fresh = try await tokens.token(for: credentials, via: client, now: now)
            return try await send(Secret("Bearer " + fresh.reveal()), identity, request)
        } catch {
            let reason = (error as? OutboundError)?.message ?? "\(error)"
            return SentRequest(unsent: webhook.url, "There is no OAuth2 token: \(reason)")
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

extension WebhookAuthentication {
    /// The value of `Authorization`, where it is known beforehand.
    fileprivate var header: Secret? {
        switch kind {
        case .basic: Secret("Basic " + Base64.encode("\(username ?? ""):\(password?.reveal() ?? "")".utf8))
        case .bearer: token.map { Secret("Bearer " + $0.reveal()) }
        case .oauth2, .certificate, nil: nil
        }
    }

    fileprivate var credentials: OAuth2Credentials? {
        guard kind == .oauth2, let tokenURL, let clientID, let clientSecret else { return nil }
        return OAuth2Credentials(
            tokenURL: tokenURL, clientID: clientID, clientSecret: clientSecret, scope: scope, audience: audience)
    }

    fileprivate func identity(now: Instant) throws(ClientIdentity.Issue) -> ClientIdentity? {
        guard let certificate, let privateKey else { return nil }
        return try ClientIdentity(certificate: certificate, privateKey: privateKey, now: now)
    }
}
