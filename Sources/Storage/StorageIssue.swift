#if canImport(Glibc)
    import Glibc
#endif

/// Why bytes could not be kept or fetched. That an object is not there is an answer (nil), not an issue.
package struct StorageIssue: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable; callers map it to their own error codes.
    package enum Kind: String, Sendable, CaseIterable {
        /// The text is no ``ObjectKey``.
        case invalidKey
        /// The content type cannot be a header's value.
        case invalidContentType
        /// No byte of the object lies in the range: HTTP's 416.
        case rangeOutside
        /// More than fits in memory: use the stream, or a file.
        case tooLarge
        /// The local file that was to be put is missing, no regular file, or changed meanwhile.
        case unreadableSource
        /// The store refuses the credentials, or the folder its user.
        case denied
        /// The bucket does not exist, or is elsewhere.
        case missingBucket
        /// There is no room left.
        case full
        /// The store does not answer, or not now. The same call may succeed later, and may be made again.
        case unavailable
        /// What is kept is not what was put, or changed while it was read.
        case damaged
        /// The store answered something that this client does not understand.
        case unexpectedAnswer
        /// The task was cancelled; what is kept is as it was before.
        case cancelled
    }

    package let kind: Kind
    /// What happened and what to do, for the operator's log: it may name the operator's folder, bucket and host, never a
    /// secret.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { "\(kind.rawValue): \(message)" }

    static let cancelled = StorageIssue(.cancelled, "The transfer was cancelled before its end.")

    /// A failed system call, by its `errno`; `what` completes "Cannot ...".
    static func system(_ what: String, _ code: Int32) -> StorageIssue {
        let reason = "Cannot \(what): \(String(cString: strerror(code)))."
        return switch code {
        case ENOSPC, EDQUOT, EFBIG: StorageIssue(.full, "\(reason) Free some space, or move the media folder to a larger disk.")
        case EACCES, EPERM, EROFS:
            StorageIssue(.denied, "\(reason) Let the user that runs the server own and write the media folder.")
        case EMFILE, ENFILE: StorageIssue(.unavailable, "\(reason) Raise the limit of open files (ulimit -n).")
        default: StorageIssue(.unavailable, "\(reason) Look at the disk, then try again.")
        }
    }
}
