import Contract
import Core
import HTTPServer
import Outbound
import Relational
import SQLiteEngine
import Synchronization

/// `/livez`, `/readyz`, `/metrics` and `/version`.
struct Health: Sendable {
    let world: World
    let httpMetrics: HTTPMetrics

    var routes: [PlainRoute] {
        [
            PlainRoute("GET", "/livez", isLogged: false) { _ in Self.text("ok\n") },
            PlainRoute("GET", "/readyz", isLogged: false) { _ in
                // Ready means that a request could be answered: the database answers a query.
                do {
                    _ = try await world.store.engine.read { try $0.exists("SELECT 1") }
                    return Self.text("ok\n")
                } catch {
                    throw APIError(.unavailable, "The database does not answer.", headers: [("Retry-After", "1")])
                }
            },
            PlainRoute("GET", "/version") { _ in
                let version: JSONValue = ["name": "audenci", "version": .string(Version.text)]
                return Reply(status: 200, body: version.bytes)
            },
            PlainRoute("GET", "/metrics", isLogged: false) { _ in
                Self.text(await metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
            },
        ]
    }

    private static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Reply {
        Reply(status: 200, headers: [("Content-Type", type)], body: Array(text.utf8))
    }

    private func metrics() async -> String {
        let commits = world.store.sqlite?.statistics
        let outbound = world.webhookClient.counters
        return httpMetrics.prometheusText + (await world.deliveryMetricsText()) + """
            # HELP audenci_database_commits_total Durable commits.
            # TYPE audenci_database_commits_total counter
            audenci_database_commits_total \(commits?.commits ?? 0)
            # HELP audenci_database_writes_total Transactions that these commits carried.
            # TYPE audenci_database_writes_total counter
            audenci_database_writes_total \(commits?.jobs ?? 0)
            # HELP audenci_webhook_connections_total Connections of deliveries, by whether one was kept alive.
            # TYPE audenci_webhook_connections_total counter
            audenci_webhook_connections_total{reused="false"} \(outbound.connectionsOpened)
            audenci_webhook_connections_total{reused="true"} \(outbound.connectionsReused)
            # HELP audenci_webhook_connections_open Connections of deliveries that are open now.
            # TYPE audenci_webhook_connections_open gauge
            audenci_webhook_connections_open \(outbound.connectionsOpen)

            """
    }
}
