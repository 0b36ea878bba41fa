import Core
import Outbound

/// How far a request's effect reaches: it decides what a lost answer means.
enum Reach {
    /// Uploads, containers, reads: nobody sees anything, so doing it again does no harm.
    case invisible
    /// The one request that makes a post visible: a lost answer may hide a live post.
    case visible

    /// The class of a failure that leaves open whether the request was carried out.
    var classOfDoubt: PublishFailure.Class { self == .visible ? .ambiguous : .beforeEffect }
}

extension Platform {
    /// The platform's name as it writes it itself, for messages.
    var properName: String {
        switch self {
        case .mastodon: "Mastodon"
        case .instagram: "Instagram"
        case .facebook: "Facebook"
        default: rawValue
        }
    }
}

extension PublishFailure {
    /// No answer came.
    init(_ error: OutboundError, from platform: Platform, reach: Reach) {
        var failureClass = error.isBeforeEffect ? .beforeEffect : reach.classOfDoubt
        // The client refused the request itself (an address or header value that cannot be sent): so it will next time.
        if error.errorClass == .invalid_url, error.isBeforeEffect { failureClass = .final }
        let code =
            switch error.errorClass {
            case .timeout, .body_timeout, .connect_timeout: "platform_timeout"
            case .dns_error, .connect_refused, .network_unreachable: "platform_unreachable"
            case .tls_untrusted, .tls_expired, .tls_hostname, .tls_error: "platform_tls_failed"
            case .connection_reset: "connection_lost"
            case .blocked_address: "account_address_refused"
            case .invalid_url, .not_sent: "request_invalid"
            case .invalid_response: "platform_answer_invalid"
            }
        let doubt = failureClass == .ambiguous ? " The post may be live; we look before anything is sent again." : ""
        self.init(failureClass, code: code, message: "\(platform.properName) gave no answer: \(error.message)\(doubt)")
    }

    /// An answer came that says nothing we understand.
    init(unreadable status: Int, from platform: Platform, reach: Reach) {
        let doubt = reach == .visible ? " The post may be live; we look before anything is sent again." : ""
        self.init(
            reach.classOfDoubt, code: "platform_answer_invalid",
            message: "\(platform.properName) answered \(status) with something that is not its documented answer.\(doubt)",
            platformCode: String(status))
    }
}
