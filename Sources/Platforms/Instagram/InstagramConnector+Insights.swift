package import Core

extension InstagramConnector: InsightsConnector {
    /// Meta counts 4,800 requests a day for each thousand impressions, and 200 an hour for small accounts
    /// (developers.facebook.com/docs/graph-api/overview/rate-limiting).
    package static let insightsLimit = (requests: Int64(120), per: Duration.seconds(3600))
    package static let requestsPerPost: Int64 = 1

    package func metrics(ofPost id: String, on session: PlatformSession) async -> InsightsOutcome<Metrics> {
        await InsightsOutcome { () async throws(PublishFailure) -> Metrics in
            try await InstagramAPI(session: session).metrics(ofMedia: id)
        }
    }

    package func counts(on session: PlatformSession) async -> InsightsOutcome<AccountCounts> {
        await InsightsOutcome { () async throws(PublishFailure) -> AccountCounts in
            try await InstagramAPI(session: session).counts()
        }
    }
}

extension InstagramAPI {
    /// What Instagram reports of every kind of post (developers.facebook.com/docs/instagram-platform, "IG Media insights");
    /// impressions are gone since April 2025.
    func metrics(ofMedia id: String) async throws(PublishFailure) -> Metrics {
        // Live without a known id (`container:...`): nothing can be asked about it.
        guard !id.contains(":") else {
            throw PublishFailure(
                .final, code: "not_found", message: "Instagram did not say which of its posts this is, so it has no numbers.")
        }
        let values = try await graph.insights(of: id, ["views", "reach", "likes", "comments", "shares", "saved"])
        return Metrics([
            (.views, values["views"]), (.reach, values["reach"]), (.likes, values["likes"]),
            (.comments, values["comments"]), (.shares, values["shares"]), (.saves, values["saved"]),
        ])
    }

    func counts() async throws(PublishFailure) -> AccountCounts {
        let json = try await graph.get(session.externalID, fields: "id,username,followers_count,follows_count,media_count")
        return AccountCounts(
            followers: json.count("followers_count"), following: json.count("follows_count"),
            posts: json.count("media_count"))
    }
}
