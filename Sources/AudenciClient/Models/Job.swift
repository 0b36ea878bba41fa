public import Foundation

/// Work that goes on after its answer.
public struct Job: Codable, Hashable, Identifiable, Versioned, Sendable {
    /// Why a job failed.
    public struct Failure: Codable, Hashable, Sendable {
        public var code: String
        /// What happened and what to do.
        public var message: String
    }

    public var id: String
    /// `IMAGE_GENERATION`, `CAPTION_GENERATION`.
    public var kind: String
    /// `QUEUED`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
    public var status: String
    /// From 0 to 1.
    public var progress: Double
    /// What is being done.
    public var step: String?
    public var brandId: String
    /// Who asked for it.
    public var userId: String
    public var result: JSONValue?
    public var error: Failure?
    /// Who made the result: a model, or `offline-template`.
    public var provider: String?
    public var creditsReserved: Int
    public var creditsCharged: Int?
    public var attempts: Int
    public var createdAt: Date
    public var startedAt: Date?
    public var finishedAt: Date?
    public var updatedAt: Date
    public var version: Int

    /// True when nothing more happens to it.
    public var hasEnded: Bool { status != "QUEUED" && status != "RUNNING" }
}
