import Core
import Testing

@testable import Outbound

@Suite(.serialized) struct AddressPolicyTests {
    /// S1: the blocks' first and last addresses, and what wraps IPv4 into IPv6.
    @Test(arguments: [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.0",
        "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::7f00:1", "::ffff:127.0.0.1", "::ffff:0.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "fe80::1", "febf:ffff::1",
        "fec0::1", "feff::1", "fc00::1", "fd7a:115c:a1e0::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1",
        "3fff:fff::1", "2002:c0a8:1::1", "2002:808:808::1", "64:ff9b::c0a8:0", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "5f00::1",
        "100::1", "100::ffff:ffff:ffff:ffff", "2001::1", "2001:10::1", "2001:1ff::1", "2a00:1450::5efe:c0a8:101",
        "2a00:1450::200:5efe:808:808", "4000::1", "1fff::1",
    ])
    func onlyGlobalUnicastIsPublic(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy.denial(of: address) != nil)
        #expect(AddressPolicy.publicOnly.denial(of: address, port: 443) != nil)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "168.63.129.15", "168.63.129.17", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.0.3.1",
        "192.88.98.255", "198.17.255.255", "198.20.0.0", "203.0.114.0", "223.255.255.255", "2606:4700:4700::1111",
        "2001:4860:4860::8888", "2001:200::1", "2003::1", "2a00:1450:4001:80b::200e", "3ffe::1",
    ])
    func neighboursOfTheBlocksArePublic(_ text: String) throws {
        #expect(AddressPolicy.denial(of: try #require(IPAddress(text))) == nil)
    }

    @Test(arguments: [
        "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.01", "256.0.0.1", "1.2.3.4.5", "1.2.3", "1.2.3.4 ",
        "fe80::1%eth0", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1::", ":::", "1::2::3", "12345::", "::1.2.3", "1.2.3.4::",
        "g::", "", ":", "::ffff:1.2.3.256",
    ])
    func otherSpellingsAreNoAddresses(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("0:0:0:0:0:0:0:0", "::"), ("::1.2.3.4", "::102:304"),
        ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("fe80::", "fe80::"), ("192.0.2.255", "192.0.2.255"),
        ("1::2:0:0:0:3", "1:0:0:2::3"),
    ])
    func addressesHaveOneCanonicalSpelling(_ given: String, _ canonical: String) throws {
        let address = try #require(IPAddress(given))
        #expect(address.description == canonical)
        #expect(IPAddress(address.description) == address)
    }

    @Test func s4AllowedHostsAndNetworksWorkAndTheirSiblingsDoNot() throws {
        let policy = AddressPolicy(
            allow: try OutboundAllowList("mastodon.lan, 10.1.0.0/16 ,192.168.7.7:3000, fd00:1::/32,[fd00:2::5]:8080, 10.9.9.9"))
        func isDenied(_ text: String, _ port: Int = 443, host: String? = nil) throws -> Bool {
            policy.denial(of: try #require(IPAddress(text)), port: port, host: host) != nil
        }
        #expect(try !isDenied("172.16.3.3", host: "mastodon.lan"))
        #expect(try isDenied("172.16.3.3", host: "evil.mastodon.lan"))
        #expect(try isDenied("172.16.3.3", host: "lan"))
        #expect(try !isDenied("10.1.255.255"))
        #expect(try isDenied("10.2.0.0"))
        #expect(try !isDenied("192.168.7.7", 3000))
        #expect(try isDenied("192.168.7.7", 3001))
        #expect(try isDenied("192.168.7.8", 3000))
        #expect(try !isDenied("fd00:1::9"))
        #expect(try isDenied("fd00:2::5"))
        #expect(try !isDenied("fd00:2::5", 8080))
        #expect(try !isDenied("10.9.9.9"))
        // The same address in another dress is another address.
        #expect(try isDenied("::ffff:10.1.0.1"))
    }

    @Test(arguments: [
        "169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
    ])
    func metadataServicesNeedTheirExactAddress(_ text: String) throws {
        let address = try #require(IPAddress(text))
        let wide = AddressPolicy(allow: try OutboundAllowList("0.0.0.0/0,::/0,meta.lan,meta.lan:80"))
        #expect(wide.denial(of: address, port: 80, host: "meta.lan") != nil)
        let block = try OutboundAllowList(address.isV6 ? "\(text)/128" : "\(text)/32")
        #expect(AddressPolicy(allow: block).denial(of: address, port: 80) == nil)
        #expect(AddressPolicy(allow: try OutboundAllowList(text)).denial(of: address, port: 80) == nil)
        let endpoint = AddressPolicy(allow: try OutboundAllowList("\(address.urlText):80"))
        #expect(endpoint.denial(of: address, port: 80) == nil)
        #expect(endpoint.denial(of: address, port: 81) != nil)
    }

    @Test func ownListenersAreDeniedUnlessNamedWithTheirPort() throws {
        let address = try #require(IPAddress("127.0.0.1"))
        let own = [AddressPolicy.Endpoint(address, port: 8080)]
        let network = AddressPolicy(allow: try OutboundAllowList("127.0.0.0/8,local.lan"), deny: own)
        #expect(network.denial(of: address, port: 8080, host: "local.lan") == .init(reason: "this server itself"))
        #expect(network.denial(of: address, port: 8081) == nil)
        #expect(AddressPolicy(allow: try OutboundAllowList("127.0.0.1:8080"), deny: own).denial(of: address, port: 8080) == nil)
        let named = AddressPolicy(allow: try OutboundAllowList("local.lan:8080"), deny: own)
        #expect(named.denial(of: address, port: 8080, host: "local.lan") == nil)
        #expect(named.denial(of: address, port: 8080, host: "other.lan") != nil)
    }

    @Test func aServerOnEveryInterfaceIsDeniedOnEachOfThem() throws {
        let all = try OwnAddresses.listening(on: "0.0.0.0", port: 8080)
        #expect(all.contains(.init(.v4(0x7F00_0001), port: 8080)))
        #expect(all.contains(.init(.v6(high: 0, low: 1), port: 8080)))
        #expect(try OwnAddresses.listening(on: "10.0.0.7", port: 80) == [.init(.v4(0x0A00_0007), port: 80)])
    }

    @Test(arguments: [
        ("https://a.b", "URL"), ("*.lan", "wildcard"), ("10.0.0.1/8", "10.0.0.0/8"), ("10.0.0.0/33", "0 to 32"),
        ("fd00::/129", "0 to 128"),
        ("a.b:0", "1 to 65535"), ("a.b:65536", "1 to 65535"), ("[10.0.0.1]:80", "IPv6"), ("[fd00::1]80", "port"),
        ("a b", "neither"),
        ("0x7f.1", "neither"), ("host/8", "network"), ("fe80::1%eth0", "zone"), ("10.0.0.0/", "0 to 32"), ("-a.b", "neither"),
    ])
    func wrongAllowListsSayHowToWriteThem(_ text: String, _ hint: String) {
        let issue = #expect(throws: OutboundAllowList.Issue.self) { try OutboundAllowList("10.0.0.0/8, \(text)") }
        #expect(issue?.entry == text)
        #expect(issue?.message.contains(hint) == true, "\(issue?.description ?? "")")
    }

    @Test func emptyAllowListsAllowNothing() throws {
        #expect(try OutboundAllowList("") == .none)
        #expect(try OutboundAllowList(" , ,") == .none)
    }
}
