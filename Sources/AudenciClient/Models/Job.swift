/// Work that goes on after its answer.
public struct Job: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    public var kind: String
    /// `QUEUED`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
    public var status: String
    public var progress: Double?
    public var result: JSONValue?
    public var error: JSONValue?
}
