import Core
import Crypto
import Outbound

/// Sends requests to one bucket: dates and signs each try, and tries again what may go better in a moment.
struct S3Client: Sendable {
    /// For one try, with its body: 8 MiB must make it over a slow line.
    private static let deadline = Duration.seconds(120)

    let settings: S3Settings
    let transport: any Transport
    let ambient: Ambient
    let backoff: Backoff
    let pause: @Sendable (Duration) async -> Void
    let lanes: FileLanes

    /// Every request here may be repeated: reading, putting and removing by their nature, beginning an upload because an
    /// unused one does no harm, ending one because a second end is refused.
    func send(_ request: S3Request) async throws(StorageIssue) -> OutboundResponse {
        let body = request.body
        let hash =
            body.isEmpty
            ? SignatureV4.emptyHash : try await lanes.run { () throws(StorageIssue) in SHA256.hash(data: body).hexadecimal }
        var tries = 0
        while true {
            if Task.isCancelled { throw .cancelled }
            tries += 1
            switch await attempt(request, bodyHash: hash) {
            case .answer(let response): return response
            case .failed(let issue): throw Task.isCancelled ? .cancelled : issue
            case .again(let issue):
                guard let delay = backoff.delay(afterAttempt: tries, unit: ambient.unitInterval()) else { throw issue }
                await pause(delay)
            }
        }
    }

    private func attempt(_ request: S3Request, bodyHash: String) async -> S3Verdict {
        let signed = request.signed(settings, bodyHash: bodyHash, at: ambient.now(), deadline: Self.deadline)
        do throws(OutboundError) {
            let response = try await transport.send(signed)
            return S3Verdict.judge(response, mayHideError: request.method == "POST", settings)
        } catch {
            return S3Verdict.judge(error)
        }
    }
}
