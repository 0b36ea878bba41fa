import Contract
import Core
package import Relational

/// Reads snapshots for exports.
package struct ExportStore: Sendable {
    let engine: any RelationalEngine

    package init(engine: any RelationalEngine) { self.engine = engine }

    /// Where the organization's snapshots end; nil when there is none.
    func end(for caller: Caller) async throws -> ExportPlace? {
        try await engine.readByKey { connection in
            try connection.first(AnalyticsQueries.lastSnapshot(in: caller.organizationID)) { row in
                ExportPlace(quarter: PostSnapshot.quarter(of: row.instant(1)), sequence: row.int(0))
            }
        }
    }

    func piece(_ range: ExportRange, after place: ExportPlace, limit: Int, for caller: Caller) async throws -> [PostSnapshot] {
        try await engine.read { connection in
            try connection.query(
                AnalyticsQueries.piece(range, after: place, limit: limit, for: caller), AnalyticsQueries.decodeSnapshot)
        }
    }

    func platforms(for caller: Caller) async throws -> [SocialAccountID: Platform] {
        try await engine.read { connection in
            let pairs = try connection.query(AnalyticsQueries.accountPlatforms(in: caller.organizationID)) { row in
                (row.id(0, SocialAccountID.self), try row.value(1, Platform.self))
            }
            return Dictionary(pairs) { first, _ in first }
        }
    }
}
