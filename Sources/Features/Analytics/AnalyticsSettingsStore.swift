package import Contract
import Core
import Relational

extension AnalyticsStore {
    package func settings(for caller: Caller) async throws -> AnalyticsSettings {
        try await engine.readByKey { try settings(for: caller, on: $0) }
    }

    private func settings(for caller: Caller, on connection: any RelationalConnection) throws -> AnalyticsSettings {
        let found = try connection.first(
            """
            SELECT follower_thresholds, version FROM analytics_setting WHERE organization_id = \(caller.organizationID)
            """
        ) { row in
            AnalyticsSettings(
                thresholds: row.optionalText(0).map { FollowerThresholds(StringList.decode($0).compactMap { Int64($0) }) },
                version: row.int(1))
        }
        return found ?? AnalyticsSettings(thresholds: nil, version: 0)
    }

    /// New thresholds hold for what is reached from now on: what an account has behind it is never told.
    package func update(_ input: AnalyticsSettingsInput, for caller: Caller) async throws -> AnalyticsSettings {
        try await engine.write { connection in
            var settings = try settings(for: caller, on: connection)
            try caller.checkVersion(settings.version)
            switch input.thresholds {
            case .keep: break
            case .clear: settings.thresholds = nil
            case .set(let values): settings.thresholds = FollowerThresholds(values)
            }
            settings.version += 1
            let text = settings.thresholds.map { StringList.encode($0.values.map { String($0) }) }
            try connection.execute(
                """
                INSERT INTO analytics_setting (organization_id, follower_thresholds, updated_at, version)
                VALUES (\(caller.organizationID), \(text), \(ambient.now()), \(settings.version))
                ON CONFLICT (organization_id) DO UPDATE SET follower_thresholds = excluded.follower_thresholds,
                    updated_at = excluded.updated_at, version = excluded.version
                """)
            return settings
        }
    }
}
