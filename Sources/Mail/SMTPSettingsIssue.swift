/// Why mail cannot be set up. No text repeats a part of the URL: with a slip in it, any part may be the password.
package enum SMTPSettingsIssue: Error, Hashable, Sendable, CustomStringConvertible {
    case badScheme
    case badCharacter
    case unencodedLogin
    case incompleteLogin
    case noHost
    case badHost
    case badPort
    case unexpectedPath
    case badOption
    case contradictoryTLS
    case badAuthorities

    package var description: String {
        switch self {
        case .badScheme: "The mail server's URL must begin with smtp:// (STARTTLS, port 587) or smtps:// (TLS, port 465)."
        case .badCharacter:
            "The mail server's URL may only have printable ASCII characters without blanks, at most 2048, and no %00: "
                + "percent-encode everything else in user and password."
        case .unencodedLogin:
            "User and password in the mail server's URL must be percent-encoded: @ is %40, : is %3A, / is %2F, ? is %3F, "
                + "# is %23 and % is %25."
        case .incompleteLogin: "The mail server's URL needs both user and password before the @, as user:password@, or neither."
        case .noHost: "The mail server's URL has no host: write it as smtp://mail.example.org:587."
        case .badHost:
            "The host in the mail server's URL must be a name of letters, digits, hyphens and dots, an IPv4 address, or an "
                + "IPv6 address in brackets."
        case .badPort: "The port in the mail server's URL must be a number from 1 to 65535."
        case .unexpectedPath: "Nothing but options after ? may follow host and port in the mail server's URL."
        case .badOption: "The mail server's URL knows the options tls=none and hello=host-name, joined by &, and no others."
        case .contradictoryTLS: "tls=none contradicts smtps://: use smtp:// with it, or leave it out."
        case .badAuthorities:
            "The additional authorities for mail are not PEM certificates: give at least one, as -----BEGIN CERTIFICATE-----."
        }
    }
}
