import ArgumentParser
import Server

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create, list, rotate and revoke API keys.", subcommands: [Create.self, List.self, Rotate.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a key and print it, this once.")
        @OptionGroup var options: SettingOptions
        @Option(help: "The organization's id; needed when there are several.") var organization: String?
        @Option(help: "What the key is for.") var name: String
        @Option(help: "read-only, read-write or admin.") var scope = "read-only"
        @Option(help: "When it stops working, as an ISO 8601 instant.") var expiresAt: String?
        @Flag(help: "Make an sk_dev_ key, which sees sandbox accounts only.") var development = false

        func run() async throws {
            let commands = try await KeyCommands(settings: try options.settings(), organization: organization)
            print(try await commands.create(name: name, scope: scope, expiresAt: expiresAt, development: development))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys, without their text.")
        @OptionGroup var options: SettingOptions
        @Option(help: "The organization's id; needed when there are several.") var organization: String?

        func run() async throws {
            print(try await KeyCommands(settings: try options.settings(), organization: organization).list())
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a successor of a key and print it; the old one works on until the grace ends.")
        @OptionGroup var options: SettingOptions
        @Option(help: "The organization's id; needed when there are several.") var organization: String?
        @Option(help: "How long the old key goes on working, in seconds.") var graceSeconds = 86_400
        @Argument(help: "The key's id, as `audenci keys list` shows it.") var id: String

        func run() async throws {
            let commands = try await KeyCommands(settings: try options.settings(), organization: organization)
            print(try await commands.rotate(id, graceSeconds: graceSeconds))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key, at once, also on a running server.")
        @OptionGroup var options: SettingOptions
        @Option(help: "The organization's id; needed when there are several.") var organization: String?
        @Argument(help: "The key's id, as `audenci keys list` shows it.") var id: String

        func run() async throws {
            print(try await KeyCommands(settings: try options.settings(), organization: organization).revoke(id))
        }
    }
}
