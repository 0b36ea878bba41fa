import ArgumentParser
import Server

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema up to date; `serve` does the same at its start.")

    @OptionGroup var options: SettingOptions

    func run() async throws {
        let applied = try await Setup.migrate(settings: try options.settings())
        print(applied.isEmpty ? "the schema is up to date" : "applied: " + applied.joined(separator: ", "))
    }
}
