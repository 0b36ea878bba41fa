package import Contract
package import Core
import Relational

/// Remarks of the team on posts.
extension PostStore {
    private static var commentColumns: Query {
        "id, post_id, user_id, author, body, resolved, created_at, updated_at, version"
    }

    private static func decodeComment(_ row: any ResultRow) throws -> PostComment {
        PostComment(
            id: row.id(0), postID: row.id(1), userID: row.optionalID(2), author: row.optionalText(3), body: row.text(4),
            isResolved: row.bool(5), createdAt: row.instant(6), updatedAt: row.instant(7), version: row.int(8))
    }

    package func comments(on id: PostID, for caller: Caller, page: PageRequest) async throws -> Page<PostComment> {
        try await engine.read { connection in
            let post = try visible(id, for: caller, on: connection)
            let rows = try connection.query(
                """
                SELECT \(Self.commentColumns) FROM post_comment
                WHERE organization_id = \(post.organizationID) AND post_id = \(id) AND \(page.condition("id"))
                \(page.tail("id"))
                """, Self.decodeComment)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    package func comment(on id: PostID, _ input: PostCommentInput, for caller: Caller) async throws -> PostComment {
        guard let body = input.body else { throw APIError.invalid("body", "is required") }
        return try await engine.write { connection in
            let post = try visible(id, for: caller, on: connection)
            return try comment(on: post, body, by: .member(caller.userID), on: connection)
        }
    }

    func comment(
        on post: Post, _ body: String, by author: Reviewer, on connection: any RelationalConnection
    ) throws -> PostComment {
        let now = ambient.now()
        let comment = PostComment(
            id: ambient.newID(), postID: post.id, userID: author.userID, author: author.name, body: body, isResolved: false,
            createdAt: now, updatedAt: now, version: 1)
        try connection.execute(
            """
            INSERT INTO post_comment (\(Self.commentColumns), organization_id)
            VALUES (\(comment.id), \(post.id), \(comment.userID), \(comment.author), \(body), FALSE, \(now), \(now), 1,
                    \(post.organizationID))
            """)
        return comment
    }

    /// Changes a comment: everyone settles, only its author rewrites.
    package func changeComment(
        _ commentID: CommentID, on id: PostID, _ input: PostCommentInput, for caller: Caller
    ) async throws -> PostComment {
        try await engine.write { connection in
            var comment = try findComment(commentID, on: id, for: caller, on: connection)
            try caller.checkVersion(comment.version)
            if input.body != nil, comment.userID != caller.userID {
                throw APIError(.forbidden, "Only its author rewrites a comment; everyone may set resolved.")
            }
            comment.body = input.body ?? comment.body
            comment.isResolved = input.isResolved ?? comment.isResolved
            comment.version += 1
            comment.updatedAt = ambient.now()
            try connection.execute(
                """
                UPDATE post_comment SET body = \(comment.body), resolved = \(comment.isResolved),
                    updated_at = \(comment.updatedAt), version = \(comment.version)
                WHERE organization_id = \(caller.organizationID) AND id = \(commentID)
                """)
            return comment
        }
    }

    package func deleteComment(_ commentID: CommentID, on id: PostID, for caller: Caller) async throws {
        try await engine.write { connection in
            let comment = try findComment(commentID, on: id, for: caller, on: connection)
            try caller.checkVersion(comment.version)
            guard comment.userID == caller.userID || caller.role >= .admin else {
                throw APIError(.forbidden, "Only its author, or an ADMIN, deletes a comment.")
            }
            try connection.execute(
                "DELETE FROM post_comment WHERE organization_id = \(caller.organizationID) AND id = \(commentID)")
        }
    }

    private func findComment(
        _ commentID: CommentID, on id: PostID, for caller: Caller, on connection: any RelationalConnection
    ) throws -> PostComment {
        let post = try visible(id, for: caller, on: connection)
        let found = try connection.first(
            """
            SELECT \(Self.commentColumns) FROM post_comment
            WHERE organization_id = \(post.organizationID) AND id = \(commentID) AND post_id = \(id)
            """, Self.decodeComment)
        guard let found else { throw APIError.notFound("comment") }
        return found
    }
}
