package import Contract
package import Core

/// What became of one of many.
package struct BulkResult: Sendable {
    /// The status that a request of its own would have been answered with.
    package var status: Int
    package var line: Int?
    package var id: PostID?
    package var error: BulkError?

    /// The error of an item, as its own request would have shown it.
    package struct BulkError: APIObject {
        package var error: APIError

        package static let name = "BulkError"
        package static let properties: [Property<Self>] = [
            Property("code", "The error's code.") { $0.error.code.rawValue },
            Property("message", "What is wrong.") { $0.error.message },
            Property("details", "Each field that is wrong, and what is allowed.") {
                $0.error.details.map { BulkIssue(issue: $0) }
            },
        ]
        package static let example = BulkError(error: .invalid("caption", "is required"))
    }

    package struct BulkIssue: APIObject {
        package var issue: FieldIssue

        package static let name = "FieldIssue"
        package static let properties: [Property<Self>] = [
            Property("field", "The field.") { $0.issue.field },
            Property("issue", "What is allowed.") { $0.issue.issue },
        ]
        package static let example = BulkIssue(issue: FieldIssue("caption", "is required"))
    }
}

extension BulkResult: APIObject {
    package static let name = "BulkResult"
    package static let properties: [Property<Self>] = [
        Property("status", "201 when it was created, or the error's status.") { $0.status },
        Property(omittable: "line", "Its line in the file.") { $0.line },
        Property(omittable: "id", "The new post's id.") { $0.id },
        Property(omittable: "error", "Why it was not created.") { $0.error },
    ]
    package static let example = BulkResult(status: 201, line: nil, id: ID("clx123abc"), error: nil)
}

/// What became of each, in the order of the request.
package struct BulkReport: APIObject {
    package var results: [BulkResult]
    package var isRehearsal = false

    package static let name = "BulkReport"
    package static let properties: [Property<Self>] = [
        Property("results", "What became of each, in order.") { $0.results },
        Property("created", "How many were created.") { report in report.results.filter { $0.status == 201 }.count },
        Property("failed", "How many were not.") { report in report.results.filter { $0.status != 201 }.count },
    ]
    package static let example = BulkReport(results: [.example])
}

/// Posts to create at once.
package struct BulkInput: APIInput {
    package var posts: [JSONValue] = []

    package init() {}

    package static let name = "BulkInput"
    package static let fields: [InputField<Self>] = [
        InputField("posts", "Up to 500 posts, each as `POST /api/posts` takes it.", required: true, .count(1...500)) {
            $0.posts = $1
        }
    ]
    package static let example: JSONValue = ["posts": [PostInput.example]]
}
