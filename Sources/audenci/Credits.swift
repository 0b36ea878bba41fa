import ArgumentParser
import Server

struct Credits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show an organization's credits and give it more.", subcommands: [Show.self, Grant.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the balance and what it is made of.")
        @OptionGroup var options: SettingOptions
        @Option(help: "The organization's id; needed when there are several.") var organization: String?

        func run() async throws {
            print(try await CreditCommands(settings: try options.settings(), organization: organization).show())
        }
    }

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give credits, also to a running server.")
        @OptionGroup var options: SettingOptions
        @Option(help: "The organization's id; needed when there are several.") var organization: String?
        @Option(help: "grant or purchase.") var source = "grant"
        @Option(help: "When what is left of them ends, as an ISO 8601 instant; never, when absent.") var expiresAt: String?
        @Option(help: "What they are for.") var note: String?
        @Argument(help: "How many credits.") var amount: Int

        func run() async throws {
            let commands = try await CreditCommands(settings: try options.settings(), organization: organization)
            print(try await commands.grant(amount, source: source, expiresAt: expiresAt, note: note))
        }
    }
}
