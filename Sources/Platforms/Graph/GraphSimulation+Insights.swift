import Core
import Outbound

extension GraphSimulation {
    var audience: SimulatedAudience { SimulatedAudience(platform: platform, world: world) }

    /// Requests for numbers of a post; nil when it is another request.
    func instagramNumbers(of id: String) async throws -> OutboundResponse? {
        if path.count == 2, path.last == "insights" {
            return try await insights(of: id) { metrics in
                [
                    ("views", metrics[.views]), ("reach", metrics[.reach]), ("likes", metrics[.likes]),
                    ("comments", metrics[.comments]), ("shares", metrics[.shares]), ("saved", metrics[.saves]),
                ]
            }
        }
        return nil
    }

    /// The same for a page's posts.
    func facebookNumbers(of id: String) async throws -> OutboundResponse? {
        if path.count == 2, path.last == "insights" {
            return try await insights(of: id) { metrics in
                [("post_total_media_view_unique", metrics[.reach]), ("post_clicks", metrics[.clicks])]
            }
        }
        guard path.count == 1, asks(for: "reactions.summary") else { return nil }
        guard let post = try await post(id) else { return Self.notFound }
        let metrics = try await audience.metrics(of: post)
        func summary(_ value: Int64?) -> JSONValue {
            ["data": [], "summary": value.map { ["total_count": .int($0)] } ?? [:]]
        }
        return .json([
            "id": .string(id), "shares": ["count": .int(metrics[.shares] ?? 0)], "comments": summary(metrics[.comments]),
            "reactions": summary(metrics[.likes]),
        ])
    }

    private func asks(for field: String) -> Bool { request.query("fields")?.contains(field) ?? false }

    /// The post, when the token may see it.
    private func post(_ id: String) async throws -> VisiblePost? {
        guard let post = try await world.visiblePost(platform: platform, id: id), mayAct(for: post.account) else { return nil }
        return post
    }

    private func insights(
        of id: String, _ values: (Metrics) -> [(name: String, value: Int64?)]
    ) async throws -> OutboundResponse {
        guard let post = try await post(id) else { return Self.notFound }
        let wanted = Set((request.query("metric") ?? "").split(separator: ",").map(String.init))
        var entries: [JSONValue] = []
        for (name, value) in values(try await audience.metrics(of: post)) where wanted.contains(name) {
            guard let value else { continue }
            entries.append([
                "name": .string(name), "period": "lifetime", "values": [["value": .int(value)]],
                "id": .string("\(id)/insights/\(name)/lifetime"),
            ])
        }
        return .json(["data": .array(entries)])
    }
}
