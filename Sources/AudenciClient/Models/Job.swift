public import Foundation

/// Work that goes on after its answer.
public struct Job: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    /// `IMAGE_GENERATION`, `CAPTION_GENERATION`.
    public var kind: String
    /// `QUEUED`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
    public var status: String
    public var progress: Double?
    public var result: JSONValue?
    public var error: JSONValue?
    /// Who made the result: a model, or `offline-template`.
    public var provider: String?
    public var creditsReserved: Int?
    public var creditsCharged: Int?

    /// True when nothing more happens to it.
    public var hasEnded: Bool { status != "QUEUED" && status != "RUNNING" }
}

/// What is left to generate with.
public struct Credits: Codable, Hashable, Sendable {
    /// Nil: without a limit.
    public var balance: Int?
    public var reserved: Int
    public var unlimited: Bool
    public var renewsAt: Date
}
