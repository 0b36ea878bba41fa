package import Contract
import Core

package struct InboxAPI: Sendable {
    let inbox: InboxStore

    package init(inbox: InboxStore) { self.inbox = inbox }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: InboxItemID.self, "The inbox item.")
        return [
            Endpoint(
                "GET", "/api/inbox", id: "inbox.list", "List comments and mentions, the latest to come in first.",
                scope: .readOnly, QueryParameters(InboxFilter.self), PageParameters()
            ) { caller, filter, page in Paged(try await inbox.list(filter, for: caller, page: page)) },
            Endpoint(
                "GET", "/api/inbox/summary", id: "inbox.summary",
                "Get the inbox in numbers, and when each account was looked at.", scope: .readOnly,
                QueryParameters(InboxFilter.self)
            ) { caller, filter in OK(try await inbox.summary(filter, for: caller)) },
            Endpoint(
                "POST", "/api/inbox/refresh", id: "inbox.refresh",
                "Look at the platforms now; an account that was looked at in the last minute waits for its minute.",
                scope: .readWrite, JSONBody(InboxRefreshInput.self, optional: true)
            ) { caller, input in Accepted(try await inbox.refresh(input.accountID, for: caller)) },
            Endpoint("GET", "/api/inbox/{id}", id: "inbox.get", "Get a comment or mention.", scope: .readOnly, id) {
                caller, id in OK(try await inbox.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/inbox/{id}", id: "inbox.update", "Mark an item, or give it to a member; null takes it back.",
                scope: .readWrite, errors: [.invalidTransition], id, JSONBody(InboxChange.self)
            ) { caller, id, change in OK(try await inbox.update(id, with: change, for: caller)) },
            Endpoint(
                "POST", "/api/inbox/{id}/reply", id: "inbox.reply",
                "Answer on the platform. The reply's state says whether it is visible; it is sent once.", scope: .readWrite,
                errors: [.invalidTransition, .conflict], id, JSONBody(InboxReplyInput.self), Waiting()
            ) { caller, id, input, wait in
                let answered = try await inbox.reply(to: id, input, for: caller)
                return Accepted(try await settled(answered, wait, for: caller), at: "/api/inbox/\(id)")
            },
            Endpoint(
                "POST", "/api/inbox/{id}/hide", id: "inbox.hide", "Hide a comment from the public, or show it again.",
                scope: .readWrite, role: .manager, errors: [.conflict, .unavailable], canRehearse: false, id,
                JSONBody(InboxHideInput.self, optional: true)
            ) { caller, id, input in OK(try await inbox.setHidden(input.isHidden, id, for: caller)) },
        ]
    }

    /// Waits until the item's last reply is settled: three seconds, unless the caller wants another time.
    private func settled(_ item: InboxItem, _ wait: Duration, for caller: Caller) async throws -> InboxItem {
        var item = item
        var left = wait == .zero ? .seconds(3) : wait
        while let reply = item.replies.last, reply.state == .pending || reply.state == .sending, left > .zero,
            RequestScope.current?.isDryRun != true
        {
            let step = min(left, .milliseconds(50))
            try await Task.sleep(for: step)
            left -= step
            item = try await inbox.get(item.id, for: caller)
        }
        return item
    }
}
