import Core
import Testing

@testable import Mail

/// What must not be sent over a connection that is not what it should be.
@Suite(.enabled(if: Peers.areInstalled, "script/bootstrap --test installs the mail servers for these tests"))
struct SecurityTests {
    private let peers: Peers

    init() throws { peers = try Peers.running() }

    private func issue(_ server: String, scheme: String = "smtp", isTrusting: Bool = true) async throws -> MailIssue? {
        let transport = try peers.transport(server, scheme: scheme, login: Peers.login, options: "", isTrusting: isTrusting)
        let issue = await MailTests.issue(transport, try .note(to: "security@example.org"))
        #expect(try peers.mail(for: "security@example.org") == nil)
        return issue
    }

    private func name(_ server: String) throws -> String { "localhost:\(try peers.port(server))" }

    @Test func aServerWithoutSTARTTLSGetsNothing() async throws {
        #expect(try await issue("plainLogin") == .noStartTLS(server: try name("plainLogin")))
    }

    @Test(arguments: [("startTLS", "smtp"), ("implicitTLS", "smtps")])
    func anUnknownAuthorityIsRefused(server: String, scheme: String) async throws {
        let issue = try await issue(server, scheme: scheme, isTrusting: false)
        #expect(issue == .notSecure(server: try name(server), reason: .untrusted))
        #expect(issue?.description.contains("Nothing was sent.") == true)
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        #expect(try await issue("otherName") == .notSecure(server: try name("otherName"), reason: .otherName))
    }

    @Test func aCertificateForTheAddressIsNoneForTheName() async throws {
        #expect(try await issue("onlyAddress") == .notSecure(server: try name("onlyAddress"), reason: .otherName))
    }

    @Test func repliesSlippedInBeforeTLSAreRefused() async throws {
        let fault = MailIssue.protocolFault(server: try name("speaksAhead"), during: .startTLS, .spokeAheadOfTLS)
        #expect(try await issue("speaksAhead") == fault)
    }

    @Test func aGoAheadWithoutTLSBehindItIsRefused() async throws {
        #expect(try await issue("noTLSAfterGo") == .notSecure(server: try name("noTLSAfterGo"), reason: .handshake))
    }

    @Test func smtpsToAPortWithoutTLSSaysWhichPortsGoWithWhat() async throws {
        let issue = try #require(try await issue("chatty", scheme: "smtps"))
        #expect(issue == .notSecure(server: try name("chatty"), reason: .handshake))
        #expect(issue.description.contains("465 goes with smtps://"))
    }

    @Test func aServerThatCannotDoTLSForNowIsTriedAgainLater() async throws {
        let issue = try await issue("refusesTLS")
        guard case .deferred(_, .startTLS, let reply)? = issue else { return #expect(issue == nil) }
        #expect(reply.code == 454)
    }

    @Test func aReplyThatRepeatsThePasswordIsWithheld() async throws {
        let transport = try peers.transport("repeatsPassword", login: Peers.login)
        let issue = try #require(await MailTests.issue(transport, try .note(to: "repeats@example.org")))
        #expect(issue.description.contains("535 (text withheld: it repeats the password)"))
        let token = Base64.encode("\0\(Peers.user)\0\(Peers.password)".utf8)
        #expect(!"\(issue) \(String(reflecting: issue))".contains(token))
    }

    @Test func authoritiesThatAreNoCertificatesAreRefused() throws {
        let settings = try SMTPSettings(url: "smtps://localhost")
        for text in ["", "trust me", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            #expect(throws: SMTPSettingsIssue.badAuthorities) { try SMTPTransport(settings, authorities: text) }
        }
    }
}
