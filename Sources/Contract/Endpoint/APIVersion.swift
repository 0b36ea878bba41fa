package import Core

/// A dated version of the API: what a key was made for, until a request asks for another with `Audenci-Version`.
package struct APIVersion: Hashable, Comparable, Sendable {
    /// Such as `2026-11-01`.
    package let date: String

    package init(_ date: String) { self.date = date }

    package static func < (a: Self, b: Self) -> Bool { a.date < b.date }
}

/// One way in which a version differs from those before it. Handlers know today's API only; this carries older callers over.
package struct APIChange: Sendable {
    /// The first version that has it.
    package let since: APIVersion
    /// The operations' ids, such as `posts.create`.
    package let operations: Set<String>
    /// Makes a body that callers of older versions send into today's.
    package let upgrade: @Sendable (_ body: JSONValue) -> JSONValue
    /// Makes today's answer into the one that callers of older versions know.
    package let downgrade: @Sendable (_ answer: JSONValue) -> JSONValue

    package init(
        since: APIVersion, operations: Set<String>, upgrade: @escaping @Sendable (JSONValue) -> JSONValue = { $0 },
        downgrade: @escaping @Sendable (JSONValue) -> JSONValue = { $0 }
    ) {
        self.since = since
        self.operations = operations
        self.upgrade = upgrade
        self.downgrade = downgrade
    }
}

/// Every version of the API, oldest first, and what changed.
package struct APIHistory: Sendable {
    package let versions: [APIVersion]
    /// In the order of their versions.
    package let changes: [APIChange]

    package init(versions: [APIVersion], changes: [APIChange] = []) {
        self.versions = versions
        self.changes = changes
    }

    /// A change of the API that old callers would notice gets a version and an ``APIChange`` here.
    package static let current = APIHistory(versions: [APIVersion("2026-11-01")])

    package var newest: APIVersion { versions.last ?? APIVersion("2026-11-01") }

    /// The dates, for messages.
    package var words: String { versions.map(\.date).joined(separator: ", ") }

    /// The version of that date.
    /// - Throws: 400, naming those that there are.
    package func version(_ date: String, field: String) throws(APIError) -> APIVersion {
        guard let version = versions.first(where: { $0.date == date }) else {
            throw APIError.invalid(field, "must be a version of this API: \(words)")
        }
        return version
    }

    /// The header by which a request asks for a version, and every answer names its own.
    package static let header = "Audenci-Version"
}

/// What stands between one caller's version and today's, for one operation.
package struct VersionBridge: Sendable {
    private let changes: [APIChange]

    package init(_ changes: [APIChange], from version: APIVersion) { self.changes = changes.filter { $0.since > version } }

    /// The request as today's callers would send it; a body that is no JSON stays as it is.
    package func upgraded(_ request: APIRequest) -> APIRequest {
        guard !changes.isEmpty, let json = try? JSONValue(parsing: request.body) else { return request }
        var today = request
        today.body = changes.reduce(json) { $1.upgrade($0) }.bytes
        return today
    }

    /// The answer as the caller's version knows it.
    package func downgraded(_ reply: Reply) -> Reply {
        guard !changes.isEmpty, reply.stream == nil, let json = try? JSONValue(parsing: reply.body) else { return reply }
        var older = reply
        older.body = changes.reversed().reduce(json) { $1.downgrade($0) }.bytes
        return older
    }
}
