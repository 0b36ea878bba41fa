package import Core
package import Outbound

/// Where a bucket is and who asks: what the operator's `s3://KEY:SECRET@host:port/bucket?region=us-east-1&tls=false` says.
///
/// `region` is `us-east-1` and `tls` is `true` where they are missing. Letters that mean something in a URL may be
/// percent-encoded in the key and the secret; only `%` itself must be (`%25`).
package struct S3Settings: Sendable, CustomStringConvertible {
    package let keyID: String
    package let secret: Secret
    package let bucket: String
    package let region: String
    package let isTLS: Bool
    /// What requests' URLs begin with, without a slash at the end.
    package let origin: String
    /// What the `Host` header says, which is signed.
    let hostHeader: String
    /// The endpoint as the outgoing client's allow list spells it.
    private let allowed: OutboundAllowList

    /// What the client that goes there may reach: besides what is public, this endpoint wherever it is, and it without TLS
    /// when that was asked for.
    package var policy: AddressPolicy { AddressPolicy(allow: allowed, allowsPlainHTTP: !isTLS) }

    package var description: String { "s3://\(keyID):•••@\(hostHeader)/\(bucket)?region=\(region)&tls=\(isTLS)" }

    /// - Throws: what is wrong with the text. The message never holds the key or the secret, nor text that could be them.
    package init(_ text: String) throws(S3SettingsIssue) {
        guard text.utf8.starts(with: "s3://".utf8) else { throw S3SettingsIssue("it must begin with s3://") }
        // The last @, as secrets may hold slashes and more, and nothing behind them holds an @.
        let rest = text.dropFirst(5)
        guard let at = rest.lastIndex(of: "@") else {
            throw S3SettingsIssue("before the host there must be KEY:SECRET@, with @ in the secret written as %40")
        }
        (keyID, secret) = try Self.credentials(rest[..<at])
        let place = rest[rest.index(after: at)...]
        let query = place.firstIndex(of: "?")
        (region, isTLS) = try Self.options(query.map { place[place.index(after: $0)...] } ?? "")
        let path = place[..<(query ?? place.endIndex)]
        guard let slash = path.firstIndex(of: "/") else { throw S3SettingsIssue("after the host there must be /bucket") }
        bucket = try Self.bucket(path[path.index(after: slash)...])
        let host = String(path[..<slash])
        (origin, hostHeader, allowed) = try Self.endpoint(host, isTLS: isTLS)
    }

    private static func credentials(_ text: Substring) throws(S3SettingsIssue) -> (String, Secret) {
        guard let colon = text.firstIndex(of: ":") else {
            throw S3SettingsIssue("before the @ there must be the access key and the secret with a colon between them")
        }
        guard let key = text[..<colon].percentDecoded, let secret = text[text.index(after: colon)...].percentDecoded else {
            throw S3SettingsIssue("a % in the access key or the secret must be written as %25")
        }
        // The key's identifier stands in a header between slashes and commas.
        guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"/,=".utf8.contains($0) }) else {
            throw S3SettingsIssue(
                "the access key before the colon must be printable ASCII without spaces, slashes, commas and =")
        }
        guard !secret.isEmpty else { throw S3SettingsIssue("the secret between the colon and the @ is empty") }
        return (key, Secret(secret))
    }

    private static func options(_ text: Substring) throws(S3SettingsIssue) -> (region: String, isTLS: Bool) {
        var (region, isTLS): (String?, Bool?) = (nil, nil)
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            switch (parts.first, parts.last, parts.count) {
            case ("region", let value?, 2) where region == nil:
                let isName = value.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0.isLowerOrDigit }
                guard (1...40).contains(value.utf8.count), isName else {
                    throw S3SettingsIssue("region must be a name such as us-east-1")
                }
                region = String(value)
            case ("tls", "true", 2) where isTLS == nil: isTLS = true
            case ("tls", "false", 2) where isTLS == nil: isTLS = false
            default: throw S3SettingsIssue("after the ? only region=NAME and tls=true or tls=false may stand, once each")
            }
        }
        return (region ?? "us-east-1", isTLS ?? true)
    }

    /// The rules of AWS, which every server keeps: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    private static func bucket(_ text: Substring) throws(S3SettingsIssue) -> String {
        let ends = [text.utf8.first, text.utf8.last]
        guard (3...63).contains(text.utf8.count), ends.allSatisfy({ $0?.isLowerOrDigit ?? false }), !text.contains(".."),
            text.utf8.allSatisfy({ $0.isLowerOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else {
            throw S3SettingsIssue(
                "after the host there must be a bucket alone: 3 to 63 lower-case letters, digits, dots and dashes, without a path"
            )
        }
        return String(text)
    }

    private static func endpoint(
        _ host: String, isTLS: Bool
    ) throws(S3SettingsIssue) -> (origin: String, hostHeader: String, OutboundAllowList) {
        let origin = "\(isTLS ? "https" : "http")://\(host)"
        do {
            let hasPort = !host.hasSuffix("]") && host.contains(":")
            let allowed = try OutboundAllowList(hasPort ? host : "\(host):\(isTLS ? 443 : 80)")
            let url = try OutboundURL(origin, policy: AddressPolicy(allow: allowed, allowsPlainHTTP: !isTLS))
            return ("\(isTLS ? "https" : "http")://\(url.hostHeader)", url.hostHeader, allowed)
        } catch {
            let reason = (error as? OutboundURLIssue).map { ". \($0.message.prefix { $0 != "." })" } ?? ""
            throw S3SettingsIssue("between the @ and the bucket there must be one host, or host:port\(reason)")
        }
    }
}

/// What is wrong with the text of ``S3Settings``.
package struct S3SettingsIssue: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what to write instead. Never the key or the secret.
    package let message: String

    init(_ message: String) { self.message = message }

    package var description: String {
        "The S3 URL cannot be used: \(message). It looks like s3://KEY:SECRET@host:port/bucket?region=us-east-1&tls=true"
    }
}

extension UInt8 {
    fileprivate var isLowerOrDigit: Bool { (0x30...0x39).contains(self) || (0x61...0x7A).contains(self) }
}

extension Substring {
    /// Nil when a `%` is not followed by two hex digits, or the bytes are no UTF-8.
    fileprivate var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else { bytes.append(byte); continue }
            guard let high = rest.popFirst(), let low = rest.popFirst(), high != UInt8(ascii: "+"), high != UInt8(ascii: "-"),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
