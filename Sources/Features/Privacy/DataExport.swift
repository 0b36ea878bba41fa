package import Contract
package import Core

/// Everything of an organization, or of one of its users, in an archive.
package struct DataExport: Sendable {
    package enum Status: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case queued = "QUEUED"
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case expired = "EXPIRED"
    }

    package var id: ExportID
    package var organizationID: OrganizationID
    /// Nil: of the whole organization.
    package var subject: UserID?
    package var includesMedia: Bool
    package var requestedBy: UserID
    package var status: Status
    package var rows: Int64
    package var files: Int64
    package var size: Int64?
    package var error: String?
    package var createdAt: Instant
    package var finishedAt: Instant?
    package var expiresAt: Instant?
}

extension DataExport: APIObject {
    package static let name = "DataExport"
    package static let isVolatile = true
    package static let properties: [Property<Self>] = [
        Property("id", "The export's id.") { $0.id },
        Property("status", "QUEUED, RUNNING, SUCCEEDED, FAILED, or EXPIRED: the archive is gone.") { $0.status },
        Property("userId", "The user whose data it holds; null: everything of the organization.") { $0.subject },
        Property("media", "Whether it holds the files of the media library.") { $0.includesMedia },
        Property("requestedBy", "Who asked for it.") { $0.requestedBy },
        Property("rows", "How many records it holds so far.") { $0.rows },
        Property("files", "How many media files it holds so far.") { $0.files },
        Property("sizeBytes", "The archive's size, once it is whole.") { $0.size },
        Property("contentUrl", "Where the archive is, while it is there.") {
            $0.status == .succeeded ? "/api/exports/\($0.id)/content" : nil
        },
        Property("error", "Why it failed, when it failed.") { $0.error },
        Property("createdAt", "When it was asked for.") { $0.createdAt },
        Property("finishedAt", "When it was whole, or failed.") { $0.finishedAt },
        Property("expiresAt", "When the archive is removed.") { $0.expiresAt },
    ]
    package static let example = DataExport(
        id: ID("cmb2k7q0x0000000000000061"), organizationID: ID("clx789xyz"), subject: nil, includesMedia: true,
        requestedBy: ID("cmb2k7q0x0000000000000003"), status: .succeeded, rows: 1280, files: 14, size: 8_123_456, error: nil,
        createdAt: Instant(seconds: 1_770_114_600), finishedAt: Instant(seconds: 1_770_114_612),
        expiresAt: Instant(seconds: 1_770_719_412))
}

/// What a request says of an export.
package struct DataExportInput: APIInput {
    package var subject: UserID?
    package var includesMedia = false

    package init() {}

    package static let name = "DataExportInput"
    package static let fields: [InputField<Self>] = [
        InputField("userId", "One user's data only; everything of the organization, when absent.") { $0.subject = $1 },
        InputField("media", "Whether the files of the media library come too; not for one user.") { $0.includesMedia = $1 },
    ]
    package static let example: JSONValue = ["media": true]
}
