import ArgumentParser
import Server

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the whole way, unattended: create a post, publish it, receive and verify its signed webhooks.",
        discussion: "Uses temporary data and sandbox accounts. Exits 0 only if all of it really happened.")

    func run() async throws {
        guard try await DemoRun().run(say: standardOutput) else { throw ExitCode.failure }
    }
}
