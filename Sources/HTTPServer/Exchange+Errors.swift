import Contract
import Hummingbird
import Logging

extension Exchange {
    /// What the caller is told about `error`. What nobody foresaw is logged here, once, under the request's id, and told
    /// without its details.
    func apiError(for error: any Error) -> APIError {
        if let error = error as? APIError { return error }
        if let error = error as? HTTPError { return Self.apiError(for: error) }
        if error is CancellationError {
            return APIError(.unavailable, "The server is stopping, or the connection was closed before the answer.")
        }
        let translated = environment.translate(error)
        if let translated, translated.code.status < 500 { return translated }
        environment.logger.error(
            "request failed",
            metadata: [
                "route": .string(route.template), "requestId": .string(requestID),
                "errorType": .string("\(type(of: error))"), "error": .string(LogText.safe("\(error)")),
            ])
        return translated ?? APIError(.internalError, "Something failed inside the server. It is logged under this requestId.")
    }

    private static func apiError(for error: HTTPError) -> APIError {
        let code: ErrorCode =
            switch error.status.code {
            case 401: .unauthorized
            case 403: .forbidden
            case 404: .notFound
            case 405: .methodNotAllowed
            case 408: .requestTimeout
            case 409: .conflict
            case 412: .preconditionFailed
            case 413: .payloadTooLarge
            case 415: .unsupportedMediaType
            case 429: .rateLimited
            case 503: .unavailable
            case 400..<500: .invalidRequest
            default: .internalError
            }
        return APIError(code, error.body ?? code.explanation, headers: error.headers.map { ($0.name.rawName, $0.value) })
    }
}
