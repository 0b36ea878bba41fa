/// A new organization as an operator orders it, unchecked.
package struct SetupOrder: Sendable {
    package var settings: Settings
    package var organization: String
    package var plan: String
    package var brand: String
    package var email: String
    /// Instead of the plan's number.
    package var requestsPerHour: Int?
    /// Answer with one JSON object instead of text for people.
    package var isJSON: Bool

    package init(
        settings: Settings, organization: String, plan: String, brand: String, email: String, requestsPerHour: Int?,
        isJSON: Bool
    ) {
        self.settings = settings
        self.organization = organization
        self.plan = plan
        self.brand = brand
        self.email = email
        self.requestsPerHour = requestsPerHour
        self.isJSON = isJSON
    }
}
