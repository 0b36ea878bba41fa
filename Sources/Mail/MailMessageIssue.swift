/// Why a mail cannot be made. Values are not repeated in the texts: they may be what somebody tried to smuggle in.
package enum MailMessageIssue: Error, Hashable, Sendable, CustomStringConvertible {
    case badAddress(AddressFault)
    case noRecipient
    case tooMany(what: String, limit: Int)
    /// `limit` in bytes of UTF-8.
    case tooLong(field: String, limit: Int)
    case controlCharacter(field: String)
    case badHeaderName
    case reservedHeader(String)
    case badID

    package var description: String {
        switch self {
        case .badAddress(let fault): fault.description
        case .noRecipient: "The mail has no recipient: give at least one address."
        case .tooMany(let what, let limit): "The mail has too many \(what): at most \(limit) are allowed. Send several mails."
        case .tooLong(let field, let limit): "The mail's \(field) is too long: at most \(limit) bytes are allowed."
        case .controlCharacter(let field):
            "The mail's \(field) has a line break or another control character: it must be one line of text."
        case .badHeaderName: "The name of a mail header must be 1 to 50 letters, digits and hyphens."
        case .reservedHeader(let name): "The mail header \(name) is written by the server: it cannot be set."
        case .badID: "The id of a mail must be 1 to 64 ASCII letters and digits."
        }
    }
}

/// What is wrong with a mail address.
package enum AddressFault: Hashable, Sendable, CustomStringConvertible {
    case notASCII
    case noAt
    case tooLong
    case badLocalPart
    case badDomain

    package var description: String {
        switch self {
        case .notASCII:
            "The mail address has letters outside ASCII: write the domain in its ASCII form, which begins with xn--; "
                + "other letters before the @ are not supported."
        case .noAt: "The mail address has no @: write it as name@example.org."
        case .tooLong: "The mail address is too long: at most 64 characters before the @ and 254 in all are allowed."
        case .badLocalPart:
            "The part of the mail address before the @ may have ASCII letters, digits, single dots inside and !#$%&'*+-/=?^_`{|}~."
        case .badDomain: "The domain of the mail address is not a host name: letters, digits, hyphens and dots are allowed."
        }
    }
}
