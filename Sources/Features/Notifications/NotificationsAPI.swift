package import Contract
import Core

/// A member's own notifications.
package struct NotificationsAPI: Sendable {
    let notifications: NotificationStore

    package init(notifications: NotificationStore) { self.notifications = notifications }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "GET", "/api/notifications", id: "notifications.list", "List your notifications, newest first.",
                scope: .readOnly, QueryParameters(NotificationFilter.self), PageParameters()
            ) { caller, filter, page in Paged(try await notifications.list(filter, for: caller, page: page)) },
            Endpoint(
                "POST", "/api/notifications/{id}/read", id: "notifications.read", "Mark a notification as read.",
                scope: .readWrite, role: .viewer, PathParameter("id", as: NotificationID.self, "The notification.")
            ) { caller, id in OK(try await notifications.read(id, for: caller)) },
        ]
    }
}
