import Core
import Outbound

/// The token endpoint as RFC 6749 has it, and as Graph has it: requests, and what their answers mean.
struct OAuthWire {
    let platform: Platform
    let site: OAuthSite

    /// Credentials are in the body, never in the URL: URLs end up in logs.
    static func request(
        _ path: [String], _ form: [(name: String, value: String)], at baseURL: String
    ) -> OutboundRequest {
        var url = baseURL
        for segment in path { url += "/" + segment.percentEncoded }
        var request = OutboundRequest(
            "POST", url, headers: [("Content-Type", FormEncoding.contentType), ("Accept", "application/json")],
            body: Array(FormEncoding.encode(form).utf8), deadline: .seconds(15), maximumResponseBytes: 65_536)
        // A code and a rotating refresh token work once: a repeated request would be taken for theft.
        request.retriesStaleConnection = false
        return request
    }

    func post(_ path: String..., form: [(name: String, value: String)]) async throws(OAuthFailure) -> JSONValue {
        let response: OutboundResponse
        do throws(OutboundError) {
            response = try await site.transport.send(Self.request(path, form, at: site.baseURL))
        } catch {
            throw OAuthFailure(PublishFailure(error, from: platform, reach: .invisible))
        }
        let json = response.json
        if let failure = failure(status: response.status, json) { throw failure }
        guard let json, json.object != nil else { throw unreadable(response.status) }
        return json
    }

    /// Access token, life and scopes of a token answer.
    func tokens(_ json: JSONValue, asked: [String]) throws(OAuthFailure) -> OAuthTokens {
        guard let access = Self.token(json, "access_token") else { throw unreadable(200) }
        if let type = json["token_type"]?.string, type.lowercased() != "bearer" { throw unreadable(200) }
        let now = site.now()
        let said = json["scope"]?.string?.split { $0 == " " || $0 == "," }.prefix(100).map { String($0.prefix(100)) }
        return OAuthTokens(
            access: access, refresh: Self.token(json, "refresh_token"), issuedAt: now,
            expiresAt: Self.life(json, "expires_in").map { now + $0 },
            refreshExpiresAt: Self.life(json, "refresh_token_expires_in").map { now + $0 }, scopes: said ?? asked)
    }

    /// Visible ASCII, as a header can carry it.
    static func token(_ json: JSONValue, _ key: String) -> Secret? {
        guard let text = json[key]?.string, (1...4096).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return Secret(text)
    }

    /// Whoever says more than ten years is broken.
    private static func life(_ json: JSONValue, _ key: String) -> Duration? {
        guard let seconds = json[key]?.int, seconds > 0 else { return nil }
        return .seconds(min(seconds, 315_360_000))
    }

    func unreadable(_ status: Int) -> OAuthFailure {
        OAuthFailure(PublishFailure(unreadable: status, from: platform, reach: .invisible))
    }

    private func failure(status: Int, _ json: JSONValue?) -> OAuthFailure? {
        if let error = json.flatMap({ GraphError($0) }) { return failure(graph: error, status: status) }
        guard !(200..<300).contains(status) || json?["error"] != nil else { return nil }
        let name = platform.properName
        guard status < 500, status != 429, status != 408 else {
            return OAuthFailure(
                .unreachable, code: status == 429 ? "rate_limited" : "platform_error",
                message: "\(name) answered \(status); it may work later.")
        }
        let said = String((json?["error"]?.string ?? "").prefix(40).filter { $0.isASCII && ($0.isLetter || $0 == "_") })
        switch said {
        case "invalid_client", "unauthorized_client": return appRefused
        case "": return unreadable(status)
        default: return refused(said)
        }
    }

    private func failure(graph error: GraphError, status: Int) -> OAuthFailure {
        guard status < 500, !error.isTransient else {
            return OAuthFailure(
                .unreachable, code: "platform_error",
                message: "\(platform.properName) had an error of its own; it may work later.")
        }
        switch error.code {
        case 4, 17, 32, 613:
            return OAuthFailure(
                .unreachable, code: "rate_limited", message: "\(platform.properName) asks us to wait; try again later.")
        // 1 with a 4xx: "Error validating client secret". 101: no such app. 191: the redirect address is not the app's.
        case 1, 101, 191: return appRefused
        default: return refused(String(error.code))
        }
    }

    private var appRefused: OAuthFailure {
        OAuthFailure(
            .appRefused, code: "app_refused",
            message: "\(platform.properName) does not accept this server as an app; the operator has to look at its settings.")
    }

    private func refused(_ said: String) -> OAuthFailure {
        OAuthFailure(
            .refused, code: "grant_refused",
            message: "\(platform.properName) does not accept the permission any more (\(said)). Connect the account again.")
    }
}

extension OAuthFailure {
    /// A request with a token that did not work.
    init(_ failure: PublishFailure) {
        switch failure.failureClass {
        case .auth: self.init(.refused, code: failure.code, message: failure.message)
        case .final: self.init(.nothingGranted, code: failure.code, message: failure.message)
        case .beforeEffect, .ambiguous: self.init(.unreachable, code: failure.code, message: failure.message)
        }
    }

    /// Of a platform whose apps are made by hand.
    static let notRegistrable = OAuthFailure(
        .appRefused, code: "app_missing", message: "An app has to be made by hand on this platform.")
}

extension String {
    /// With these fields as its query.
    func withQuery(_ fields: [(name: String, value: String)]) -> String { "\(self)?\(FormEncoding.encode(fields))" }
}
