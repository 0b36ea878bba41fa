import ArgumentParser
import Server

struct Simulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the platform simulators over HTTP, as a process of their own.",
        discussion: """
            Accounts point at it by base URL: http://127.0.0.1:PORT/mastodon, /instagram, /facebook; allow the address with
            AUDENCI_OUTBOUND_ALLOW. GET /__sim/ledger lists every visible post, POST /__sim/faults arms a fault.
            """)

    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on; 0 chooses a free one.") var port = 8090
    @Option(help: "Keep the visible posts in this file, so that they survive a restart.") var ledger: String?

    func run() async throws {
        try await SimulatorServer(host: host, port: port, ledgerPath: ledger).run(say: standardOutput)
    }
}
