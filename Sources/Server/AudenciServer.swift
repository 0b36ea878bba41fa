import Contract
import Core
import Delivery
import Features
import Foundation
import HTTPServer
import Hummingbird
package import Logging
import Metering
import NIOCore
import Outbound
import Publishing
import Relational
import Scheduling
import ServiceLifecycle
package import UnixSignals

/// The whole system on one page: what `audenci serve` builds and runs.
package struct AudenciServer: Sendable {
    private let settings: Settings
    private let roles: Set<ServerRole>
    private let makesDemo: Bool
    private let say: @Sendable (String) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - makesDemo: on empty data, make a demo organization and print its key.
    ///   - say: receives the lines that are meant for the person at the terminal.
    package init(
        settings: Settings, roles: Set<ServerRole> = [.web, .worker], makesDemo: Bool = false,
        say: @escaping @Sendable (String) -> Void = { standardOutput($0) }, logger: Logger? = nil
    ) {
        self.settings = settings
        self.roles = roles
        self.makesDemo = makesDemo
        self.say = say
        var logger = logger ?? Logger(label: "audenci") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = settings.logLevel
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT, then finishes what is under way.
    /// - Parameter onListening: told the port, once requests are answered.
    package func run(
        signals: [UnixSignal] = [.sigterm, .sigint], onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        var settings = settings
        let reserved = settings.port == 0 && roles.contains(.web) ? try ReservedPort(on: settings.host) : nil
        settings.port = reserved?.port ?? settings.port
        try await serve(settings, signals: signals, onListening: onListening)
        withExtendedLifetime(reserved) {}
    }

    private func serve(
        _ settings: Settings, signals: [UnixSignal], onListening: @escaping @Sendable (Int) -> Void
    ) async throws {
        let folder = try DataFolder(settings.dataFolder)
        let lock = roles.contains(.worker) ? try folder.lock() : nil
        let store = try await OpenedStore(settings: settings)
        let world = try World(store: store, settings: settings, logger: logger)

        var services: [any Service] = [ClosesLast(world: world)]
        if roles.contains(.worker) {
            try await world.claims.releaseAbandoned()
            try await world.deliveries.releaseAll()
            try await world.inbox.releaseAbandoned()
            try await world.plans.releaseAll()
            try await world.jobs.releaseAbandoned()
            services.append(world.dispatcher)
            if let exporter = try world.traceExporter() { services.append(exporter) }
            services.append(Scheduler(duties: world.duties, ambient: world.ambient, logger: logger))
            services.append(InboxRounds(worker: world.inboxWorker, logger: logger))
            services.append(
                ClaimLoop(DuePosts(claims: world.claims, publisher: world.publisher), logger: logger))
            services.append(ClaimLoop(world.insightReadings, logger: logger))
            services.append(world.jobRunner)
            logger.info(
                "generating", metadata: ["text": "\(world.ai.text)", "pictures": "\(world.ai.pictures)"])
        }
        if roles.contains(.web) {
            let setupToken = try await firstStart(world)
            services.append(webApplication(world, settings, setupToken: setupToken, onListening: onListening))
        }
        try await ServiceGroup(
            configuration: .init(services: services, gracefulShutdownSignals: signals, logger: logger)
        ).run()
        withExtendedLifetime(lock) {}
    }

    private func webApplication(
        _ world: World, _ settings: Settings, setupToken: String?, onListening: @escaping @Sendable (Int) -> Void
    ) -> any Service {
        let metrics = HTTPMetrics()
        let publicURL = settings.publicURL
        let endpoints = world.endpoints
        let document = APIDescription.document(of: endpoints, serverURL: publicURL)
        let api = APIServer(
            endpoints: endpoints,
            plainRoutes: Health(world: world, httpMetrics: metrics).routes
                + SetupPage(token: setupToken, setup: world.setup).routes + [world.cardRoute]
                + BinRoute(bins: world.bins).routes + InvitePage(invites: world.invites).routes
                + world.connectPage.routes
                + ReviewPage(links: world.reviewLinks).routes + [world.mediaLinks.route(world.media)]
                + WebhookDocuments(world: world).routes + world.metaRoute.routes + ReferencePages(document).routes
                + APIDescription.routes(document),
            authenticate: { try await world.keys.authenticate($0, from: $1) }, limiter: world.limiter, ledger: world.ledger,
            publicURL: publicURL,
            ambient: world.ambient, logger: logger, metrics: metrics, translate: Self.translate)
        return api.makeApplication(
            router: api.makeRouter(), address: .hostname(settings.host, port: settings.port),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                say("audenci \(Version.text) listens on http://\(settings.host):\(port)")
                if let setupToken { say("Set up your organization: http://\(settings.host):\(port)/setup?token=\(setupToken)") }
                onListening(port)
            })
    }

    /// On empty data: a demo organization with its key, or the token of the one-time setup URL.
    private func firstStart(_ world: World) async throws -> String? {
        guard try await world.organizations.ids(limit: 1).isEmpty else { return nil }
        guard makesDemo else { return Base62.random(32, world.ambient) }
        let made = try await world.setup.create(
            OrganizationOutline(name: "Demo", plan: .enterprise, brand: "Demo", email: "owner@demo.test"))
        say(
            """
            Demo organization (sandbox accounts only):
              API key  \(made.apiKey.reveal())
              brand    \(made.brandID)
            """)
        return nil
    }

    /// What callers are told when the database cannot take part.
    private static func translate(_ error: any Error) -> APIError? {
        switch error as? RelationalError {
        case .busy:
            APIError(.unavailable, "The database is locked by another process; try again.", headers: [("Retry-After", "1")])
        case .storage:
            APIError(
                .unavailable, "The storage cannot be written, perhaps the disk is full; nothing was acknowledged.",
                headers: [("Retry-After", "30")])
        case .closed: APIError(.unavailable, "The server is stopping.", headers: [("Retry-After", "5")])
        default: nil
        }
    }
}

/// Closes the database after every other service has stopped.
private struct ClosesLast: Service {
    let world: World

    func run() async throws {
        try? await gracefulShutdown()
        await world.close()
    }
}

/// Writes a line to standard output at once, also when that is a pipe.
package func standardOutput(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
}
