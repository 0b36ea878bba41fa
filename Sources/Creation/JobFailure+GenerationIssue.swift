import Features
import Generation

extension JobFailure {
    /// What the one who asked is told, and whether waiting helps.
    init(_ issue: GenerationIssue) {
        self.init(Self.code(of: issue), issue.description, retryAfter: issue.retryAfter)
    }

    private static func code(of issue: GenerationIssue) -> String {
        switch issue {
        case .invalidRequest: "invalid_request"
        case .noWordsLeft: "no_words_left"
        case .notSupported: "not_supported"
        case .unreachable: "provider_unreachable"
        case .timedOut: "provider_timeout"
        case .cancelled: "cancelled"
        case .unauthorized: "provider_refused_key"
        case .rateLimited: "provider_rate_limited"
        case .notFound: "provider_not_found"
        case .rejected: "provider_error"
        case .tooLarge: "provider_answer_too_large"
        case .notJSON: "provider_not_json"
        case .wrongAnswer: "provider_wrong_answer"
        case .refused: "provider_declined"
        case .cutOff: "provider_cut_off"
        case .notAnImage: "provider_not_an_image"
        }
    }
}
