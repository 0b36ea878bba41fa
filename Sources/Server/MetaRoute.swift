import Contract
import Core
import Features
import HTTPServer
import Platforms

/// `/webhooks/meta`: where Meta tells of comments and mentions on Facebook and Instagram. Only what is signed with the
/// app's secret is looked at; it is kept before it is answered, and worked through afterwards.
struct MetaRoute: Sendable {
    /// Nil: nothing is taken.
    let appSecret: Secret?
    let verifyToken: Secret?
    let inbox: InboxStore

    var routes: [PlainRoute] {
        [
            PlainRoute("GET", "/webhooks/meta") { try verify($0) },
            PlainRoute("POST", "/webhooks/meta") { try await take($0) },
        ]
    }

    /// Meta asks once, when the callback URL is entered, whether it is ours.
    private func verify(_ request: APIRequest) throws -> Reply {
        func query(_ name: String) -> String { request.query.first { $0.name == name }?.value ?? "" }
        guard let verifyToken else {
            throw APIError(.forbidden, "Webhooks of Meta are not set up here: set AUDENCI_META_VERIFY_TOKEN.")
        }
        guard query("hub.mode") == "subscribe", Signature.areEqual(query("hub.verify_token"), verifyToken.reveal()) else {
            throw APIError(
                .forbidden, "hub.mode must be subscribe, and hub.verify_token the value of AUDENCI_META_VERIFY_TOKEN.")
        }
        let challenge = query("hub.challenge")
        // It is sent back as it came: nothing that a browser could take for a page.
        guard (1...256).contains(challenge.utf8.count), challenge.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isLetter) })
        else { throw APIError.invalid("hub.challenge", "must have 1 to 256 letters and digits") }
        return Reply(
            status: 200, headers: [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")],
            body: Array(challenge.utf8))
    }

    private func take(_ request: APIRequest) async throws -> Reply {
        guard let appSecret else {
            throw APIError(.forbidden, "Webhooks of Meta are not set up here: set AUDENCI_META_APP_SECRET.")
        }
        guard let signature = request.header("x-hub-signature-256") else {
            throw APIError(.forbidden, "The header X-Hub-Signature-256 is missing: only Meta may send here.")
        }
        let expected = "sha256=" + Signature.audenci(body: request.body, secret: appSecret)
        guard Signature.areEqual(signature, expected) else {
            throw APIError(
                .forbidden,
                "X-Hub-Signature-256 is not the signature of this body by AUDENCI_META_APP_SECRET; nothing was taken.")
        }
        guard let body = String(validating: request.body, as: UTF8.self), let notices = MetaNotice.parse(request.body) else {
            throw APIError(
                .invalidJSON, "The body must be a notification: a JSON object with object and entry.",
                details: [FieldIssue("", "must have object and entry")])
        }
        if !notices.isEmpty { try await inbox.keep(notice: body) }
        return Reply(status: 200, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array("EVENT_RECEIVED".utf8))
    }
}
