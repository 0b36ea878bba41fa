import Core
import HTTPServer
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Outbound
import Platforms
import ServiceLifecycle
import UnixSignals

/// The platform simulators behind a socket: a process of its own, with a ledger of its own, that a killed server cannot
/// take with it.
package struct SimulatorServer: Sendable {
    private let host: String
    private let port: Int
    private let ledgerPath: String?
    private let webhook: (callback: String, appSecret: String)?

    /// - Parameter webhook: the callback URL that is told of comments and mentions as Meta does, and the app's secret.
    package init(host: String, port: Int, ledgerPath: String?, webhook: (callback: String, appSecret: String)? = nil) {
        self.webhook = webhook
        self.host = host
        self.port = port
        self.ledgerPath = ledgerPath
    }

    /// Serves until the process is told to stop. Says its address once it listens.
    package func run(say: @escaping @Sendable (String) -> Void) async throws {
        let world = try MemoryWorld(ledgerPath: ledgerPath)
        let told = try webhook.map {
            SimulatedWebhook(
                callback: $0.callback, appSecret: Secret($0.appSecret),
                transport: try DeveloperClient.make(["--callback": $0.callback]))
        }
        let simulators = SimulatorRouter(world: world, webhook: told)
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: SimulatorMiddleware(simulators: simulators))
        let app = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in
                say("simulators listen on http://\(self.host):\(channel.localAddress?.port ?? self.port)")
            }, logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() })
        try await app.runService(gracefulShutdownSignals: [.sigterm, .sigint])
    }
}

/// Hands every request to the simulators.
private struct SimulatorMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext
    let simulators: SimulatorRouter

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: 32 * 1024 * 1024)
        let headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
        let answer = await simulators.respond(
            to: OutboundRequest(
                request.method.rawValue, "http://simulator\(request.uri)", headers: headers, body: Array(body.readableBytesView)
            ))
        switch answer {
        case .answer(let response):
            var fields = HTTPFields()
            for header in response.headers {
                if let name = HTTPField.Name(header.name) { fields.append(HTTPField(name: name, value: header.value)) }
            }
            return Response(
                status: .init(code: response.status), headers: fields,
                body: .init(byteBuffer: ByteBuffer(bytes: response.body)))
        case .hang:
            // The client gives up first; an hour is the bound that keeps a forgotten connection from staying for ever.
            // A simulator that is told to stop does not wait for it.
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(3600)) }
            throw HTTPError(.serviceUnavailable)
        }
    }
}
