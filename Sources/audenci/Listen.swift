import ArgumentParser
import Foundation
import Server

struct Listen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Forward a server's events to a URL of this machine, signed, while you develop.")
    @Option(help: "Where events go, such as http://127.0.0.1:3000/webhook.") var forward: String
    @Option(help: "An API key of scope read-only or more; AUDENCI_API_KEY when absent.") var key: String?
    @Option(help: "The server.") var server = "http://127.0.0.1:8080"
    @Option(help: "Only these events, comma separated.") var events = ""
    @Option(help: "The secret that signs; a new one is printed when absent.") var secret: String?
    @Option(help: "Stop after this many events.") var count: Int?

    func run() async throws {
        let listener = try EventListener(
            server: server, key: try APIKeyOption.text(key), forward: forward,
            types: events.split(separator: ",").map(String.init), secret: secret)
        try await listener.run(count: count)
    }
}

struct Trigger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send an event's sample to every webhook that wants it, marked as a test.")
    @Argument(help: "The event, such as post.published.") var event: String
    @Option(help: "An API key of scope read-write or more; AUDENCI_API_KEY when absent.") var key: String?
    @Option(help: "The server.") var server = "http://127.0.0.1:8080"

    func run() async throws {
        print(try await EventTrigger.run(event, server: server, key: try APIKeyOption.text(key)))
    }
}

/// The key of commands that speak to a server.
enum APIKeyOption {
    static func text(_ given: String?) throws -> String {
        guard let text = given ?? ProcessInfo.processInfo.environment["AUDENCI_API_KEY"] else {
            throw ValidationError("There is no API key; give --key or set AUDENCI_API_KEY.")
        }
        return text
    }
}
