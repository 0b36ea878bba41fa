import Contract
import Core
import Parquet

/// A question for all snapshots: which, in which form, and since when.
struct AnalyticsExport: APIQuery {
    enum Form: String, Sendable, CaseIterable, APIEnum, QueryValue { case ndjson, csv, parquet }
    var scope = AnalyticsScope()
    var form = Form.ndjson
    var since: Instant?
    var cursor: String?

    init() {}

    static let parameters: [QueryParameter<Self>] =
        AnalyticsScope.parameters({ $0.scope }, { $0.scope = $1 }) + [
            QueryParameter("format", "ndjson (the default), csv or parquet.") { $0.form = $1 },
            QueryParameter("updatedSince", "Only snapshots read at this moment or later.") { $0.since = $1 },
            QueryParameter(
                "cursor", "Only snapshots that came since: the `X-Next-Cursor` header of an earlier export."
            ) { $0.cursor = $1 },
        ]

    /// What the export covers, fixed before its first byte: what comes meanwhile is for the next one.
    func range(upTo end: ExportPlace?) throws(APIError) -> ExportRange {
        var range = ExportRange(scope: scope, since: since ?? Instant(milliseconds: 0), last: end?.sequence ?? 0)
        if let cursor, !cursor.isEmpty {
            guard let place = Cursor(text: cursor).flatMap({ ExportPlace(cursor: $0) }) else {
                throw .invalid("cursor", "must be the X-Next-Cursor of an earlier export")
            }
            range.after = place.sequence
            range.start.quarter = place.quarter
        }
        // Nothing before the moment's own quarter can be meant.
        range.start.quarter = max(range.start.quarter, PostSnapshot.quarter(of: range.since))
        return range
    }

    /// Reads in pieces of 1,000, so that memory stays flat however many there are.
    func stream(_ range: ExportRange, next: ExportPlace?, from store: ExportStore, for caller: Caller) async throws -> Streamed<
        ExportedSnapshots
    > {
        let platforms = try await store.platforms(for: caller)
        var headers = [("Content-Disposition", "attachment; filename=\"analytics.\(form.rawValue)\"")]
        if let text = next?.cursor.text ?? cursor { headers.append(("X-Next-Cursor", text)) }
        return Streamed(ExportedSnapshots.self, contentType: form.contentType, headers: headers) { [form] send in
            var encoder = ExportEncoder(form, platforms: platforms)
            if let head = encoder.head { try await send(head) }
            var place = range.start
            while true {
                // Stopped before the end it fails, so that the connection breaks: an end like that of a whole export would
                // be believed, and the next one begins after what never came.
                try Task.checkCancellation()
                let piece = try await store.piece(range, after: place, limit: 1000, for: caller)
                guard let last = piece.last else { break }
                place = ExportPlace(last)
                let bytes = encoder.encode(piece)
                if !bytes.isEmpty { try await send(bytes) }
            }
            let end = encoder.end()
            if !end.isEmpty { try await send(end) }
        }
    }
}

extension AnalyticsExport.Form {
    var contentType: String {
        switch self {
        case .ndjson: ExportedSnapshots.contentType
        case .csv: "text/csv; charset=utf-8"
        case .parquet: "application/vnd.apache.parquet"
        }
    }
}

/// A place in the table of snapshots.
struct ExportPlace: Sendable, Hashable {
    var quarter: Int64 = 0
    var account = SocialAccountID("")
    var sequence: Int64 = 0

    init() {}

    init(quarter: Int64, sequence: Int64) {
        self.quarter = quarter
        self.sequence = sequence
    }

    init(_ snapshot: PostSnapshot) {
        quarter = snapshot.quarter
        account = snapshot.accountID
        sequence = snapshot.sequence
    }

    /// The newest snapshot of the time; all later ones have larger numbers and no earlier quarter.
    var cursor: Cursor { Cursor(key: "\(quarter).\(sequence)") }

    init?(cursor: Cursor) {
        let parts = cursor.key.split(separator: ".").map { Int64($0) }
        guard parts.count == 2, let quarter = parts[0], let sequence = parts[1], quarter >= 0, sequence >= 0 else { return nil }
        self.init(quarter: quarter, sequence: sequence)
    }
}

/// What one export covers.
struct ExportRange: Sendable {
    var scope: AnalyticsScope
    var since: Instant
    /// Snapshots with larger numbers only.
    var after: Int64 = 0
    var last: Int64
    var start = ExportPlace()

    init(scope: AnalyticsScope, since: Instant, last: Int64) {
        self.scope = scope
        self.since = since
        self.last = last
    }
}

/// Snapshots: a JSON object in each line, CSV or Parquet, as the caller asked.
enum ExportedSnapshots: StreamFormat {
    static let contentType = ExportedRows.contentType
    static let otherContentTypes = ["text/csv", "application/vnd.apache.parquet"]
    static let example: JSONValue =
        "{\"platform\":\"mastodon\",\"capturedAt\":\"2026-02-03T10:30:00Z\",\"likes\":12}\n"
    static let schema: JSONValue = [
        "type": "string", "description": "One JSON object in each line, CSV with a header line, or a Parquet file.",
    ]
}
