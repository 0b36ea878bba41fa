import Core
import NIOSSL
import TestSupport
import Testing

@testable import Outbound

#if canImport(Glibc)
    import Glibc
#endif

/// The S group of the acceptance list, over real sockets and real TLS.
@Suite(.serialized, .timeLimit(.minutes(1))) struct GuardTests {
    @Test func s2ANameThatResolvesToPrivateAddressesIsBlocked() async throws {
        let names = Names(["inner.test": [["10.0.0.5", "fd00::1", "169.254.169.254"]]])
        let client = try makeClient(allow: "", resolver: names)
        let error = await failure(
            of: client, OutboundRequest("POST", "https://inner.test/?token=s3cret", headers: [("A", "s3cret")]))
        #expect(error?.errorClass == .blocked_address)
        #expect(error?.isBeforeEffect == true)
        // Not a resolver for the inner network.
        #expect(error?.message.contains("10.0.0.5") == false)
        #expect(error?.description.contains("s3cret") == false)
        #expect(client.counters.connectionsOpened == 0)
    }

    @Test func s2OfMixedAnswersOnlyTheAllowedOneIsUsed() async throws {
        let receiver = try await TestReceiver.start()
        let names = Names(["mixed.receiver.test": [["169.254.169.254", "10.0.0.5", "127.0.0.1", "::1"]]])
        let client = try makeClient(allow: receiver.authority, resolver: names)
        let response = try await client.send(OutboundRequest("POST", "https://mixed.receiver.test:\(receiver.port)/"))
        #expect(response.remoteAddress == "127.0.0.1")
        #expect(receiver.requests.first?.header("host") == "mixed.receiver.test:\(receiver.port)")
        await receiver.stop()
    }

    @Test func s2ARebindingNameIsConnectedToAtItsVettedAddressAndBlockedWhenItTurns() async throws {
        let receiver = try await TestReceiver.start()
        let (ambient, clock) = Ambient.fixed()
        let names = Names(["turn.receiver.test": [["127.0.0.1"], ["169.254.169.254"]]])
        let client = try makeClient(allow: receiver.authority, resolver: names, now: ambient.now)
        let request = OutboundRequest("POST", "https://turn.receiver.test:\(receiver.port)/")
        #expect(try await client.send(request).remoteAddress == "127.0.0.1")
        #expect(names.asked.count == 1)
        clock.advance(by: .seconds(29))
        #expect(try await client.send(request).phases.reusedConnection)
        #expect(names.asked.count == 1)
        // The cache is over: even the kept connection is not used any more.
        clock.advance(by: .seconds(2))
        #expect(await failure(of: client, request)?.errorClass == .blocked_address)
        #expect(names.asked.count == 2)
        #expect(receiver.requests.count == 2)
        await receiver.stop()
    }

    @Test func s3AddressesInTrickSpellingsNeverReachTheResolver() async throws {
        let names = Names([:])
        let client = try makeClient(allow: "", resolver: names)
        for url in [
            "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://[::1]/", "https://a@1.1.1.1/",
            "https://localhost./", "https://127.0.0.1./", "https://bücher.example/",
        ] {
            let error = await failure(of: client, OutboundRequest("POST", url))
            #expect(error?.isBeforeEffect == true)
            #expect(error?.errorClass == .invalid_url || error?.errorClass == .blocked_address)
        }
        #expect(names.asked.isEmpty)
    }

    @Test func s4AnAllowedHostWorksAndItsSiblingDoesNot() async throws {
        let receiver = try await TestReceiver.start()
        let names = Names(["a.receiver.test": [["127.0.0.1"]], "b.receiver.test": [["127.0.0.1"]]])
        let client = try makeClient(allow: "a.receiver.test", resolver: names)
        #expect(try await client.send(OutboundRequest("GET", "https://a.receiver.test:\(receiver.port)/")).status == 200)
        let sibling = await failure(of: client, OutboundRequest("GET", "https://b.receiver.test:\(receiver.port)/"))
        #expect(sibling?.errorClass == .blocked_address)
        await receiver.stop()
    }

    @Test func ownListenersAreNotReachedFromInside() async throws {
        let receiver = try await TestReceiver.start()
        let own = try OwnAddresses.listening(on: "127.0.0.1", port: receiver.port)
        let client = try makeClient(allow: "127.0.0.0/8", deny: own)
        #expect(await failure(of: client, OutboundRequest("GET", receiver.baseURL))?.errorClass == .blocked_address)
        let named = try makeClient(allow: receiver.authority, deny: own)
        #expect(try await named.send(OutboundRequest("GET", receiver.baseURL)).status == 200)
        await receiver.stop()
    }

    @Test func s5PlainHTTPIsForNamedEndpointsOfAPolicyThatAllowsItOnly() async throws {
        let receiver = try await TestReceiver.start(.plain)
        let error = await failure(of: try makeClient(allow: receiver.authority), OutboundRequest("GET", receiver.baseURL))
        #expect(error?.errorClass == .invalid_url)
        let network = try makeClient(allow: "127.0.0.0/8", allowsPlainHTTP: true)
        #expect(await failure(of: network, OutboundRequest("GET", receiver.baseURL))?.errorClass == .invalid_url)
        let client = try makeClient(allow: receiver.authority, allowsPlainHTTP: true)
        let response = try await client.send(OutboundRequest("GET", receiver.baseURL))
        #expect(response.status == 200)
        #expect(response.phases.tls == nil)
        await receiver.stop()
    }

    private func tlsFailure(_ security: TestReceiver.Security, host: String? = nil) async throws -> OutboundError {
        let receiver = try await TestReceiver.start(security)
        let names = Names([host ?? "": [["127.0.0.1"]]])
        let client = try makeClient(allow: "127.0.0.1,\(receiver.authority)", resolver: names)
        let url = host.map { "https://\($0):\(receiver.port)/?s3cret" } ?? "https://127.0.0.1:\(receiver.port)/?s3cret"
        let error = try #require(await failure(of: client, OutboundRequest("POST", url, headers: [("A", "s3cret")])))
        #expect(receiver.requests.isEmpty)
        #expect(!error.description.contains("s3cret"))
        #expect(client.counters.connectionsOpen == 0)
        await receiver.stop()
        return error
    }

    @Test func s6ASelfSignedCertificateIsNamed() async throws {
        let error = try await tlsFailure(.tls(TestAuthority.selfSigned(["self.test"])))
        #expect(error.errorClass == .tls_untrusted)
        #expect(error.isBeforeEffect)
        #expect(error.message.contains("self-signed certificate (CN=self.test)"))
    }

    @Test func s6AnExpiredCertificateSaysSince() async throws {
        let day = String(Ambient.live.now().description.prefix(10))
        let error = try await tlsFailure(.tls(TestAuthority.shared.issue(from: -7_200, until: -60)))
        #expect(error.errorClass == .tls_expired)
        #expect(error.isBeforeEffect)
        #expect(error.message.contains("expired on"))
        // The day may turn between making the certificate and here.
        #expect(error.message.contains(day) || error.message.contains(String(Ambient.live.now().description.prefix(10))))
        let early = try await tlsFailure(.tls(TestAuthority.shared.issue(from: 7_200)))
        #expect(early.errorClass == .tls_expired)
        #expect(early.message.contains("not valid before"))
    }

    @Test func s6AWrongHostNamesWhoTheCertificateIsFor() async throws {
        let error = try await tlsFailure(
            .tls(TestAuthority.shared.issue(["a.test", "b.test"], addresses: [])), host: "c.example.test")
        #expect(error.errorClass == .tls_hostname)
        #expect(error.isBeforeEffect)
        #expect(error.message.contains("a.test, b.test") && error.message.contains("c.example.test"))
        let literal = try await tlsFailure(.tls(TestAuthority.shared.issue(["a.test"], addresses: [[127, 0, 0, 2]])))
        #expect(literal.errorClass == .tls_hostname)
    }

    /// A certificate for the peer's address proves nothing about a name that was made to point there.
    @Test func s6ACertificateForTheAddressIsNotOneForTheName() async throws {
        let error = try await tlsFailure(.tls(TestAuthority.shared.issue([])), host: "bank.example.test")
        #expect(error.errorClass == .tls_hostname)
        #expect(error.isBeforeEffect)
    }

    @Test func s6AnUntrustedAuthorityIsNamed() async throws {
        let error = try await tlsFailure(.tls(TestAuthority("Somebody's authority").issue()))
        #expect(error.errorClass == .tls_untrusted)
        #expect(error.message.contains("Somebody's authority"))
    }

    @Test func s6PlainHTTPBehindHTTPSAndOldTLSAreExplained() async throws {
        let plain = try await tlsFailure(.plain)
        #expect(plain.errorClass == .tls_error)
        #expect(plain.message.contains("does not speak TLS"))
        let old = try await tlsFailure(.oldTLS(TestAuthority.shared.issue(), .tlsv11))
        #expect(old.errorClass == .tls_error)
        #expect(old.message.contains("TLS 1.2"))
        let mutual = try await tlsFailure(.mutualTLS(TestAuthority.shared.issue()))
        #expect(mutual.errorClass == .tls_error)
        #expect(mutual.message.contains("client certificate"))
    }

    @Test func aPeerThatNeverSpeaksTLSEndsAtTheLimit() async throws {
        let receiver = try await TestReceiver.start(.silent)
        var limits = OutboundLimits()
        limits.tls = .milliseconds(200)
        let client = try makeClient(allow: receiver.authority, limits: limits, allowsPlainHTTP: true)
        let url = "https://127.0.0.1:\(receiver.port)/"
        let error = await failure(of: client, OutboundRequest("POST", url, deadline: .seconds(10)))
        #expect(error?.errorClass == .tls_error)
        #expect(error?.isBeforeEffect == true)
        #expect(error?.message.contains("0.2 s") == true)
        #expect(client.counters.connectionsOpen == 0)
        await receiver.stop()
    }

    /// A stranger's certificate is read before it is trusted.
    @Test func brokenCertificatesNeverTrap() throws {
        let identity = try TestAuthority.shared.issue()
        let der = try #require(identity.chain.first).toDERBytes()
        #expect(PeerCertificate(der: der, notBefore: 0, notAfter: 0)?.names.first == "localhost")
        #expect(
            PeerCertificate(der: der, notBefore: 0, notAfter: 0)?.audience
                == "localhost, receiver.test, *.receiver.test and 2 more")
        for length in der.indices { #expect(PeerCertificate(der: Array(der.prefix(length)), notBefore: 0, notAfter: 0) == nil) }
        for index in der.indices {
            for value: UInt8 in [0, 0x7F, 0x80, 0x84, 0xFF] {
                var broken = der
                broken[index] = value
                _ = PeerCertificate(der: broken, notBefore: 0, notAfter: 0)?.matches(host: "receiver.test")
            }
        }
        #expect(PeerCertificate.printable("a\u{1B}[31m\nü") == "a?[31m??")
    }

    @Test(arguments: [
        (["*.a.test"], "b.a.test", true), (["*.A.test"], "b.a.test", true), (["x.test", "a.test"], "a.test", true),
        (["*.a.test"], "c.b.a.test", false), (["*.a.test"], "a.test", false), (["*.test"], "a.test", false),
        (["b*.a.test"], "bc.a.test", false), (["a.test"], "b.a.test", false),
    ])
    func wildcardsCoverOneLabelOnly(_ names: [String], _ host: String, _ isMatch: Bool) throws {
        let identity = try TestAuthority.shared.issue(names, addresses: [])
        let certificate = try #require(identity.chain.first.flatMap(PeerCertificate.init))
        #expect(certificate.matches(host: host) == isMatch)
    }
}
