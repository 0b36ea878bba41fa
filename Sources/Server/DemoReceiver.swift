import Core
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The demo's own webhook endpoint: HTTPS on a free port, remembers what it received.
final class DemoReceiver: Sendable {
    struct Received: Sendable {
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    private let received = Mutex<[Received]>([])
    private let port = Mutex<Int?>(nil)
    private let started = WakeSignal()
    private let arrived = WakeSignal()

    /// Serves until the task is cancelled. The first request is answered 500, so that a retry is seen.
    func run(_ certificates: DemoCertificates) async throws {
        let certificate = try NIOSSLCertificate.fromPEMBytes(Array(certificates.certificatePEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(certificates.privateKeyPEM.utf8), format: .pem)
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificate.map { .certificate($0) }, privateKey: .privateKey(key))
        let router = Router(context: BasicRequestContext.self)
        router.post("/webhook") { request, _ in
            let body = try await request.body.collect(upTo: 1_048_576)
            let headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
            let count = self.received.withLock { received in
                received.append(Received(headers: headers, body: Array(body.readableBytesView)))
                return received.count
            }
            self.arrived.signal()
            return count == 1 ? HTTPResponse.Status.internalServerError : .noContent
        }
        let app = Application(
            router: router, server: try .tls(.http1(), tlsConfiguration: tls),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                self.port.withLock { $0 = channel.localAddress?.port }
                self.started.signal()
            }, logger: Logger(label: "demo-receiver") { _ in SwiftLogNoOpLogHandler() })
        try await app.run()
    }

    /// The port, once it listens; nil after ten seconds without one.
    func listeningPort() async -> Int? {
        if let port = port.withLock({ $0 }) { return port }
        await started.wait(atMost: .seconds(10))
        return port.withLock { $0 }
    }

    var all: [Received] { received.withLock { $0 } }

    /// Waits until what arrived satisfies `condition`; false when it does not within `limit`.
    func wait(atMost limit: Duration, until condition: ([Received]) -> Bool) async -> Bool {
        let end = ContinuousClock.now + limit
        while !condition(all) {
            if ContinuousClock.now >= end { return false }
            await arrived.wait(atMost: .milliseconds(250))
        }
        return true
    }
}
