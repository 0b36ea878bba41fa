public import Foundation

/// JSON as the API reads and writes it: dates as ISO 8601 in UTC, keys in a fixed order.
public enum AudenciJSON {
    /// Reads one of this library's types, for example from a file of your tests.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = date(text) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "\(text) is no ISO 8601 date, such as 2026-02-04T15:00:00Z")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }

    /// Writes as the API expects it. The same value gives the same bytes, so that a repeated request is a repeated request.
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(date))
        }
        return try encoder.encode(value)
    }

    /// Whole seconds and `Z`, as in `2026-02-04T15:00:00Z`.
    static func text(_ date: Date) -> String { date.formatted(.iso8601) }

    /// Seconds with or without fractions, an offset or `Z`, or a day alone, which begins at midnight in UTC.
    static func date(_ text: String) -> Date? {
        if let date = try? Date.ISO8601FormatStyle().parse(text) { return date }
        if let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text) { return date }
        return try? Date.ISO8601FormatStyle().year().month().day().parse(text)
    }
}
