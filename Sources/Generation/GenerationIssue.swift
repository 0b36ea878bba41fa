import Core
package import Outbound

/// Why nothing was generated. Texts are for the user: what happened and what to do. None holds a key.
package enum GenerationIssue: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request cannot be met, whoever generates; every reason at once.
    case invalidRequest([String])
    /// The brand's banned words leave no sentence over.
    case noWordsLeft
    /// This generator does not do that.
    case notSupported(String)
    /// No answer came. The text is the outgoing client's own, which holds neither headers nor queries.
    case unreachable(OutboundError.Class, String)
    case timedOut(Duration)
    case cancelled
    /// 401 and 403.
    case unauthorized(status: Int)
    /// 429; how long the provider asked to wait, when it said so.
    case rateLimited(retryAfter: Duration?)
    /// 404: the address or the model is not there.
    case notFound(model: String)
    /// Any other status that is no success, with what the provider said of it.
    case rejected(status: Int, String?)
    case tooLarge(limit: Int)
    case notJSON
    /// The answer does not fit what was asked, and did not after one repair either.
    case wrongAnswer([String])
    /// The model declined.
    case refused
    /// The model's answer ended before it was whole.
    case cutOff
    /// The bytes are not PNG, JPEG or WebP.
    case notAnImage(String)

    /// True when another generator may still do it: nothing is wrong with the request itself.
    package var allowsFallback: Bool {
        switch self {
        case .invalidRequest, .noWordsLeft, .cancelled: false
        case .notSupported, .unreachable, .timedOut, .unauthorized, .rateLimited, .notFound, .rejected, .tooLarge, .notJSON,
            .wrongAnswer, .refused, .cutOff, .notAnImage:
            true
        }
    }

    /// How long to wait before asking again by itself; nil when it would not help, or when this try may have cost something:
    /// only where nobody was reached, or the provider refused to begin, is it certain that it has not.
    package var retryAfter: Duration? {
        switch self {
        case .rateLimited(let wait): wait ?? .seconds(5)
        case .rejected(let status, _): status == 503 ? .seconds(2) : nil
        case .unreachable(.dns_error, _), .unreachable(.connect_refused, _), .unreachable(.network_unreachable, _): .seconds(2)
        case .unreachable, .invalidRequest, .noWordsLeft, .notSupported, .timedOut, .cancelled, .unauthorized, .notFound,
            .tooLarge, .notJSON, .wrongAnswer, .refused, .cutOff, .notAnImage:
            nil
        }
    }

    package var description: String {
        switch self {
        case .invalidRequest(let reasons): reasons.joined(separator: " ")
        case .noWordsLeft: "The brand's banned words leave no sentence to write. Shorten the list of banned words."
        case .notSupported(let what): what
        case .unreachable(_, let message): "The AI provider could not be reached: \(message)"
        case .timedOut(let limit):
            "The AI provider did not answer within \(limit.inMilliseconds / 1000) s. Try again, or use a faster model."
        case .cancelled: "The generation was cancelled."
        case .unauthorized(let status): "The AI provider refused the key (status \(status)). Check the key and its rights."
        case .rateLimited(let wait?):
            "The AI provider's limit is used up. Try again in \(max(1, (wait.inMilliseconds + 999) / 1000)) s."
        case .rateLimited(nil): "The AI provider's limit is used up. Try again later, or raise the limit there."
        case .notFound(let model): "The AI provider has no such address or model (\(model)). Check the base URL and the model."
        case .rejected(let status, let said):
            "The AI provider answered with status \(status)" + (said.map { ": \($0)" } ?? ".")
        case .tooLarge(let limit):
            "The AI provider's answer is larger than \(limit) bytes and was dropped. Ask for less at once."
        case .notJSON: "The AI provider's answer is not JSON. Check that the base URL speaks OpenAI's API."
        case .wrongAnswer(let reasons):
            "The model's answer does not fit the request: \(reasons.prefix(5).joined(separator: " ")) Try again, or use a "
                + "larger model."
        case .refused: "The model declined to answer. Change the wording of the request."
        case .cutOff: "The model's answer ended before it was whole. Ask for fewer posts at once, or raise its output limit."
        case .notAnImage(let reason): "The AI provider sent no usable picture: \(reason)"
        }
    }
}
