package import Contract
package import Core

/// Work that takes longer than a request should: asked for, worked on under a lease, its result stored once.
package struct Job: Sendable {
    package enum Kind: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case images = "IMAGE_GENERATION"
        case captions = "CAPTION_GENERATION"
    }

    package enum Status: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case queued = "QUEUED"
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case cancelled = "CANCELLED"

        package var hasEnded: Bool { self != .queued && self != .running }
    }

    package var id: JobID
    package var organizationID: OrganizationID
    package var brandID: BrandID
    package var kind: Kind
    /// Who asked, and with which key.
    package var userID: UserID
    package var keyID: KeyID
    package var status: Status
    /// 0 to 1.
    package var progress: Double
    /// What is being done, for people.
    package var step: String?
    /// What was asked for, as its worker reads it.
    package var input: String
    package var result: RawJSON<JSONValue>?
    package var error: JobFailure?
    /// Who made the result.
    package var provider: String?
    /// Set aside when it was asked for, and charged in the end.
    package var creditsReserved: Int64
    package var creditsCharged: Int64?
    /// When it is to be worked on next, or when its worker's lease runs out.
    package var wakeAt: Instant?
    package var attempts: Int
    package var fencingToken: Int64
    package var createdAt: Instant
    package var startedAt: Instant?
    package var finishedAt: Instant?
    package var updatedAt: Instant
    package var version: Int64

    /// What its credits are reserved for.
    package var creditSubject: CreditSubject { CreditSubject("job", id.rawValue) }

    /// On whose behalf it acts: nothing outside of its brand.
    package var caller: Caller {
        Caller(
            organizationID: organizationID, keyID: keyID, userID: userID, scope: .readWrite, brandIDs: [brandID],
            requestsPerHour: 1)
    }
}

/// Why a job came to nothing: what happened and what to do.
package struct JobFailure: Error, Sendable, Hashable {
    package var code: String
    package var message: String
    /// How long to wait before it may be tried again by itself; nil: trying again would not help.
    package var retryAfter: Duration?

    package init(_ code: String, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }
}

extension JobFailure: APIObject {
    package static let name = "JobError"
    package static let properties: [Property<Self>] = [
        Property("code", "Why: provider_..., invalid_request, quota_exceeded, interrupted.") { $0.code },
        Property("message", "What happened and what to do.") { $0.message },
    ]
    package static let example = JobFailure(
        "provider_rate_limited", "The AI provider's limit is used up. Try again in 20 s.")
}

extension Job: APIObject {
    package static let name = "Job"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "Its id.") { $0.id },
        Property("kind", "What is made.") { $0.kind },
        Property("status", "Where it is.") { $0.status },
        Property("progress", "How much is done, 0 to 1.") { $0.progress },
        Property("step", "What is being done, or was done last.") { $0.step },
        Property("brandId", "The brand it is for.") { $0.brandID },
        Property("userId", "Who asked for it.") { $0.userID },
        Property(omittable: "result", "What was made, once it SUCCEEDED.") { $0.result },
        Property(omittable: "error", "Why it FAILED.") { $0.error },
        Property("provider", "Who made it: a model, or offline-template for templates without AI.") { $0.provider },
        Property("creditsReserved", "What was set aside for it.") { $0.creditsReserved },
        Property("creditsCharged", "What it cost in the end; null until it ended, 0 when it came to nothing.") {
            $0.creditsCharged
        },
        Property("attempts", "How often it was begun.") { $0.attempts },
        Property("createdAt", "When it was asked for.") { $0.createdAt },
        Property("startedAt", "When it was begun.") { $0.startedAt },
        Property("finishedAt", "When it ended.") { $0.finishedAt },
        Property("updatedAt", "When it last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Job(
        id: ID("cmb2k7q0x0000000000000015"), organizationID: ID("clx789xyz"), brandID: ID("clx456def"), kind: .images,
        userID: ID("cmb2k7q0x0000000000000003"), keyID: ID("cmb2k7q0x0000000000000004"), status: .running, progress: 0.1,
        step: "Waiting for the provider", input: "{}", result: nil, error: nil, provider: nil, creditsReserved: 4,
        creditsCharged: nil, wakeAt: nil, attempts: 1, fencingToken: 1, createdAt: Instant(seconds: 1_770_114_600),
        startedAt: Instant(seconds: 1_770_114_600), finishedAt: nil, updatedAt: Instant(seconds: 1_770_114_600), version: 2)
}

/// The filters of `GET /api/jobs`.
package struct JobFilter: APIQuery {
    package var statuses: [Job.Status] = []
    package var kinds: [Job.Kind] = []
    package var brandID: BrandID?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "status", "Only jobs in this status.") { $0.statuses = $1 },
        QueryParameter(list: "kind", "Only jobs of this kind.") { $0.kinds = $1 },
        QueryParameter("brandId", "Only jobs for this brand.") { $0.brandID = $1 },
    ]
}
