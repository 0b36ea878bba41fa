import Core
import Foundation
import Testing

@testable import Mail

/// The servers of `Tests/MailPeers/smtp_peers.py`, started once for all tests; they end with this process.
struct Peers: Sendable {
    static let user = "mailer@example.org"
    static let password = "pa:ss/w@rd é"
    /// User and password as a URL has them.
    static let login = "mailer%40example.org:pa%3Ass%2Fw%40rd%20%C3%A9@"

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let python = root + "/.build/venv/bin/python"
    /// False where `script/bootstrap --test` was not run.
    static let areInstalled = FileManager.default.isExecutableFile(atPath: python)

    private static let shared = Result { try Peers() }

    static func running() throws -> Peers { try shared.get() }

    /// The CA certificate that some of the servers' certificates come from.
    let authority: String
    private let folder: String
    private let ports: JSONValue
    /// Closed by the system when this process ends, which the servers take as their end.
    private let input: Pipe

    private init() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [Self.root + "/Tests/MailPeers/smtp_peers.py"]
        let output = Pipe()
        input = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw NotStarted() }
            line += more
        }
        let json = try JSONValue(parsing: [UInt8](line.prefix { $0 != 0x0A }))
        authority = try #require(json["authority"]?.string)
        folder = try #require(json["folder"]?.string)
        ports = try #require(json["ports"])
    }

    struct NotStarted: Error, CustomStringConvertible {
        let description = "The mail servers for the tests did not start: run script/bootstrap --test."
    }

    func port(_ name: String) throws -> Int {
        Int(try #require(ports[name]?.int))
    }

    /// A transport to the server `name`; by default without TLS and with the authority trusted.
    func transport(
        _ name: String, scheme: String = "smtp", login: String = "", host: String = "localhost", options: String = "?tls=none",
        isTrusting: Bool = true, limit: Duration = .seconds(30)
    ) throws -> SMTPTransport {
        let settings = try SMTPSettings(url: "\(scheme)://\(login)\(host):\(try port(name))\(options)")
        return try SMTPTransport(settings, authorities: isTrusting ? authority : nil, limit: limit)
    }

    /// What the server took for `recipient`, as python reads it; nil when nothing came.
    func mail(for recipient: String) throws -> JSONValue? {
        guard let data = FileManager.default.contents(atPath: folder + "/\(recipient).json") else { return nil }
        return try JSONValue(parsing: [UInt8](data))
    }
}

extension MailMessage {
    /// A small mail to one mailbox.
    static func note(to recipient: String, subject: String = "Hello", text: String = "Good day.\n") throws -> MailMessage {
        MailMessage(
            from: try MailAddress("audenci@example.org", name: "Audenci"), to: [try MailAddress(recipient)], subject: subject,
            text: text)
    }
}

/// The issue that sending ends with; nil when the mail went through.
func issue(_ transport: SMTPTransport, _ message: MailMessage) async -> MailIssue? {
    do throws(MailIssue) {
        try await transport.send(message)
        return nil
    } catch { return error }
}
