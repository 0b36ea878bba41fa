import Contract
import Core
package import Relational

extension PostStore {
    /// Schedules the next occurrence of a post that repeats, on the transaction in which this one begins to be published, and
    /// hands the repetition on to it: so there is exactly one, however often this one is tried. The caller saves `post`.
    package func repeatIfDue(_ post: inout Post, on connection: any RelationalConnection) throws {
        guard let recurrence = post.recurrence else { return }
        let now = ambient.now()
        let zone = try organizations.settings(of: post.organizationID, on: connection).zone
        guard let next = recurrence.following(post.scheduledFor ?? now, now: now, in: zone) else { return }
        var copy = post
        copy.id = ambient.newID()
        copy.parentID = post.parentID ?? post.id
        copy.status = .scheduled
        copy.scheduledFor = next.at
        copy.recurrence = next.recurrence
        copy.externalRef = nil
        // A proposal becomes one post; its repetitions belong to the plan only.
        copy.planItemID = nil
        copy.overrides = post.overrides.map { override in
            var moved = override
            moved.scheduledFor = override.scheduledFor.flatMap { recurrence.moved($0, by: next.units, in: zone) }
            return moved
        }
        copy.platformResults = RawJSON("{}")
        copy.failure = nil
        copy.publishedAt = nil
        copy.createdAt = now
        copy.updatedAt = now
        copy.version = 1
        do {
            try connection.isolated {
                try organizations.takePostQuota(post.organizationID, on: connection)
                try connection.execute(PostQueries.insert(copy))
                try publications.plan(copy, due: next.at, on: connection)
                try tell(PostCreated(copy), by: nil, on: connection)
                try tell(PostScheduled(copy), by: nil, on: connection)
            }
            post.recurrence = nil
        } catch let error as APIError where error.code == .quotaExceeded {
            // This one is published all the same.
            post.warnings.append("The month's posts are used up: the series ends with this post.")
        }
    }
}
