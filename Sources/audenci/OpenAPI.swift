import ArgumentParser
import Server

struct OpenAPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI 3.1 document of this version.")

    func run() throws { print(try APIDescription.text()) }
}
