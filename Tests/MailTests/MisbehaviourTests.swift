import Core
import Testing

@testable import Mail

/// Against servers that hang, drop, flood and babble.
@Suite(.enabled(if: Peers.areInstalled, "script/bootstrap --test installs the mail servers for these tests"))
struct MisbehaviourTests {
    private let peers: Peers

    init() throws { peers = try Peers.running() }

    private func issue(_ server: String, login: String = "", options: String = "?tls=none", limit: Duration = .seconds(30))
        async throws -> MailIssue?
    {
        let transport = try peers.transport(server, login: login, options: options, limit: limit)
        return await MailTests.issue(transport, try .note(to: "someone@example.org"))
    }

    /// The issue when time is over; with more of it while a loaded machine was not as far as `expected` says.
    private func issueWhenTimeIsOver(_ server: String, options: String = "?tls=none", expected: MailIssue) async throws
        -> MailIssue?
    {
        for limit in [Duration.milliseconds(300), .seconds(2)] {
            let issue = try await issue(server, options: options, limit: limit)
            if issue == expected { return issue }
        }
        return try await issue(server, options: options, limit: .seconds(15))
    }

    private func name(_ server: String) throws -> String { "localhost:\(try peers.port(server))" }

    @Test(arguments: [("silent", SMTPStep.greeting), ("hangsAtMail", .sender)])
    func aServerThatHangsIsLeftInTime(server: String, step: SMTPStep) async throws {
        let expected = MailIssue.timedOut(server: try name(server), during: step)
        let issue = try await issueWhenTimeIsOver(server, expected: expected)
        #expect(issue == expected)
        #expect(issue?.isTemporary == true)
    }

    @Test func aHandshakeThatHangsIsLeftInTime() async throws {
        let expected = MailIssue.timedOut(server: try name("hangsAtTLS"), during: .securing)
        #expect(try await issueWhenTimeIsOver("hangsAtTLS", options: "", expected: expected) == expected)
    }

    @Test(arguments: ["hangsAfterContent", "dropsAfterContent", "babblesAfterContent"])
    func aServerThatHasItAllAndSaysNothingMayHaveDeliveredIt(server: String) async throws {
        let expected = MailIssue.unconfirmed(server: try name(server))
        let issue = try #require(try await issueWhenTimeIsOver(server, expected: expected))
        #expect(issue == expected)
        #expect(issue.mayHaveArrived)
        #expect(issue.isTemporary)
    }

    @Test(arguments: [("dropsAtOnce", SMTPStep.greeting), ("dropsAtRecipient", nil)])
    func aServerThatDropsTheConnectionMayBeTriedAgain(server: String, step: SMTPStep?) async throws {
        let step = try step ?? .recipient(MailAddress("someone@example.org"))
        let issue = try #require(try await issue(server))
        #expect(issue == .connectionLost(server: try name(server), during: step))
        #expect(issue.isTemporary)
        #expect(!issue.mayHaveArrived)
    }

    @Test(
        arguments: [
            ("longLine", SMTPStep.greeting, SMTPFault.longLine), ("endlessLine", .greeting, .longLine),
            ("manyLines", .hello, .manyLines), ("notSMTP", .greeting, .noReply), ("mixedCodes", .hello, .noReply),
            ("wrongClass", .sender, .unexpected(code: 354)),
        ])
    func whatIsNoSMTPIsRefused(server: String, step: SMTPStep, fault: SMTPFault) async throws {
        #expect(try await issue(server) == .protocolFault(server: try name(server), during: step, fault))
    }

    @Test func aBusyServerIsTriedAgainAndAClosedOneIsNot() async throws {
        let busy = try #require(try await issue("busy"))
        #expect(busy.isTemporary)
        #expect(busy.description.contains("refused the connection for now: 421 4.3.2 Come back later."))
        let closed = try #require(try await issue("closed"))
        #expect(!closed.isTemporary)
        #expect(closed.description.contains("Ask the server's operator"))
    }

    @Test func aLoginThatFailsForNowIsTriedAgain() async throws {
        #expect(try await issue("loginLater", login: Peers.login)?.isTemporary == true)
    }

    @Test func aServerWithoutAWayToLogInThatIsKnownIsRefused() async throws {
        #expect(try await issue("onlyOAuth", login: Peers.login) == .noLogin(server: try name("onlyOAuth")))
    }

    @Test(arguments: ["chatty", "staysAfterQuit", "babblesAfterTaking"])
    func oddButValidServersGetTheMail(server: String) async throws {
        #expect(try await issue(server) == nil)
    }

    @Test func aPortWhereNothingListensIsTriedAgain() async throws {
        // Port 1 is nobody's.
        let transport = try SMTPTransport(try SMTPSettings(url: "smtp://127.0.0.1:1?tls=none"))
        let issue = await MailTests.issue(transport, try .note(to: "someone@example.org"))
        #expect(issue == .unreachable(server: "127.0.0.1:1", reason: .refused))
        #expect(issue?.isTemporary == true)
    }

    @Test func aNameThatDoesNotExistIsSaidToBeUnknown() async throws {
        let transport = try SMTPTransport(try SMTPSettings(url: "smtp://no-such-host.invalid?tls=none"))
        let issue = await MailTests.issue(transport, try .note(to: "someone@example.org"))
        #expect(issue == .unreachable(server: "no-such-host.invalid:587", reason: .unknownHost))
    }

    @Test func aCancelledTaskDoesNotWaitForTheServer() async throws {
        let transport = try peers.transport("silent")
        let message = try MailMessage.note(to: "someone@example.org")
        let sending = Task { await MailTests.issue(transport, message) }
        sending.cancel()
        #expect(await sending.value == .cancelled)
    }

    @Test func aMailThatCannotBeMadeIsNotEvenTried() async throws {
        let transport = try SMTPTransport(try SMTPSettings(url: "smtp://127.0.0.1:1?tls=none"))
        let issue = await MailTests.issue(transport, try .note(to: "a@example.org", subject: "Hello\r\nBcc: b@example.org"))
        #expect(issue == .invalid(.controlCharacter(field: "subject")))
        #expect(issue?.isTemporary == false)
    }
}
