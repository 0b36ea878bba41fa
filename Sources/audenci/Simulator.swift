import ArgumentParser
import Server

struct Simulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the platform simulators over HTTP, as a process of their own.",
        discussion: """
            Accounts point at it by base URL: http://127.0.0.1:PORT/mastodon, /instagram, /facebook; allow the address with
            AUDENCI_OUTBOUND_ALLOW. GET /__sim/ledger lists every visible post, POST /__sim/faults arms a fault,
            POST /__sim/comments and /__sim/mentions let somebody write.
            """)

    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on; 0 chooses a free one.") var port = 8090
    @Option(help: "Keep the visible posts in this file, so that they survive a restart.") var ledger: String?

    @Option(help: "Tell this URL of comments and mentions on Instagram and Facebook, as Meta does: .../webhooks/meta.")
    var callback: String?
    @Option(help: "The secret that such notifications are signed with: AUDENCI_META_APP_SECRET of the server.")
    var appSecret: String?

    func validate() throws {
        if callback != nil, appSecret == nil { throw ValidationError("--callback needs --app-secret.") }
    }

    func run() async throws {
        let webhook = callback.map { (callback: $0, appSecret: appSecret ?? "") }
        try await SimulatorServer(host: host, port: port, ledgerPath: ledger, webhook: webhook).run(say: standardOutput)
    }
}
