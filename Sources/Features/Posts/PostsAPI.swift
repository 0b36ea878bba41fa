package import Contract
import Core

package struct PostsAPI: Sendable {
    let posts: PostStore

    package init(posts: PostStore) { self.posts = posts }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: PostID.self, "The post.")
        return [
            Endpoint(
                "GET", "/api/posts", id: "posts.list", "List posts, newest first.", scope: .readOnly,
                QueryParameters(PostFilter.self), PageParameters()
            ) { caller, filter, page in
                Paged(try await posts.list(filter, for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/posts", id: "posts.create", "Create a post.", scope: .readWrite,
                errors: [.quotaExceeded, .conflict],
                JSONBody(PostInput.self)
            ) { caller, input in
                let post = try await posts.create(input, for: caller)
                return Created(post, at: "/api/posts/\(post.id)")
            },
            Endpoint("GET", "/api/posts/{id}", id: "posts.get", "Get a post.", scope: .readOnly, id) { caller, id in
                OK(try await posts.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/posts/{id}", id: "posts.update", "Change a post; absent fields stay, null clears.",
                scope: .readWrite,
                errors: [.invalidTransition, .conflict], id, JSONBody(PostInput.self)
            ) { caller, id, input in
                OK(try await posts.update(id, with: input, for: caller))
            },
            Endpoint(
                "PATCH", "/api/posts/{id}", id: "posts.patch", "Change a post; the same as PUT.", scope: .readWrite,
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
                errors: [.invalidTransition], id
            ) { caller, id in
                Accepted(try await posts.publish(id, for: caller))
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
}
