import ArgumentParser
import Server

@main
struct Audenci: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audenci",
        abstract: "Plan, publish and measure social media posts; signed webhooks tell what happened.",
        discussion: """
            A first look, without any account anywhere:
              audenci demo                      the whole way, unattended, on temporary data
              audenci serve --demo              a server with a ready organization and key

            Every setting can be a flag, an environment variable (AUDENCI_PORT), or a key in audenci.toml or audenci.yaml;
            `audenci config show` says which one is in force.
            """,
        version: Version.text,
        subcommands: [
            Serve.self, Init.self, Demo.self, Simulator.self, Keys.self, Credits.self, Migrate.self, OpenAPI.self, Config.self,
            Listen.self, Trigger.self,
        ])

    static func main() async {
        ImageWorkerCommand.runIfAsked(CommandLine.arguments)
        await main(nil)
    }
}
