package import Contract
package import Core

/// The words that end an organization.
package struct ErasureInput: APIInput {
    package var confirmation = ""

    package init() {}

    package static let name = "ErasureInput"
    package static let fields: [InputField<Self>] = [
        InputField("confirm", "The organization's name, exactly: nothing brings it back.", required: true) {
            $0.confirmation = $1
        }
    ]
    package static let example: JSONValue = ["confirm": "The name of your organization"]
}

/// A person of whom only an id is left.
package struct ErasedMember: APIObject {
    package var userID: UserID
    /// False while the person is a member of another organization, whose data it is too.
    package var isAccountErased: Bool
    package var at: Instant

    package static let name = "ErasedMember"
    package static let properties: [Property<Self>] = [
        Property("userId", "The user, whom history goes on naming by this id only.") { $0.userID },
        Property("accountErased", "Whether name and e-mail address are gone; false while another organization has this member.")
        {
            $0.isAccountErased
        },
        Property("erasedAt", "When.") { $0.at },
    ]
    package static let example = ErasedMember(
        userID: ID("cmb2k7q0x0000000000000003"), isAccountErased: true, at: Instant(seconds: 1_770_114_600))
}
