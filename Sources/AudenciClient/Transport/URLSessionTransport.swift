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

    private let owner: SessionOwner

    /// - Parameter configuration: such as one with a proxy. Without one, nothing is kept on disk.
    public init(configuration: URLSessionConfiguration? = nil) {
        let chosen = configuration ?? .ephemeral
        chosen.httpShouldSetCookies = false
        chosen.httpCookieAcceptPolicy = .never
        chosen.urlCache = nil
        owner = SessionOwner(chosen)
    }

    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        var outgoing = URLRequest(url: request.url)
        outgoing.httpMethod = request.method
        outgoing.timeoutInterval = request.timeout / .seconds(1)
        for (name, value) in request.headers { outgoing.setValue(value, forHTTPHeaderField: name) }
        let task: URLSessionTask
        switch request.body {
        case nil: task = owner.session.dataTask(with: outgoing)
        case .data(let bytes): task = owner.session.uploadTask(with: outgoing, from: bytes)
        case .file(let file):
            // URLSession on Linux would send nothing instead.
            guard FileManager.default.isReadableFile(atPath: file.path) else {
                throw TransportError("\(file.path) cannot be read", isTransient: false)
            }
            task = owner.session.uploadTask(with: outgoing, fromFile: file)
        }
        do {
            return try await owner.exchanges.run(task)
        } catch let error as URLError {
            try Task.checkCancellation()
            throw TransportError(Self.sentence(error), isTransient: Self.isTransient(error.code))
        }
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
        ]
        return !lasting.contains(code)
    }
}

/// Ends the session with the last transport that uses it; sessions keep themselves alive otherwise.
private final class SessionOwner: Sendable {
    let exchanges = SessionExchanges()
    let session: URLSession

    init(_ configuration: URLSessionConfiguration) {
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit { session.finishTasksAndInvalidate() }
}
