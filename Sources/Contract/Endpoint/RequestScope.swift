import Core
import Synchronization

/// What holds for everything that one request writes: whether it is a rehearsal, which repeat it is, who is on record.
///
/// Task-local, so that every store writes through it without knowing: the engine that requests write with
/// (`LedgeredEngine`) looks it up. Work of the server itself has none.
package final class RequestScope: Sendable {
    @TaskLocal package static var current: RequestScope?

    package let caller: Caller
    /// The endpoint's id, such as `posts.update`.
    package let operation: String
    package let path: String
    /// The id in the path; nil where there is none.
    package let subject: String?
    package let requestID: String
    /// The caller's network address, as the connection has it.
    package let address: String?
    /// The status that the endpoint declares for success.
    package let status: Int
    package let repeatKey: RepeatKey?
    /// True for `?dryRun=true`: everything is done and nothing is kept.
    package let isDryRun: Bool
    private let isFirst = Mutex(true)

    /// The `Idempotency-Key` of a request, and what the request was.
    package struct RepeatKey: Sendable, Hashable {
        package var text: String
        /// SHA-256 over method, path, query and body.
        package var fingerprint: String

        package init(text: String, fingerprint: String) {
            self.text = text
            self.fingerprint = fingerprint
        }
    }

    package init(
        caller: Caller, operation: String, path: String, subject: String? = nil, requestID: String, address: String?,
        status: Int,
        repeatKey: RepeatKey?, isDryRun: Bool
    ) {
        self.caller = caller
        self.operation = operation
        self.path = path
        self.subject = subject
        self.requestID = requestID
        self.address = address
        self.status = status
        self.repeatKey = repeatKey
        self.isDryRun = isDryRun
    }

    /// True once: for the transaction that makes the request's effect. ``giveBackFirst()`` when it failed.
    package func takeFirst() -> Bool {
        isFirst.withLock { first in
            defer { first = false }
            return first
        }
    }

    package func giveBackFirst() { isFirst.withLock { $0 = true } }
}
