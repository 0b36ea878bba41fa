package import Core
import Outbound

extension MastodonConnector: InsightsConnector {
    /// Mastodon allows an account 300 requests in 5 minutes (docs.joinmastodon.org/api/rate-limits).
    package static let insightsLimit = (requests: Int64(100), per: Duration.seconds(300))
    package static let requestsPerPost: Int64 = 1

    package func metrics(ofPost id: String, on session: PlatformSession) async -> InsightsOutcome<Metrics> {
        await InsightsOutcome { () async throws(PublishFailure) -> Metrics in
            try await MastodonAPI(session: session).metrics(ofStatus: id)
        }
    }

    package func counts(on session: PlatformSession) async -> InsightsOutcome<AccountCounts> {
        await InsightsOutcome { () async throws(PublishFailure) -> AccountCounts in
            try await MastodonAPI(session: session).counts()
        }
    }
}

extension MastodonAPI {
    /// `favourites_count`, `replies_count`, `reblogs_count` and, from 4.5 on, `quotes_count` of a status
    /// (docs.joinmastodon.org/entities/Status). Mastodon knows neither reach nor impressions.
    func metrics(ofStatus id: String) async throws(PublishFailure) -> Metrics {
        let json = try await object(["api", "v1", "statuses", id])
        guard json.identifier("id") == id else {
            throw PublishFailure(unreadable: 200, from: .mastodon, reach: .invisible)
        }
        var metrics = Metrics()
        metrics[.likes] = json.count("favourites_count")
        metrics[.comments] = json.count("replies_count")
        metrics[.shares] = json.count("reblogs_count").map { $0 + (json.count("quotes_count") ?? 0) }
        return metrics
    }

    func counts() async throws(PublishFailure) -> AccountCounts {
        let json = try await object(["api", "v1", "accounts", "verify_credentials"])
        return AccountCounts(
            followers: json.count("followers_count"), following: json.count("following_count"),
            posts: json.count("statuses_count"))
    }

    private func object(_ path: [String]) async throws(PublishFailure) -> JSONValue {
        let response = try await session.send(session.request("GET", path), for: .mastodon, .invisible)
        if response.status == 404, path.contains("statuses") {
            throw PublishFailure(.final, code: "not_found", message: "Mastodon has no such post any more.")
        }
        guard (200..<300).contains(response.status) else {
            var failure = MastodonErrors.failure(response, .invisible, session)
            // Such a token may still publish: that there are no figures is all that follows.
            if failure.code == "token_scope_missing" {
                failure.failureClass = .final
                failure.message = "The account's token may not read figures. Connect the account again and allow reading."
            }
            throw failure
        }
        guard let json = response.json, json.object != nil else {
            throw PublishFailure(unreadable: response.status, from: .mastodon, reach: .invisible)
        }
        return json
    }
}
