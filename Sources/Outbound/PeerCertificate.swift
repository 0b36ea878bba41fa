import Core
import NIOSSL

/// What a certificate says about itself, for messages and for the check of its names. (NIOSSL keeps these private.)
struct PeerCertificate {
    let names: [String]
    let addresses: [[UInt8]]
    let commonName: String?
    let issuerName: String?
    let isSelfSigned: Bool
    let notBefore: Int64
    let notAfter: Int64

    init?(_ certificate: NIOSSLCertificate) {
        guard let der = try? certificate.toDERBytes() else { return nil }
        self.init(der: der, notBefore: Int64(certificate.notValidBefore), notAfter: Int64(certificate.notValidAfter))
    }

    init?(der: [UInt8], notBefore: Int64, notAfter: Int64) {
        // Certificate ::= SEQUENCE { tbs SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, key, ... } ... }
        guard let outer = DER.elements(der[...])?.first, let tbs = DER.elements(outer.content)?.first,
            var fields = DER.elements(tbs.content)?[...]
        else { return nil }
        if fields.first?.tag == 0xA0 { fields.removeFirst() }
        let parts = Array(fields)
        guard parts.count >= 6 else { return nil }
        let (issuer, subject) = (parts[2], parts[4])
        isSelfSigned = issuer.content.elementsEqual(subject.content)
        commonName = Self.commonName(in: subject.content)
        issuerName = Self.commonName(in: issuer.content) ?? Self.attribute([0x55, 0x04, 0x0A], in: issuer.content)
        (names, addresses) = Self.alternativeNames(in: parts.dropFirst(6))
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// Whether the certificate is for `host` (lower case), by RFC 6125: subject alternative names, `*` as the whole first
    /// label only; the common name counts only where no alternative names are.
    func matches(host: String) -> Bool {
        let candidates = names.isEmpty && addresses.isEmpty ? [commonName].compactMap(\.self) : names
        return candidates.contains { name in
            let name = name.lowercased()
            guard name.hasPrefix("*.") else { return name == host }
            guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
            let suffix = name.dropFirst()
            return host[dot...] == suffix && suffix.dropFirst().contains(".")
        }
    }

    /// What the certificate is for, for a message; at most three names.
    var audience: String {
        let all = names + addresses.map(Self.addressText)
        let shown = (all.isEmpty ? [commonName ?? "nobody"] : all).prefix(3).map(Self.printable)
        return shown.joined(separator: ", ") + (all.count > 3 ? " and \(all.count - 3) more" : "")
    }

    /// Text from a stranger's certificate, fit for a message: printable ASCII, at most 64 characters.
    static func printable(_ text: String) -> String {
        String(text.unicodeScalars.prefix(64).map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" })
    }

    private static func addressText(_ bytes: [UInt8]) -> String {
        switch bytes.count {
        case 4: IPAddress.v4(bytes.reduce(0) { $0 << 8 | UInt32($1) }).description
        case 16:
            IPAddress.v6(
                high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
            ).description
        default: "?"
        }
    }

    private static func commonName(in name: ArraySlice<UInt8>) -> String? { attribute([0x55, 0x04, 0x03], in: name) }

    /// The last attribute of that type in a distinguished name: SEQUENCE OF SET OF SEQUENCE { type, value }.
    private static func attribute(_ identifier: [UInt8], in name: ArraySlice<UInt8>) -> String? {
        var found: String?
        for set in DER.elements(name) ?? [] {
            for pair in DER.elements(set.content) ?? [] {
                guard let parts = DER.elements(pair.content), parts.count == 2, let type = parts.first,
                    let value = parts.last, type.content.elementsEqual(identifier)
                else { continue }
                found = String(decoding: value.content, as: UTF8.self)
            }
        }
        return found
    }

    /// The extension 2.5.29.17: DNS names have the tag [2], addresses [7].
    private static func alternativeNames(in fields: ArraySlice<DER.Element>) -> (names: [String], addresses: [[UInt8]]) {
        guard let wrapper = fields.first(where: { $0.tag == 0xA3 }), let list = DER.elements(wrapper.content)?.first else {
            return ([], [])
        }
        for item in DER.elements(list.content) ?? [] {
            guard let parts = DER.elements(item.content), let type = parts.first, let value = parts.last,
                type.content.elementsEqual([0x55, 0x1D, 0x11]), let sequence = DER.elements(value.content)?.first,
                let names = DER.elements(sequence.content)
            else { continue }
            return (
                names.filter { $0.tag == 0x82 }.map { String(decoding: $0.content, as: UTF8.self) },
                names.filter { $0.tag == 0x87 }.map { Array($0.content) }
            )
        }
        return ([], [])
    }
}

/// The little of DER that a certificate needs: elements with one-byte tags and definite lengths.
enum DER {
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>
    }

    /// The elements that `bytes` consist of; nil when they do not consist of such.
    static func elements(_ bytes: ArraySlice<UInt8>) -> [Element]? {
        var rest = bytes
        var elements: [Element] = []
        while let tag = rest.popFirst() {
            guard tag & 0x1F != 0x1F, let first = rest.popFirst() else { return nil }
            var length = Int(first)
            if first >= 0x80 {
                let count = Int(first & 0x7F)
                guard (1...3).contains(count), rest.count >= count else { return nil }
                length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(count)
            }
            guard rest.count >= length else { return nil }
            elements.append(Element(tag: tag, content: rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return elements
    }
}
