#if canImport(FoundationNetworking)
    import Foundation
    public import FoundationNetworking
#else
    public import Foundation
#endif

/// Sends requests through Foundation's `URLSession`, without cookies, without a cache, without following redirects.
public struct URLSessionTransport: HTTPTransport {
    /// Shared by all clients that are given no other: connections are kept and used again.
    public static let shared = URLSessionTransport()

    private let session: URLSession

    /// - Parameter configuration: such as one with a proxy. Without one, nothing is kept on disk.
    public init(configuration: URLSessionConfiguration? = nil) {
        let chosen = configuration ?? .ephemeral
        chosen.httpShouldSetCookies = false
        chosen.httpCookieAcceptPolicy = .never
        chosen.urlCache = nil
        session = URLSession(configuration: chosen)
    }

    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        var outgoing = URLRequest(url: request.url)
        outgoing.httpMethod = request.method
        outgoing.timeoutInterval = request.timeout / .seconds(1)
        for (name, value) in request.headers { outgoing.setValue(value, forHTTPHeaderField: name) }
        do {
            let (body, response) = try await exchange(outgoing, request.body)
            guard let answer = response as? HTTPURLResponse else {
                throw TransportError("what answered does not speak HTTP", isTransient: false)
            }
            return TransportResponse(status: answer.statusCode, headers: Self.headers(of: answer), body: body)
        } catch let error as URLError {
            try Task.checkCancellation()
            throw TransportError(Self.sentence(error), isTransient: Self.isTransient(error.code))
        }
    }

    private func exchange(_ request: URLRequest, _ body: TransportRequest.Body?) async throws -> (Data, URLResponse) {
        switch body {
        case nil: return try await session.data(for: request, delegate: NoRedirects())
        case .data(let bytes): return try await session.upload(for: request, from: bytes, delegate: NoRedirects())
        case .file(let file): return try await session.upload(for: request, fromFile: file, delegate: NoRedirects())
        }
    }

    private static func headers(of response: HTTPURLResponse) -> [String: String] {
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields { headers["\(name)"] = "\(value)" }
        return headers
    }

    private static func sentence(_ error: URLError) -> String {
        let text = error.localizedDescription
        return text.contains("(null)") || text.isEmpty ? "the request failed (\(error.code.rawValue))" : text
    }

    /// What a wrong URL, a certificate or a missing file cause stays wrong.
    private static func isTransient(_ code: URLError.Code) -> Bool {
        let lasting: [URLError.Code] = [
            .badURL, .unsupportedURL, .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
            .clientCertificateRequired, .fileDoesNotExist, .fileIsDirectory, .noPermissionsToReadFile,
            .dataLengthExceedsMaximum,
            .httpTooManyRedirects, .redirectToNonExistentLocation,
        ]
        return !lasting.contains(code)
    }
}

/// Answers a redirect as it is: following it would hand the key to another address.
private final class NoRedirects: NSObject, URLSessionTaskDelegate, Sendable {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
