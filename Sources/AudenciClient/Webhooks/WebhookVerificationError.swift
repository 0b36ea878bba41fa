public import Foundation

/// Why a request is not to be trusted. Answer it with 401 and look no further.
public enum WebhookVerificationError: Error, Hashable, Sendable {
    /// None of the headers that would prove anything.
    case unsigned
    /// Only `X-Audenci-Signature`, which says nothing about when: anybody who once saw the request could send it again.
    case withoutTimestamp
    /// `webhook-timestamp` is no number of seconds.
    case unreadableTimestamp
    /// Signed too long ago, or in the future; by so many seconds.
    case outsideTolerance(seconds: Int64)
    /// Signed by another key, or changed on its way.
    case wrongSignature
}

extension WebhookVerificationError: CustomStringConvertible, LocalizedError {
    public var description: String {
        switch self {
        case .unsigned:
            "the request has neither webhook-signature nor X-Audenci-Signature; pass all its headers"
        case .withoutTimestamp:
            "the request has no webhook-id, webhook-timestamp and webhook-signature; pass all its headers, "
                + "or make the verifier with tolerance: nil to trust X-Audenci-Signature alone"
        case .unreadableTimestamp: "webhook-timestamp is no number of seconds since 1970"
        case .outsideTolerance(let seconds):
            "the request was signed \(abs(seconds)) s \(seconds < 0 ? "in the future" : "ago"); check this machine's clock"
        case .wrongSignature:
            "the signature is not one of the body by these secrets; verify the bytes as they arrived, before any parsing"
        }
    }

    public var errorDescription: String? { description }
}
