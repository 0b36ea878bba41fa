package import Core
import Synchronization

/// What a client proves itself with to get a token (RFC 6749, section 4.4).
package struct OAuth2Credentials: Sendable, Hashable {
    package var tokenURL: String
    package var clientID: String
    package var clientSecret: Secret
    package var scope: String?
    package var audience: String?

    package init(tokenURL: String, clientID: String, clientSecret: Secret, scope: String?, audience: String?) {
        self.tokenURL = tokenURL
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scope = scope
        self.audience = audience
    }

    /// Who they are, without saying the secret: a changed secret makes another token.
    fileprivate var fingerprint: String {
        Signature.sha256(
            [tokenURL, clientID, clientSecret.reveal(), scope ?? "", audience ?? ""].joined(separator: "\u{1}").utf8)
    }

    package static func == (left: Self, right: Self) -> Bool { left.fingerprint == right.fingerprint }
    package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

/// Access tokens of OAuth2 client credentials: fetched once for all who need one, kept until 80 % of their life is over.
package actor OAuth2Tokens {
    private enum Entry {
        case fetching(Task<Token, any Error>)
        case kept(Token)
    }
    private struct Token: Sendable {
        var secret: Secret
        var renewAt: Instant
    }
    private var entries: [String: Entry] = [:]
    private static let capacity = 1024
    /// How long a token is used whose life is not said, in seconds.
    private static let standardLife = 300.0

    package init() {}

    /// A token, fetched if there is none.
    /// - Throws: ``OutboundError`` saying what the token endpoint answered; never the secret or a token.
    package func token(
        for credentials: OAuth2Credentials, via transport: any Transport, now: Instant
    ) async throws(OutboundError) -> Secret {
        let key = credentials.fingerprint
        let task: Task<Token, any Error>
        switch entries[key] {
        case .kept(let token) where token.renewAt > now: return token.secret
        case .fetching(let running): task = running
        case .kept, nil:
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            task = Task { try await Self.fetch(credentials, via: transport, now: now) }
            entries[key] = .fetching(task)
        }
        do {
            let token = try await task.value
            entries[key] = .kept(token)
            return token.secret
        } catch {
            entries[key] = nil
            throw error as? OutboundError ?? OutboundError(.timeout, "The token request was cancelled.", isBeforeEffect: true)
        }
    }

    /// Forgets a token that a receiver refused; one that was fetched since stays.
    package func invalidate(_ token: Secret, of credentials: OAuth2Credentials) {
        let key = credentials.fingerprint
        if case .kept(let present) = entries[key], present.secret.reveal() == token.reveal() { entries[key] = nil }
    }

    private static func fetch(
        _ credentials: OAuth2Credentials, via transport: any Transport, now: Instant
    ) async throws(OutboundError) -> Token {
        var fields: [(name: String, value: String)] = [("grant_type", "client_credentials")]
        if let scope = credentials.scope { fields.append(("scope", scope)) }
        if let audience = credentials.audience { fields.append(("audience", audience)) }
        // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
        let pair = "\(credentials.clientID.percentEncoded):\(credentials.clientSecret.reveal().percentEncoded)"
        let request = OutboundRequest(
            "POST", credentials.tokenURL,
            headers: [
                ("Content-Type", FormEncoding.contentType), ("Accept", "application/json"),
                ("Authorization", "Basic \(Base64.encode(pair.utf8))"),
            ], body: Array(FormEncoding.encode(fields).utf8), deadline: .seconds(10), maximumResponseBytes: 65_536)
        let answer = try await transport.send(request)
        let json = try? JSONValue(parsing: answer.body)
        func fail(_ message: String) -> OutboundError {
            OutboundError(.invalid_response, message, isBeforeEffect: true, phases: answer.phases)
        }
        guard (200..<300).contains(answer.status) else {
            let code = json?["error"]?.string.map { " (\($0.prefix(80)))" } ?? ""
            throw fail("The token endpoint answered \(answer.status)\(code); check clientId, clientSecret and scope.")
        }
        guard let text = json?["access_token"]?.string, !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw fail("The token endpoint's answer holds no access_token.")
        }
        if let type = json?["token_type"]?.string, type.lowercased() != "bearer" {
            throw fail("The token endpoint gives tokens of type \(type.prefix(40)); only Bearer is supported.")
        }
        let life = min(max(json?["expires_in"]?.double ?? standardLife, 1), 86_400)
        return Token(secret: Secret(text), renewAt: now + .milliseconds(Int64(life * 800)))
    }
}
