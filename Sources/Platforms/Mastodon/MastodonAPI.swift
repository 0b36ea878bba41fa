import Core
import Outbound

/// The requests of Mastodon's REST API that we send (docs.joinmastodon.org/methods: media, statuses, accounts).
struct MastodonAPI {
    let session: PlatformSession

    /// Uploads a picture and waits until it can be attached. Its id.
    func upload(_ media: PublishMedia, number: Int, key: String) async throws(PublishFailure) -> String {
        var body = MultipartBody(seed: Signature.sha256("\(key) \(number)".utf8))
        if let altText = media.altText, !altText.isEmpty { body.add("description", altText) }
        let filename = media.mimeType == "image/png" ? "picture-\(number).png" : "picture-\(number).jpg"
        body.addFile("file", filename: filename, contentType: media.mimeType, bytes: media.bytes)
        let request = session.request(
            "POST", ["api", "v2", "media"], headers: [("Content-Type", body.contentType)], body: body.closed())
        let response = try await session.send(request, for: .mastodon, .invisible)
        guard (200..<300).contains(response.status) else { throw MastodonErrors.failure(response, .invisible, session) }
        guard let id = response.json?.identifier("id") else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        if response.status == 202 {
            try await session.poll(.upload, for: .mastodon) { () async throws(PublishFailure) -> Void? in
                try await isReady(id) ? () : nil
            }
        }
        return id
    }

    private func isReady(_ mediaID: String) async throws(PublishFailure) -> Bool {
        let request = session.request("GET", ["api", "v1", "media", mediaID])
        let response = try await session.send(request, for: .mastodon, .invisible)
        switch response.status {
        case 200: return true
        case 206: return false
        default: throw MastodonErrors.failure(response, .invisible, session)
        }
    }

    /// The visible request.
    func post(_ request: PublishRequest, mediaIDs: [String]) async throws(PublishFailure) -> (id: String, url: String?) {
        var form: [(name: String, value: String)] = [("status", request.captionWithLink)]
        for id in mediaIDs { form.append(("media_ids[]", id)) }
        if let target = request.following { form.append(("in_reply_to_id", target.before)) }
        if let visibility = request.options.visibility { form.append(("visibility", visibility)) }
        if let warning = request.options.contentWarning, !warning.isEmpty { form.append(("spoiler_text", warning)) }
        let outbound = session.request(
            "POST", ["api", "v1", "statuses"],
            headers: [("Idempotency-Key", request.idempotencyKey), ("Content-Type", FormEncoding.contentType)],
            body: Array(FormEncoding.encode(form).utf8))
        let response = try await session.send(outbound, for: .mastodon, .visible)
        guard (200..<300).contains(response.status) else { throw MastodonErrors.failure(response, .visible, session) }
        guard let json = response.json, let id = json.identifier("id") else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .visible)
        }
        return (id, json.link("url") ?? json.link("uri"))
    }

    func verifyCredentials() async throws(PublishFailure) -> MastodonAccount {
        let response = try await read(session.request("GET", ["api", "v1", "accounts", "verify_credentials"]))
        guard let account = response.json.flatMap({ MastodonAccount($0) }) else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        return account
    }

    /// Twenty of the account's own statuses, newest first: with its own token these include private and direct ones.
    func statuses(of account: String, before last: String?) async throws(PublishFailure) -> [MastodonStatus] {
        var query: [(name: String, value: String)] = [("limit", "20")]
        if let last { query.append(("max_id", last)) }
        // A status carries its author's whole profile: 20 of them can be large.
        let request = session.request(
            "GET", ["api", "v1", "accounts", account, "statuses"], query: query, maximumResponseBytes: 4_194_304)
        let response = try await read(request)
        guard let entries = response.json?.array else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        let statuses = entries.compactMap { MastodonStatus($0) }
        guard statuses.count == entries.count else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        return statuses
    }

    func read(_ request: OutboundRequest) async throws(PublishFailure) -> OutboundResponse {
        let response = try await session.send(request, for: .mastodon, .invisible)
        guard (200..<300).contains(response.status) else { throw MastodonErrors.failure(response, .invisible, session) }
        return response
    }
}
