/// Why a URL may not be called.
package struct OutboundURLIssue: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable; the caller maps it to its own error codes.
    package enum Code: String, Sendable, CaseIterable {
        /// `http:` where only `https:` may be used.
        case notHTTPS
        /// `user@` or `user:password@`.
        case hasCredentials
        /// `#part`, which no server ever sees.
        case hasFragment
        /// Empty, not ASCII, a trick spelling of an address, or no host name at all.
        case badHost
        /// Out of range, or below 1024 and not 443.
        case badPort
        case tooLong
        /// No absolute URL, or bytes that do not belong into one.
        case malformed
        /// An address literal, or a name whose addresses are all private, reserved or this server's own.
        case privateAddress
        /// `localhost` and other names of the local network.
        case localName
    }

    package let code: Code
    /// A sentence for the user: what is wrong and what to write instead. Never part of the path or the query.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
