package import Contract

/// Where a post is in its life. What is not in ``next`` is answered with 409 and the list of what is.
package enum PostStatus: String, Sendable, CaseIterable, APIEnum, QueryValue {
    case draft = "DRAFT"
    case inReview = "IN_REVIEW"
    case changesRequested = "CHANGES_REQUESTED"
    case rejected = "REJECTED"
    case scheduled = "SCHEDULED"
    case publishing = "PUBLISHING"
    case published = "PUBLISHED"
    /// Some accounts show it, the others never will without a retry.
    case partiallyPublished = "PARTIALLY_PUBLISHED"
    case failed = "FAILED"
    /// Whether some account shows it is not known; nothing is sent again until somebody says.
    case needsAttention = "NEEDS_ATTENTION"
    case cancelled = "CANCELLED"
    case archived = "ARCHIVED"

    /// Every legal step from here, whoever takes it.
    package var next: [PostStatus] {
        switch self {
        case .draft: [.inReview, .scheduled, .publishing, .cancelled, .archived]
        case .inReview: [.scheduled, .changesRequested, .rejected, .draft]
        case .changesRequested: [.inReview, .draft, .cancelled]
        case .rejected: [.draft, .archived]
        case .scheduled: [.draft, .inReview, .publishing, .cancelled, .failed]
        // Not back to SCHEDULED: it could be edited there while a request with its old words may still become visible.
        case .publishing: [.published, .partiallyPublished, .failed, .needsAttention]
        case .published: [.archived]
        case .partiallyPublished: [.publishing, .archived]
        case .failed: [.publishing, .draft, .scheduled, .archived]
        case .needsAttention: [.published, .partiallyPublished, .failed]
        case .cancelled: [.archived, .draft]
        case .archived: [.draft]
        }
    }

    /// The steps that a caller may ask for by writing `status`; the others have verbs of their own or happen by themselves.
    package static let settable: [PostStatus] = [.draft, .scheduled, .cancelled, .archived]

    /// Whether the caption and its company may still change.
    package var isEditable: Bool {
        switch self {
        case .draft, .inReview, .changesRequested, .rejected, .scheduled, .failed, .cancelled: true
        case .publishing, .published, .partiallyPublished, .needsAttention, .archived: false
        }
    }

    /// - Throws: ``APIError`` `invalid_transition` naming what is allowed.
    package func check(to target: PostStatus) throws(APIError) {
        guard !next.contains(target) else { return }
        let allowed = next.map(\.rawValue).joined(separator: ", ")
        throw APIError(
            .invalidTransition, "A post that is \(rawValue) cannot become \(target.rawValue); allowed are \(allowed).",
            details: [FieldIssue("status", "allowed from \(rawValue): \(allowed)")])
    }
}
