package import Core
package import Relational

/// Our apps at instances that make them on request: one for each instance and redirect address, shared by all
/// organizations, their secrets sealed.
package struct OAuthAppStore: Sendable {
    private let engine: any RelationalEngine
    private let ambient: Ambient
    private let box: SecretBox

    package init(engine: any RelationalEngine, ambient: Ambient, box: SecretBox) {
        self.engine = engine
        self.ambient = ambient
        self.box = box
    }

    package struct App: Sendable {
        package var clientID: String
        package var clientSecret: Secret

        package init(clientID: String, clientSecret: Secret) {
            self.clientID = clientID
            self.clientSecret = clientSecret
        }
    }

    /// The app that comes back to that address; nil: there is none yet.
    package func find(_ platform: Platform, at baseURL: String, redirectURI: String) async throws -> App? {
        try await find(platform, baseURL, "redirect_uri = \(redirectURI)")
    }

    /// The app that an account's tokens were given to.
    package func find(_ platform: Platform, at baseURL: String, clientID: String) async throws -> App? {
        try await find(platform, baseURL, "client_id = \(clientID)")
    }

    private func find(_ platform: Platform, _ baseURL: String, _ condition: Query) async throws -> App? {
        let found = try await engine.readByKey { connection in
            try connection.first(
                """
                SELECT client_id, secret_sealed FROM oauth_app
                WHERE platform = \(platform) AND base_url = \(baseURL) AND \(condition) ORDER BY created_at, client_id LIMIT 1
                """
            ) { ($0.text(0), $0.text(1)) }
        }
        return try found.map { id, sealed in
            App(clientID: id, clientSecret: try box.open(sealed, context: Self.context(platform, baseURL, id)))
        }
    }

    package func keep(_ app: App, of platform: Platform, at baseURL: String, redirectURI: String) async throws {
        let sealed = try box.seal(app.clientSecret, context: Self.context(platform, baseURL, app.clientID))
        try await engine.write { connection in
            try connection.execute(
                """
                INSERT INTO oauth_app (platform, base_url, client_id, redirect_uri, secret_sealed, created_at)
                VALUES (\(platform), \(baseURL), \(app.clientID), \(redirectURI), \(sealed), \(ambient.now()))
                ON CONFLICT (platform, base_url, client_id) DO NOTHING
                """)
        }
    }

    /// The instance does not know the app any more: the next attempt makes another.
    package func forget(_ platform: Platform, at baseURL: String, clientID: String) async throws {
        try await engine.write { connection in
            try connection.execute(
                """
                DELETE FROM oauth_app
                WHERE platform = \(platform) AND base_url = \(baseURL) AND client_id = \(clientID)
                """)
        }
    }

    private static func context(_ platform: Platform, _ baseURL: String, _ clientID: String) -> String {
        "oauth_app|\(platform.rawValue)|\(baseURL)|\(clientID)"
    }
}
