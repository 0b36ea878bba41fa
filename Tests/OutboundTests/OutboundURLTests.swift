import Core
import Testing

@testable import Outbound

@Suite(.serialized) struct OutboundURLTests {
    @Test func aPlainURLIsTakenApartOnce() throws {
        let url = try OutboundURL("HTTPS://Example.COM:8443/a/b%20c?x=1&y=%23")
        #expect(url.host == "example.com")
        #expect(url.port == 8443)
        #expect(url.target == "/a/b%20c?x=1&y=%23")
        #expect(url.hostHeader == "example.com:8443")
        #expect(try OutboundURL("https://example.com").target == "/")
        #expect(try OutboundURL("https://example.com?q=1").target == "/?q=1")
        #expect(try OutboundURL("https://example.com:443/").hostHeader == "example.com")
        #expect(try OutboundURL("https://xn--bcher-kva.example/").host == "xn--bcher-kva.example")
        #expect(try OutboundURL("https://cafe.de/").host == "cafe.de")
    }

    @Test func addressLiteralsAreCanonical() throws {
        let v6 = try OutboundURL("https://[2606:4700:0:0::1111]:2053/x")
        #expect(v6.host == "2606:4700::1111")
        #expect(v6.hostHeader == "[2606:4700::1111]:2053")
        #expect(try OutboundURL("https://1.1.1.1/").address == .v4(0x0101_0101))
    }

    /// S3 and S5: what is refused, with which code.
    @Test(arguments: [
        ("http://example.com/", OutboundURLIssue.Code.notHTTPS), ("ftp://example.com/", .notHTTPS),
        ("example.com/hook", .malformed),
        ("https:/example.com", .malformed), ("//example.com", .malformed), ("", .malformed),
        ("https://user@example.com/", .hasCredentials),
        ("https://user:pw@example.com/", .hasCredentials), ("https://1.1.1.1@127.0.0.1/", .hasCredentials),
        ("https://example.com/#a", .hasFragment), ("https://example.com#a", .hasFragment), ("https://", .badHost),
        ("https:///x", .badHost),
        ("https://?x", .badHost), ("https://:443/", .badHost), ("https://2130706433/", .badHost),
        ("https://0x7f000001/", .badHost),
        ("https://0177.0.0.1/", .badHost), ("https://127.1/", .badHost), ("https://0x7f.1/", .badHost),
        ("https://a.0x1/", .badHost),
        ("https://1.2.3.4.5/", .badHost), ("https://example.com./", .badHost), ("https://localhost./", .badHost),
        ("https://127.0.0.1./", .badHost),
        ("https://bücher.example/", .badHost), ("https://exa%6Dple.com/", .badHost), ("https://exam\\ple.com/", .badHost),
        ("https://example.com\\@evil.test/", .hasCredentials), ("https://exa mple.com/", .badHost),
        ("https://exa\tmple.com/", .badHost),
        ("https://[fe80::1%25eth0]/", .badHost), ("https://[::1/", .badHost), ("https://[::1]x/", .badHost),
        ("https://[1.2.3.4]/", .badHost),
        ("https://-a.com/", .badHost), ("https://a..com/", .badHost), ("https://a,b.com/", .badHost),
        ("https://example.com:/", .badPort),
        ("https://example.com:0/", .badPort), ("https://example.com:65536/", .badPort), ("https://example.com:+443/", .badPort),
        ("https://example.com:22/", .badPort), ("https://example.com:80/", .badPort), ("https://example.com:1023/", .badPort),
        ("https://example.com/a b", .malformed), ("https://example.com/a\r\nHost: x", .malformed),
        ("https://example.com/\\x", .malformed),
        ("https://example.com/ü", .malformed), ("https://127.0.0.1/", .privateAddress), ("https://[::1]/", .privateAddress),
        ("https://[::ffff:10.0.0.1]/", .privateAddress), ("https://169.254.169.254/latest", .privateAddress),
        ("https://localhost/", .localName), ("https://LOCALHOST:8443/", .localName), ("https://a.localhost/", .localName),
        ("https://intranet/", .localName), ("https://printer.local/", .localName), ("https://db.internal/", .localName),
        ("https://nas.home.arpa/", .localName),
    ])
    func refusedWithItsCode(_ text: String, _ code: OutboundURLIssue.Code) {
        let issue = #expect(throws: OutboundURLIssue.self) { try OutboundURL(text) }
        #expect(issue?.code == code, "\(text): \(issue?.description ?? "accepted")")
    }

    @Test func tooLongIsRefusedAtTheLimit() throws {
        let base = "https://example.com/"
        let longest = base + String(repeating: "a", count: OutboundURL.maximumLength - base.utf8.count)
        #expect(try OutboundURL(longest).target.utf8.count == OutboundURL.maximumLength - base.utf8.count + 1)
        #expect(throws: OutboundURLIssue.self) { try OutboundURL(longest + "a") }
    }

    @Test func messagesNeverRepeatPathOrQuery() {
        for text in [
            "http://example.com/s3cret?token=s3cret", "https://example.com/s3cret #", "https://u:s3cret@example.com/", "s3cret",
        ] {
            let issue = #expect(throws: OutboundURLIssue.self) { try OutboundURL(text) }
            #expect(issue?.description.contains("s3cret") == false)
        }
    }

    @Test func theAllowListOpensPortsLocalNamesAndPlainHTTP() throws {
        let allow = try OutboundAllowList("localhost:3000,smtp.example.com:25,nas.lan,10.0.0.0/8")
        let policy = AddressPolicy(allow: allow, allowsPlainHTTP: true)
        #expect(try !OutboundURL("http://localhost:3000/x", policy: policy).isTLS)
        #expect(try OutboundURL("https://smtp.example.com:25/", policy: policy).port == 25)
        #expect(try OutboundURL("https://nas.lan/", policy: policy).host == "nas.lan")
        #expect(throws: OutboundURLIssue.self) { try OutboundURL("https://nas.lan:80/", policy: policy) }
        #expect(throws: OutboundURLIssue.self) { try OutboundURL("http://localhost:3001/", policy: policy) }
        #expect(throws: OutboundURLIssue.self) { try OutboundURL("http://nas.lan:8080/", policy: policy) }
        #expect(throws: OutboundURLIssue.self) { try OutboundURL("http://10.0.0.1:8080/", policy: policy) }
        #expect(throws: OutboundURLIssue.self) {
            try OutboundURL("http://localhost:3000/", policy: AddressPolicy(allow: allow))
        }
    }
}
