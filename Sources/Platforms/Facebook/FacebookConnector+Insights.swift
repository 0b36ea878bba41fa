package import Core

extension FacebookConnector: InsightsConnector {
    /// As for Instagram: Pages have a limit that grows with the page and is never smaller.
    package static let insightsLimit = (requests: Int64(120), per: Duration.seconds(3600))
    package static let requestsPerPost: Int64 = 2

    package func metrics(ofPost id: String, on session: PlatformSession) async -> InsightsOutcome<Metrics> {
        await InsightsOutcome { () async throws(PublishFailure) -> Metrics in
            try await FacebookAPI(session: session).metrics(ofPost: id)
        }
    }

    package func counts(on session: PlatformSession) async -> InsightsOutcome<AccountCounts> {
        await InsightsOutcome { () async throws(PublishFailure) -> AccountCounts in
            try await FacebookAPI(session: session).counts()
        }
    }
}

extension FacebookAPI {
    /// Reactions, comments and shares are fields of the post; people and clicks are insights (of Graph v23 and later, after
    /// the metrics that were removed in June 2026). Small pages have no insights: then only the fields are known.
    func metrics(ofPost id: String) async throws(PublishFailure) -> Metrics {
        let json = try await graph.get(
            id, fields: "id,shares,comments.summary(true).limit(0),reactions.summary(true).limit(0)")
        var metrics = Metrics()
        metrics[.likes] = json["reactions"]?["summary"]?.count("total_count")
        metrics[.comments] = json["comments"]?["summary"]?.count("total_count")
        // Graph leaves `shares` out while there is none.
        metrics[.shares] = json["shares"] == nil ? 0 : json["shares"]?.count("count")
        let values = try await insights(of: id, ["post_total_media_view_unique", "post_clicks"])
        metrics[.reach] = values["post_total_media_view_unique"]
        metrics[.clicks] = values["post_clicks"]
        return metrics
    }

    /// Graph leaves them out for small pages, and refuses them to tokens without `read_insights`: neither takes the fields
    /// away. What may work later, and a token that ended, are failures of the reading.
    private func insights(of id: String, _ names: [String]) async throws(PublishFailure) -> [String: Int64] {
        do {
            return try await graph.insights(of: id, names)
        } catch  where error.failureClass == .final {
            return [:]
        }
    }

    func counts() async throws(PublishFailure) -> AccountCounts {
        let json = try await graph.get(session.externalID, fields: "id,name,followers_count,fan_count")
        return AccountCounts(followers: json.count("followers_count") ?? json.count("fan_count"))
    }
}
