import Core
import Testing

@testable import Mail

/// Against aiosmtpd, over real sockets and TLS.
@Suite(.enabled(if: Peers.areInstalled, "script/bootstrap --test installs the mail servers for these tests"))
struct DeliveryTests {
    private let peers: Peers

    init() throws { peers = try Peers.running() }

    private func send(
        to recipient: String, over transport: SMTPTransport, text: String = "Good day.\n"
    ) async throws -> JSONValue {
        try await transport.send(.note(to: recipient, text: text))
        return try #require(try peers.mail(for: recipient))
    }

    @Test func withoutTLSNothingIsEncryptedAndNobodyIsLoggedIn() async throws {
        let mail = try await send(to: "plain@example.org", over: try peers.transport("plain"))
        #expect(mail["isSecured"]?.bool == false)
        #expect(mail["isLoggedIn"]?.bool == false)
        #expect(mail["from"]?.string == "audenci@example.org")
        #expect(mail["to"]?[0]?.string == "plain@example.org")
        #expect(mail["hello"]?.string == "[127.0.0.1]")
        #expect(mail["plain"]?.string == "Good day.\n")
    }

    @Test func theMachinesNameIsSaidWhenItIsGiven() async throws {
        let transport = try peers.transport("plain", options: "?tls=none&hello=social.example.org")
        let mail = try await send(to: "hello@example.org", over: transport)
        #expect(mail["hello"]?.string == "social.example.org")
    }

    @Test func startTLSComesBeforeTheLogin() async throws {
        let transport = try peers.transport("startTLS", login: Peers.login, options: "")
        let mail = try await send(to: "starttls@example.org", over: transport)
        #expect(mail["isSecured"]?.bool == true)
        #expect(mail["isLoggedIn"]?.bool == true)
    }

    @Test func smtpsIsSecureFromTheFirstByte() async throws {
        let transport = try peers.transport("implicitTLS", scheme: "smtps", login: Peers.login, options: "")
        let mail = try await send(to: "smtps@example.org", over: transport)
        #expect(mail["isSecured"]?.bool == true)
        #expect(mail["isLoggedIn"]?.bool == true)
    }

    @Test func aServerThatIsAnAddressIsCheckedAsAnAddress() async throws {
        let transport = try peers.transport("onlyAddress", login: Peers.login, host: "127.0.0.1", options: "")
        let mail = try await send(to: "address@example.org", over: transport)
        #expect(mail["isSecured"]?.bool == true)
    }

    @Test(arguments: ["plainLogin", "onlyLogin"])
    func bothWaysToLogInWork(server: String) async throws {
        let mail = try await send(to: "\(server)@example.org", over: try peers.transport(server, login: Peers.login))
        #expect(mail["isLoggedIn"]?.bool == true)
    }

    @Test(arguments: ["plainLogin", "onlyLogin"])
    func aWrongPasswordIsForAPerson(server: String) async throws {
        let transport = try peers.transport(server, login: "someone:secretive@")
        let issue = try #require(await issue(transport, try .note(to: "wrong@example.org")))
        guard case .rejected(_, .login, let reply) = issue else { return #expect(issue == .cancelled) }
        #expect(reply.code == 535)
        #expect(!issue.isTemporary)
        #expect(issue.description.contains("Check user and password"))
        #expect(!issue.description.contains("secretive"))
        #expect(try peers.mail(for: "wrong@example.org") == nil)
    }

    @Test func aServerThatWantsALoginSaysSo() async throws {
        let issue = try #require(await issue(try peers.transport("plainLogin"), try .note(to: "nologin@example.org")))
        guard case .rejected(_, .sender, let reply) = issue else { return #expect(issue == .cancelled) }
        #expect(reply.code == 530)
    }

    @Test(arguments: [("nobody", 550, false), ("busy", 451, true), ("full", 452, true), ("spam", 554, false)])
    func refusalsTellForNowFromForever(mailbox: String, code: Int, isTemporary: Bool) async throws {
        let issue = try #require(await issue(try peers.transport("plain"), try .note(to: "\(mailbox)@example.org")))
        let reply: SMTPReply?
        switch issue {
        case .deferred(_, _, let said), .rejected(_, _, let said): reply = said
        case _: reply = nil
        }
        #expect(reply?.code == code)
        #expect(issue.isTemporary == isTemporary)
        #expect(!issue.mayHaveArrived)
        #expect(issue.description.contains("\(code)"))
    }

    @Test func oneRefusedRecipientMeansThatNobodyGetsTheMail() async throws {
        var message = try MailMessage.note(to: "first@example.org")
        message.to.append(try MailAddress("nobody@example.org"))
        let issue = try #require(await issue(try peers.transport("plain"), message))
        guard case .rejected(_, .recipient(let address), _) = issue else { return #expect(issue == .cancelled) }
        #expect(address.address == "nobody@example.org")
        #expect(issue.description.contains("the recipient nobody@example.org: 550 5.1.1 No such user. Check"))
        #expect(try peers.mail(for: "first@example.org") == nil)
    }

    @Test func aRefusedSenderIsNamedAsSuch() async throws {
        var message = try MailMessage.note(to: "sender@example.org")
        message.from = try MailAddress("banned@example.org")
        let issue = try #require(await issue(try peers.transport("plain"), message))
        guard case .rejected(_, .sender, let reply) = issue else { return #expect(issue == .cancelled) }
        #expect(reply.description == "553 5.7.1 Sender not allowed")
    }

    @Test func manyMailsGoOutAtOnce() async throws {
        let transport = try peers.transport("startTLS", login: Peers.login, options: "")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 { group.addTask { try await transport.send(.note(to: "many\(number)@example.org")) } }
            try await group.waitForAll()
        }
        for number in 0..<20 { #expect(try peers.mail(for: "many\(number)@example.org") != nil) }
    }

    @Test func aMailOfHalfAMegabyteArrivesWhole() async throws {
        let text = String(repeating: "Zeile für Zeile.\n", count: MailMessage.maximumBodyBytes / 18)
        let mail = try await send(to: "large@example.org", over: try peers.transport("plain"), text: text)
        #expect(mail["plain"]?.string == text)
    }
}
