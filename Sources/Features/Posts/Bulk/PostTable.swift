package import Contract
import Core

/// Posts in a CSV file: a header line with names of fields, one post in each line below it. Lists are separated by `;`.
package enum PostTable {
    /// The columns that are known.
    package static let columns = [
        "brandId", "caption", "platforms", "scheduledFor", "status", "title", "link", "tags", "media", "campaignId",
        "categoryId", "pillarId", "externalRef", "contentType", "queueId", "socialAccountIds",
    ]
    private static let lists: Set = ["platforms", "tags", "media", "socialAccountIds"]
    package static let maximumLines = 500

    /// - Throws: 400 for a file that is no such table; what is wrong with one line is told in its place.
    package static func read(_ bytes: [UInt8]) throws(APIError) -> [(line: Int?, input: Result<PostInput, APIError>)] {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw APIError.invalid("", "must be CSV in UTF-8") }
        let rows = CSV.rows(text)
        guard let header = rows.first, rows.count > 1 else {
            throw APIError.invalid("", "must have a header line and at least one line of posts")
        }
        guard rows.count - 1 <= maximumLines else {
            throw APIError.invalid("", "has \(rows.count - 1) posts; at most \(maximumLines) are taken at once")
        }
        let unknown = header.cells.filter { !columns.contains($0) }
        guard unknown.isEmpty, Set(header.cells).count == header.cells.count else {
            let list = unknown.isEmpty ? "a column twice" : "unknown columns: \(unknown.joined(separator: ", ").prefix(200))"
            throw APIError.invalid("", "has \(list); known are \(columns.joined(separator: ", "))")
        }
        return rows.dropFirst().map { row in (row.line, input(of: row.cells, header.cells)) }
    }

    private static func input(of cells: [String], _ header: [String]) -> Result<PostInput, APIError> {
        guard cells.count == header.count else {
            return .failure(.invalid("", "has \(cells.count) cells; the header has \(header.count)"))
        }
        let members = zip(header, cells).compactMap { name, cell -> JSONValue.Member? in
            guard !cell.isEmpty else { return nil }
            guard lists.contains(name) else { return .init(name, .string(cell)) }
            let elements = cell.split(separator: ";").map { element -> JSONValue in
                let word = String(element.drop { $0 == " " })
                return name == "media" ? ["url": .string(word)] : .string(word)
            }
            return .init(name, .array(elements))
        }
        var issues: [FieldIssue] = []
        guard let input = PostInput.read(.object(members), at: "", issues: &issues) else { return .failure(.invalid(issues)) }
        return .success(input)
    }
}
