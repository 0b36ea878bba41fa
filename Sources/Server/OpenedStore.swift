package import Core
import Features
import Metering
package import Relational
import SQLiteEngine

/// The database, open and at the schema of this version, with the key that its secrets are sealed with.
package struct OpenedStore: Sendable {
    package let engine: any RelationalEngine
    /// Nil when there is no database behind it.
    let sqlite: SQLiteEngine?
    package let ambient: Ambient
    package let masterKey: Secret

    /// The whole schema's history. New steps of any feature go to the end of ``FeatureList/laterMigrations``, which is the
    /// end of this too: the migrator refuses a step that stands before one that is applied.
    package static let migrations: [Migration] = {
        var later = FeatureList.laterMigrations
        // This one came when the features' last step was `notifications-1`: databases have it there.
        let place = later.firstIndex { $0.name == "notifications-1" }.map { $0 + 1 } ?? later.endIndex
        later.insert(MeteringMigrations.repeats, at: place)
        return FeatureList.migrations + MeteringMigrations.all + later
    }()

    package init(settings: Settings, ambient: Ambient = .live, migrates: Bool = true) async throws {
        let folder = try DataFolder(settings.dataFolder)
        self.ambient = ambient
        if let key = settings.masterKey { masterKey = key } else { masterKey = try folder.masterKey(ambient) }
        let opened = try SQLiteEngine(path: settings.databasePath)
        sqlite = opened
        engine = opened
        if migrates { _ = try await migrate() }
    }

    /// Nothing is opened: every use of the engine fails. For what the endpoints say of themselves.
    init(describing settings: Settings) {
        ambient = .live
        masterKey = Secret("no database, no secrets")
        sqlite = nil
        engine = ClosedEngine()
    }

    package func migrate() async throws -> [String] {
        try await Migrator(Self.migrations).run(on: engine, now: ambient.now)
    }

    package func close() async { await engine.close() }
}
