package import Contract
package import Core

/// A line that the product shows one member.
package struct Notification: Sendable {
    package var id: NotificationID
    package var userID: UserID
    package var brandID: BrandID?
    package var title: String
    package var text: String?
    package var automationID: AutomationID
    package var readAt: Instant?
    package var createdAt: Instant
}

extension Notification: APIObject {
    package static let name = "Notification"
    package static let properties: [Property<Self>] = [
        Property("id", "The notification's id.") { $0.id },
        Property("brandId", "The brand that it is about.") { $0.brandID },
        Property("title", "One line.") { $0.title },
        Property("text", "More of it.") { $0.text },
        Property("automationId", "The automation that sent it.") { $0.automationID },
        Property("readAt", "When it was read; null while it is new.") { $0.readAt },
        Property("createdAt", "When it was sent.") { $0.createdAt },
    ]
    package static let example = Notification(
        id: ID("cmb2k7q0x0000000000000023"), userID: ID("cmb2k7q0x0000000000000003"), brandID: ID("clx456def"),
        title: "Published: Summer Sale Announcement", text: nil, automationID: ID("cmb2k7q0x0000000000000021"), readAt: nil,
        createdAt: Instant(seconds: 1_770_114_600))
}

/// The filters of `GET /api/notifications`.
package struct NotificationFilter: APIQuery {
    package var isUnread: Bool?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter("unread", "true: only new ones; false: only those that were read.") { $0.isUnread = $1 }
    ]
}
