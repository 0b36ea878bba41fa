package import Contract
package import Core
import Relational

/// Many posts at once: each is created or refused on its own, all in one transaction, so that a repeat by its
/// `Idempotency-Key` finds all of them or none.
extension PostStore {
    /// - Parameter items: what each is to be, or why it cannot even be read.
    package func createAll(
        _ items: [(line: Int?, input: Result<PostInput, APIError>)], for caller: Caller
    ) async throws -> BulkReport {
        let report = try await engine.write { connection in
            var report = BulkReport(results: [])
            for item in items {
                do {
                    let input = try item.input.get()
                    let post = try connection.isolated { try create(input, for: caller, on: connection) }
                    report.results.append(BulkResult(status: 201, line: item.line, id: post.id, error: nil))
                } catch let error as APIError {
                    report.results.append(
                        BulkResult(status: error.code.status, line: item.line, id: nil, error: .init(error: error)))
                }
            }
            return report
        }
        outbox.wake.signal()
        scheduleWake.signal()
        return report
    }

    /// Says what `POST /api/posts` would say, and does nothing.
    package func validate(_ input: PostInput, for caller: Caller) async throws -> PostVerdict {
        do {
            return try await engine.write { connection in
                throw Validated(post: try create(input, for: caller, on: connection))
            }
        } catch let validated as Validated {
            return PostVerdict(post: validated.post, error: nil)
        } catch let error as APIError where error.code.status < 500 {
            return PostVerdict(post: nil, error: error)
        }
    }

    private struct Validated: Error { let post: Post }

    /// A new draft like this one.
    package func duplicate(_ id: PostID, for caller: Caller) async throws -> Post {
        let copy = try await engine.write { connection in
            let original = try visible(id, for: caller, on: connection)
            var copy = original
            copy.id = ambient.newID()
            copy.userID = caller.userID
            copy.parentID = original.id
            copy.status = .draft
            copy.scheduledFor = nil
            copy.overrides = original.overrides.map { override in
                var untimed = override
                untimed.scheduledFor = nil
                return untimed
            }
            copy.externalRef = nil
            copy.queueID = nil
            copy.recurrence = nil
            copy.approval = nil
            copy.contentPlanID = nil
            copy.planItemID = nil
            copy.platformResults = RawJSON("{}")
            copy.failure = nil
            copy.publishedAt = nil
            copy.createdAt = ambient.now()
            copy.updatedAt = copy.createdAt
            copy.version = 1
            // Accounts that were disconnected meanwhile are chosen anew when it is scheduled.
            copy.accountIDs = []
            if !copy.overrides.isEmpty { copy.accountIDs = original.accountIDs }
            try insert(&copy, for: caller, on: connection)
            return copy
        }
        wake(copy)
        return copy
    }
}

/// What a post would be, or why it would be refused.
package struct PostVerdict: APIObject {
    package var post: Post?
    package var error: APIError?

    package static let name = "PostVerdict"
    package static let properties: [Property<Self>] = [
        Property("valid", "Whether it would be created.") { $0.post != nil },
        Property("issues", "Each field that is wrong, and what is allowed.") {
            ($0.error?.details ?? []).map { BulkResult.BulkIssue(issue: $0) }
        },
        Property("message", "Why it would be refused.") { $0.error?.message },
        Property("warnings", "What would be accepted but should be known.") { $0.post?.warnings ?? [] },
        Property("status", "The status it would have.") { $0.post?.status },
        Property("scheduledFor", "When it would be published.") { $0.post?.scheduledFor },
        Property("socialAccountIds", "The accounts that would publish it.") { $0.post?.accountIDs ?? [] },
    ]
    package static let example = PostVerdict(post: .example, error: nil)
}
