/// Who is talked to: what connections may be shared within.
struct Origin: Hashable, Sendable {
    let isTLS: Bool
    let host: String
    let port: Int

    init(_ url: OutboundURL) {
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
