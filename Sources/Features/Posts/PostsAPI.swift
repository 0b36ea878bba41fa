package import Contract
import Core

package struct PostsAPI: Sendable {
    let posts: PostStore
    let links: ReviewLinkStore
    let relations: PostRelations

    package init(posts: PostStore, links: ReviewLinkStore, relations: PostRelations) {
        self.posts = posts
        self.links = links
        self.relations = relations
    }

    package var endpoints: [Endpoint] { main + review + remarks + many }

    private var main: [Endpoint] {
        let id = PathParameter("id", as: PostID.self, "The post.")
        return [
            Endpoint(
                "GET", "/api/posts", id: "posts.list", "List posts, newest first.", scope: .readOnly,
                QueryParameters(PostFilter.self), PageParameters(), relations.expansion
            ) { caller, filter, page, expanded in
                try await expanded.paged(try await posts.list(filter, for: caller, page: page), for: caller)
            },
            Endpoint(
                "POST", "/api/posts", id: "posts.create", "Create a post.", scope: .readWrite,
                errors: [.quotaExceeded, .conflict],
                JSONBody(PostInput.self)
            ) { caller, input in
                let post = try await posts.create(input, for: caller)
                return Created(post, at: "/api/posts/\(post.id)")
            },
            Endpoint(
                "GET", "/api/posts/{id}", id: "posts.get", "Get a post.", scope: .readOnly, id, relations.expansion
            ) { caller, id, expanded in
                try await expanded.ok(try await posts.get(id, for: caller), for: caller)
            },
            Endpoint(
                "PUT", "/api/posts/{id}", id: "posts.update", "Change a post; absent fields stay, null clears.",
                scope: .readWrite,
                errors: [.invalidTransition, .conflict], id, JSONBody(PostInput.self)
            ) { caller, id, input in
                OK(try await posts.update(id, with: input, for: caller))
            },
            Endpoint(
                "DELETE", "/api/posts/{id}", id: "posts.delete",
                "Delete a post here. What it published stays on the platforms.", scope: .readWrite,
                errors: [.invalidTransition], id
            ) { caller, id in
                try await posts.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "POST", "/api/posts/{id}/publish", id: "posts.publish",
                "Publish a post now, or again on the accounts where it failed.", scope: .readWrite,
                errors: [.invalidTransition], id, Waiting()
            ) { caller, id, wait in
                Accepted(try await settled(try await posts.publish(id, for: caller), wait, for: caller))
            },
            Endpoint(
                "POST", "/api/posts/{id}/retry", id: "posts.retry",
                "Publish again where it failed; accounts that show the post are left alone.", scope: .readWrite,
                errors: [.invalidTransition], id, Waiting()
            ) { caller, id, wait in
                Accepted(try await settled(try await posts.retry(id, for: caller), wait, for: caller))
            },
            Endpoint(
                "POST", "/api/posts/{id}/cancel", id: "posts.cancel", "Take a post off the schedule, or end a draft.",
                scope: .readWrite, errors: [.invalidTransition], id
            ) { caller, id in OK(try await posts.cancel(id, for: caller)) },
            Endpoint(
                "POST", "/api/posts/{id}/duplicate", id: "posts.duplicate", "Make a new draft like this post.",
                scope: .readWrite, errors: [.quotaExceeded], id
            ) { caller, id in
                let copy = try await posts.duplicate(id, for: caller)
                return Created(copy, at: "/api/posts/\(copy.id)")
            },
            Endpoint(
                "POST", "/api/posts/{id}/resolve", id: "posts.resolve",
                "Say what became of a post in NEEDS_ATTENTION, after looking at the platform. Sends nothing.",
                scope: .readWrite,
                errors: [.invalidTransition], id, JSONBody(ResolveInput.self)
            ) { caller, id, input in
                OK(try await posts.resolve(id, with: input, for: caller))
            },
            Endpoint(
                "GET", "/api/posts/{id}/publications", id: "posts.publications",
                "What happened on each account, with the publish journal.", scope: .readOnly, id, PageParameters()
            ) { caller, id, page in
                let post = try await posts.get(id, for: caller)
                return Paged(try await posts.publications.list(of: post, page: page))
            },
        ]
    }

    /// Waits until a post that is being published is settled, as long as the caller wants to.
    private func settled(_ post: Post, _ wait: Duration, for caller: Caller) async throws -> Post {
        var post = post
        var left = wait
        while post.status == .publishing, left > .zero, RequestScope.current?.isDryRun != true {
            let step = min(left, .milliseconds(100))
            try await Task.sleep(for: step)
            left -= step
            post = try await posts.get(post.id, for: caller)
        }
        return post
    }

    private var review: [Endpoint] {
        let id = PathParameter("id", as: PostID.self, "The post.")
        func deciding(_ verb: String, _ summary: String, _ verdict: Decision.Verdict) -> Endpoint {
            Endpoint(
                "POST", "/api/posts/{id}/\(verb)", id: "posts.\(verb)", summary, scope: .readWrite,
                errors: [.invalidTransition], id, JSONBody(DecisionInput.self, optional: true)
            ) { caller, id, input in OK(try await posts.decide(id, verdict, input, for: caller)) }
        }
        return [
            Endpoint(
                "POST", "/api/posts/{id}/submit", id: "posts.submit", "Hand a post to its reviewers.", scope: .readWrite,
                errors: [.invalidTransition], id, JSONBody(SubmitInput.self, optional: true)
            ) { caller, id, input in OK(try await posts.submit(id, input, for: caller)) },
            deciding(
                "approve", "Approve a post: after the last stage it is scheduled, or a draft when it has no time.", .approve),
            deciding("reject", "Reject a post.", .reject),
            deciding("request-changes", "Send a post back to its author.", .requestChanges),
            Endpoint(
                "POST", "/api/posts/{id}/withdraw", id: "posts.withdraw", "Take a post back from review.", scope: .readWrite,
                errors: [.invalidTransition], id
            ) { caller, id in OK(try await posts.withdraw(id, for: caller)) },
            Endpoint(
                "GET", "/api/posts/{id}/decisions", id: "posts.decisions", "List what reviewers decided, in order.",
                scope: .readOnly, id, PageParameters()
            ) { caller, id, page in Paged(try await posts.decisions(of: id, for: caller, page: page)) },
            Endpoint(
                "POST", "/api/posts/{id}/review-link", id: "posts.reviewLink",
                "Make a link by which somebody outside may decide on this version of the post.", scope: .readWrite,
                role: .manager, errors: [.invalidTransition], id, JSONBody(ReviewLinkInput.self, optional: true)
            ) { caller, id, input in OK(try await links.link(to: id, input, for: caller)) },
            Endpoint(
                "GET", "/api/approvals", id: "approvals.list", "List the posts in review, the longest waiting first.",
                scope: .readOnly, QueryParameters(ApprovalFilter.self), PageParameters()
            ) { caller, filter, page in Paged(try await posts.waiting(filter, for: caller, page: page)) },
        ]
    }

    private var remarks: [Endpoint] {
        let id = PathParameter("id", as: PostID.self, "The post.")
        let comment = PathParameter("commentId", as: CommentID.self, "The comment.")
        return [
            Endpoint(
                "GET", "/api/posts/{id}/revisions", id: "posts.revisions", "List what a post was before, newest first.",
                scope: .readOnly, id, PageParameters()
            ) { caller, id, page in Paged(try await posts.revisions(of: id, for: caller, page: page)) },
            Endpoint(
                "GET", "/api/posts/{id}/comments", id: "posts.comments", "List the team's comments, newest first.",
                scope: .readOnly, id, PageParameters()
            ) { caller, id, page in Paged(try await posts.comments(on: id, for: caller, page: page)) },
            Endpoint(
                "POST", "/api/posts/{id}/comments", id: "posts.comment", "Comment on a post, for the team only.",
                scope: .readWrite, id, JSONBody(PostCommentInput.self)
            ) { caller, id, input in
                let comment = try await posts.comment(on: id, input, for: caller)
                return Created(comment, at: "/api/posts/\(id)/comments/\(comment.id)")
            },
            Endpoint(
                "PUT", "/api/posts/{id}/comments/{commentId}", id: "posts.updateComment", "Rewrite or settle a comment.",
                scope: .readWrite, id, comment, JSONBody(PostCommentInput.self)
            ) { caller, id, comment, input in OK(try await posts.changeComment(comment, on: id, input, for: caller)) },
            Endpoint(
                "DELETE", "/api/posts/{id}/comments/{commentId}", id: "posts.deleteComment", "Delete a comment.",
                scope: .readWrite, id, comment
            ) { caller, id, comment in
                try await posts.deleteComment(comment, on: id, for: caller)
                return OK(Deleted(comment.rawValue))
            },
        ]
    }

    private var many: [Endpoint] {
        [
            Endpoint(
                "POST", "/api/posts/validate", id: "posts.validate",
                "Say what creating this post would say. Nothing is written, nothing is counted.", scope: .readWrite,
                canRehearse: false, JSONBody(PostInput.self)
            ) { caller, input in OK(try await posts.validate(input, for: caller)) },
            Endpoint(
                "POST", "/api/posts/bulk", id: "posts.bulk",
                "Create up to 500 posts; each is created or refused on its own, and the answer says which.", scope: .readWrite,
                bodyLimit: 16_777_216, JSONBody(BulkInput.self)
            ) { caller, input in
                let items = input.posts.map { json -> (line: Int?, input: Result<PostInput, APIError>) in
                    var issues: [FieldIssue] = []
                    let post = PostInput.read(json, at: "", issues: &issues)
                    return (nil, post.map { .success($0) } ?? .failure(.invalid(issues)))
                }
                return OK(try await posts.createAll(items, for: caller))
            },
            Endpoint(
                "POST", "/api/posts/import", id: "posts.import",
                "Create posts from a CSV file; with dryRun=true it is only checked.", scope: .readWrite, bodyLimit: 16_777_216,
                RawBody(
                    ["text/csv"], "A header line with \(PostTable.columns.joined(separator: ", ")); lists separated by `;`.",
                    example: "brandId,caption,platforms\nclx456def,Check out our new product!,instagram;facebook\n")
            ) { caller, bytes in OK(try await posts.createAll(try PostTable.read(bytes), for: caller)) },
        ]
    }
}
