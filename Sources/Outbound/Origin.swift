/// Who is talked to: what connections may be shared within.
struct Origin: Hashable, Sendable {
    let isTLS: Bool
    let host: String
    let port: Int
    /// The fingerprint of the client identity that was shown; nil: none.
    let identity: String?

    init(_ url: OutboundURL, identity: ClientIdentity? = nil) {
        self.identity = identity?.fingerprint
        isTLS = url.isTLS
        host = url.host
        port = url.port
    }

    /// For messages: `example.com`, `example.com:8443`.
    var name: String {
        let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? host : "\(host):\(port)"
    }
}
