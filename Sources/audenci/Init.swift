import ArgumentParser
import Server

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create an organization with an owner, a brand, sandbox accounts and an admin key.",
        discussion: "Works while the server runs and while it does not. Run it again to make another organization.")

    @OptionGroup var options: SettingOptions
    @Option(help: "The organization's name.") var organization = "Acme"
    @Option(help: "starter, growth, scale or enterprise.") var plan = "starter"
    @Option(help: "The brand's name.") var brand = "Acme"
    @Option(help: "The owner's e-mail address.") var email = "owner@acme.test"
    @Option(help: "Requests an hour, instead of the plan's number.") var requestsPerHour: Int?
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let order = SetupOrder(
            settings: try options.settings(), organization: organization, plan: plan, brand: brand, email: email,
            requestsPerHour: requestsPerHour, isJSON: json)
        print(try await Setup.create(order))
    }
}
