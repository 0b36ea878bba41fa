package import Contract
import Core

/// Figures of posts and accounts: sums, single posts, best times, exports, and readings on demand.
package struct AnalyticsAPI: Sendable {
    let analytics: AnalyticsStore
    let insights: InsightStore
    let exports: ExportStore

    package init(analytics: AnalyticsStore, insights: InsightStore, exports: ExportStore) {
        self.analytics = analytics
        self.insights = insights
        self.exports = exports
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "GET", "/api/analytics", id: "analytics.get",
                "Get what came in a period: totals, a series, platforms, top posts, pillars, followers.", scope: .readOnly,
                QueryParameters(AnalyticsFilter.self)
            ) { caller, filter in OK(try await analytics.report(filter, for: caller)) },
            Endpoint(
                "GET", "/api/analytics/posts/{id}", id: "analytics.post",
                "Get a post's figures on each account, and every reading of them.", scope: .readOnly,
                PathParameter("id", as: PostID.self, "The post.")
            ) { caller, id in OK(try await analytics.post(id, for: caller)) },
            Endpoint(
                "GET", "/api/analytics/accounts/{id}", id: "analytics.account",
                "Get an account's followers: how they grew, and the milestones.", scope: .readOnly,
                PathParameter("id", as: SocialAccountID.self, "The account.")
            ) { caller, id in OK(try await analytics.account(id, for: caller)) },
            Endpoint(
                "GET", "/api/analytics/best-times", id: "analytics.bestTimes",
                "Get the hours of the week in which posts do best.",
                scope: .readOnly, QueryParameters(BestTimesFilter.self)
            ) { caller, filter in OK(try await analytics.bestTimes(filter, for: caller)) },
            Endpoint(
                "GET", "/api/analytics/export", id: "analytics.export",
                "Download every snapshot: NDJSON, CSV or Parquet. `X-Next-Cursor` is where the next export goes on.",
                scope: .readOnly, QueryParameters(AnalyticsExport.self)
            ) { caller, export in
                let end = try await exports.end(for: caller)
                let range = try export.range(upTo: end)
                return try await export.stream(range, next: end, from: exports, for: caller)
            },
            Endpoint(
                "POST", "/api/analytics/refresh", id: "analytics.refresh", "Read a post's or an account's figures now.",
                scope: .readWrite, errors: [.conflict], JSONBody(AnalyticsRefreshInput.self)
            ) { caller, input in
                let refresh = try await insights.refresh(input, for: caller)
                return Accepted(refresh, at: "/api/analytics/refresh/\(refresh.id)")
            },
            Endpoint(
                "GET", "/api/analytics/refresh/{id}", id: "analytics.refreshJob", "Get how a refresh goes.", scope: .readOnly,
                PathParameter("id", as: JobID.self, "The refresh.")
            ) { caller, id in OK(try await insights.refreshJob(id, for: caller)) },
            Endpoint(
                "GET", "/api/analytics/settings", id: "analytics.settings", "Get the thresholds of follower milestones.",
                scope: .readOnly
            ) { caller in OK(try await analytics.settings(for: caller)) },
            Endpoint(
                "PUT", "/api/analytics/settings", id: "analytics.updateSettings",
                "Choose the thresholds of follower milestones; they hold for what is reached from now on.", scope: .admin,
                JSONBody(AnalyticsSettingsInput.self)
            ) { caller, input in OK(try await analytics.update(input, for: caller)) },
        ]
    }
}
