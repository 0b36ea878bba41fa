import ArgumentParser
import Server

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Look at the settings.", subcommands: [Show.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every setting, its value in force and where it is said; secrets as bullets.")
        @OptionGroup var options: SettingOptions

        func run() throws {
            let sources = try options.sources()
            _ = try Settings(sources)
            for line in try sources.report() {
                print("\(line.key.variable) = \(line.value)    (\(line.origin))")
            }
        }
    }
}
