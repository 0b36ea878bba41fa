import Contract
import Core
import Parquet

/// Turns snapshots into the bytes of an export; knows all three forms.
struct ExportEncoder {
    private let form: AnalyticsExport.Form
    private let platforms: [SocialAccountID: Platform]
    private var parquet: ParquetWriter

    private static let columns: [ParquetColumn] =
        [
            ParquetColumn("sequence", .int64), ParquetColumn("capturedAt", .timestamp), ParquetColumn("postId", .string),
            ParquetColumn("publicationId", .string), ParquetColumn("socialAccountId", .string),
            ParquetColumn("platform", .string),
        ] + Metric.allCases.map { ParquetColumn($0.rawValue, .int64) }

    init(_ form: AnalyticsExport.Form, platforms: [SocialAccountID: Platform]) {
        self.form = form
        self.platforms = platforms
        parquet = ParquetWriter(Self.columns)
    }

    /// What stands before the first row.
    var head: [UInt8]? {
        form == .csv ? Array((CSV.line(Self.columns.map(\.name)) + "\r\n").utf8) : nil
    }

    mutating func encode(_ piece: [PostSnapshot]) -> [UInt8] {
        switch form {
        case .ndjson: lines(piece)
        case .csv: piece.flatMap { Array((CSV.line(row($0).map(\.text)) + "\r\n").utf8) }
        case .parquet: piece.flatMap { parquet.add(row($0)) }
        }
    }

    /// What stands after the last row.
    mutating func end() -> [UInt8] { form == .parquet ? parquet.finish() : [] }

    private func row(_ snapshot: PostSnapshot) -> [ParquetValue] {
        var row: [ParquetValue] = [
            .int64(snapshot.sequence), .timestamp(snapshot.capturedAt.milliseconds), .string(snapshot.postID.rawValue),
            .string(snapshot.publicationID.rawValue), .string(snapshot.accountID.rawValue),
            platforms[snapshot.accountID].map { .string($0.rawValue) } ?? .null,
        ]
        for metric in Metric.allCases { row.append(snapshot.metrics[metric].map { .int64($0) } ?? .null) }
        return row
    }

    private func lines(_ piece: [PostSnapshot]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(piece.count * 400)
        for snapshot in piece {
            var writer = JSONWriter(capacity: 400)
            writer.beginObject()
            writer.key("sequence"); writer.int(snapshot.sequence)
            writer.key("capturedAt"); writer.instant(snapshot.capturedAt)
            writer.key("postId"); writer.string(snapshot.postID.rawValue)
            writer.key("publicationId"); writer.string(snapshot.publicationID.rawValue)
            writer.key("socialAccountId"); writer.string(snapshot.accountID.rawValue)
            writer.key("platform"); (platforms[snapshot.accountID]?.rawValue).write(to: &writer)
            for metric in Metric.allCases {
                writer.key(metric.rawValue)
                snapshot.metrics[metric].write(to: &writer)
            }
            writer.endObject()
            bytes += writer.bytes
            bytes.append(0x0A)
        }
        return bytes
    }
}

extension ParquetValue {
    /// As CSV shows it; empty: null.
    fileprivate var text: String {
        switch self {
        case .null: ""
        case .int64(let number): String(number)
        case .double(let number): number.description
        case .string(let text): text
        case .timestamp(let milliseconds): Instant(milliseconds: milliseconds).description
        }
    }
}
