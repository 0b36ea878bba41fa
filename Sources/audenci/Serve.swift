import ArgumentParser
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server: API, scheduler and webhook dispatcher.",
        discussion: """
            The first start on empty data prints a one-time setup URL. With --demo it makes a demo organization instead and
            prints its key.
            """)

    enum Role: String, ExpressibleByArgument, CaseIterable { case all, web, worker }

    @OptionGroup var options: SettingOptions
    @Option(help: "all, web (API only) or worker (scheduler and dispatcher only).") var role = Role.all
    @Flag(help: "On empty data, make a demo organization and print its key.") var demo = false

    func run() async throws {
        var roles: Set<ServerRole> = []
        if role != .worker { roles.insert(.web) }
        if role != .web { roles.insert(.worker) }
        try await AudenciServer(settings: try options.settings(), roles: roles, makesDemo: demo).run()
    }
}
