import Contract
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's body whole, within the limits of size and time.
struct BodyReader {
    let limits: HTTPLimits

    /// - Throws: 413 when it is too large (by its `Content-Length`, or by what arrives), 408 when it is too slow, 400 when
    ///   it ends early or is framed wrongly.
    func read(_ request: Request) async throws -> [UInt8] {
        let length = request.headers[.contentLength]
        if length == nil, request.method == .get || request.method == .head { return [] }
        let announced = length.flatMap { Int($0) }
        if announced == 0 { return [] }
        if let announced, announced > limits.maximumBodyBytes { throw tooLarge }
        let body = try await collectInTime(request.body, announced: announced)
        if let announced, body.count != announced {
            throw APIError(.invalidRequest, "The body ended after \(body.count) of the \(announced) announced bytes.")
        }
        return body
    }

    private func collectInTime(_ body: RequestBody, announced: Int?) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await collect(body, announced: announced) }
            group.addTask {
                try await Task.sleep(for: limits.bodyDeadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let bytes = first else { throw tooSlow }
            return bytes
        }
    }

    private func collect(_ body: RequestBody, announced: Int?) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(announced ?? 0, limits.maximumBodyBytes))
        do {
            for try await buffer in body {
                guard buffer.readableBytes <= limits.maximumBodyBytes - bytes.count else { throw tooLarge }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch let error as APIError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw APIError(.invalidRequest, "The body is framed wrongly or ended early.", headers: [("Connection", "close")])
        }
        // A cancelled iteration ends like a complete one.
        try Task.checkCancellation()
        return bytes
    }

    private var tooLarge: APIError {
        APIError(.payloadTooLarge, "The body is larger than the \(limits.maximumBodyBytes) bytes that are accepted.")
    }

    private var tooSlow: APIError {
        let seconds = limits.bodyDeadline.components.seconds
        return APIError(
            .requestTimeout, "The body did not arrive whole within \(seconds) seconds.", headers: [("Connection", "close")])
    }
}
