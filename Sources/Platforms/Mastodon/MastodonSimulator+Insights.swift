import Core

extension SimulatedAudience {
    /// The status with its numbers as they are now.
    func counted(_ status: JSONValue, of post: VisiblePost) async throws -> JSONValue {
        let metrics = try await metrics(of: post)
        return status.replacing("favourites_count", .int(metrics[.likes] ?? 0))
            .replacing("reblogs_count", .int(metrics[.shares] ?? 0)).replacing("replies_count", .int(metrics[.comments] ?? 0))
    }

    /// The profile with its followers as they are now.
    func counted(_ profile: JSONValue, of account: String) async throws -> JSONValue {
        profile.replacing("followers_count", .int(try await followers(of: account)))
    }
}
