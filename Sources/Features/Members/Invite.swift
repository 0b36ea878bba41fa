package import Contract
package import Core

/// Somebody who is asked to join.
package struct Invite: Sendable {
    package enum Status: String, Sendable, CaseIterable, APIEnum {
        case pending = "PENDING"
        case accepted = "ACCEPTED"
        case cancelled = "CANCELLED"
        case expired = "EXPIRED"
    }

    package var id: InviteID
    package var organizationID: OrganizationID
    package var email: String
    package var role: Role
    package var brandIDs: [BrandID]
    package var message: String?
    package var invitedBy: UserID
    package var status: Status
    package var expiresAt: Instant
    package var createdAt: Instant
    package var version: Int64

    /// How long an invitation is good.
    static let lifetime = Duration.seconds(7 * 86_400)
}

extension Invite: APIObject {
    package static let name = "Invite"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The invitation's id.") { $0.id },
        Property("email", "Who is invited.") { $0.email },
        Property("role", "What the member will be.") { $0.role },
        Property("brandIds", "The brands that the member will be limited to; empty: all.") { $0.brandIDs },
        Property("message", "What the mail says beside the link.") { $0.message },
        Property("invitedBy", "Who invited.") { $0.invitedBy },
        Property("status", "Where it is.") { $0.status },
        Property("expiresAt", "When it stops working, seven days after it was sent.") { $0.expiresAt },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Invite(
        id: ID("cmb2k7q0x0000000000000071"), organizationID: ID("clx789xyz"), email: "grace@acme.test", role: .creator,
        brandIDs: [], message: nil, invitedBy: ID("cmb2k7q0x0000000000000003"), status: .pending,
        expiresAt: Instant(seconds: 1_770_719_400), createdAt: Instant(seconds: 1_770_114_600), version: 1)
}

/// An invitation in the answer that holds its link.
package struct NewInvite: APIObject {
    package var invite: Invite
    package var url: Secret

    package static let name = "NewInvite"
    package var entityVersion: Int64? { invite.version }
    package static let properties: [Property<Self>] =
        Invite.properties.map { property in property.lifted { $0.invite } } + [
            Property("url", "The link that the mail holds; shown this once, for servers that send no mail.") { $0.url.reveal() }
        ]
    package static let example = NewInvite(invite: .example, url: Secret("https://social.acme.example/invite/…"))
}

/// What a request says of an invitation.
package struct InviteInput: APIInput {
    package var email = ""
    package var role = Role.viewer
    package var brandIDs: [BrandID] = []
    package var message: String?

    package init() {}

    package static let name = "InviteInput"
    package static let fields: [InputField<Self>] = [
        InputField("email", "Who is invited.", required: true, .email) { $0.email = $1.lowercased() },
        InputField("role", "ADMIN, MANAGER, CREATOR or VIEWER; at most your own.", required: true) { $0.role = $1 },
        InputField("brandIds", "Limit the member to these brands.", .count(0...100)) { $0.brandIDs = $1 },
        InputField("message", "What the mail says beside the link.", .ifSet(.length(0...2000))) {
            (input: inout Self, value: Change<String>) in input.message = value.value
        },
    ]
    package static let example: JSONValue = ["email": "grace@acme.test", "role": "CREATOR", "message": "Welcome aboard!"]
}

/// What a request says of a member.
package struct MemberInput: APIInput {
    package var role: Role?
    package var brandIDs: [BrandID]?

    package init() {}

    package static let name = "MemberInput"
    package static let fields: [InputField<Self>] = [
        InputField("role", "ADMIN, MANAGER, CREATOR or VIEWER.") { $0.role = $1 },
        InputField("brandIds", "Limit the member to these brands; empty: all.", .count(0...100)) { $0.brandIDs = $1 },
    ]
    package static let example: JSONValue = ["role": "MANAGER"]
}

/// Who shall own the organization.
package struct TransferInput: APIInput {
    package var userID = UserID("")

    package init() {}

    package static let name = "TransferInput"
    package static let fields: [InputField<Self>] = [
        InputField("userId", "The member who becomes OWNER; you become ADMIN.", required: true) { $0.userID = $1 }
    ]
    package static let example: JSONValue = ["userId": "cmb2k7q0x0000000000000009"]
}
