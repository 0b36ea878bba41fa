import Contract
import Core
import Features
import Relational

/// The commands that work on the database without a server: safe beside a running one.
package enum Setup {
    /// Brings the schema up to date; returns the names of what was applied.
    package static func migrate(settings: Settings) async throws -> [String] {
        let store = try await OpenedStore(settings: settings, migrates: false)
        let applied = try await store.migrate()
        await store.close()
        return applied
    }

    /// Makes an organization that is ready to work with, and says what it made.
    package static func create(_ order: SetupOrder) async throws -> String {
        let outline = try outline(
            organization: order.organization, plan: order.plan, brand: order.brand, email: order.email,
            requestsPerHour: order.requestsPerHour)
        let store = try await OpenedStore(settings: order.settings)
        let made = try await World(store: store, settings: order.settings).setup.create(outline)
        await store.close()
        if order.isJSON { return String(decoding: made.jsonBytes, as: UTF8.self) }
        let accounts = made.accounts.map { "  \($0.platform.rawValue)  \($0.id)  (SANDBOX)" }.joined(separator: "\n")
        return """
            organization  \(made.organizationID)
            brand         \(made.brandID)
            API key       \(made.apiKey.reveal())   (admin; shown this once, store it now)
            accounts
            \(accounts)
            """
    }

    /// Checks what a person said of a new organization.
    /// - Throws: ``APIError`` naming the field.
    static func outline(
        organization: String, plan: String, brand: String, email: String, requestsPerHour: Int?
    ) throws(APIError) -> OrganizationOutline {
        var issues: [FieldIssue] = []
        func check(_ field: String, _ text: String, _ rule: Rule<String>) {
            if let issue = rule.check(text) { issues.append(FieldIssue(field, issue)) }
        }
        check("organization", organization, .length(1...120))
        check("brand", brand, .length(1...120))
        check("email", email, .email)
        let known = Plan.parse(plan)
        if known == nil { issues.append(FieldIssue("plan", "must be one of \(Plan.words.lowercased())")) }
        if let requestsPerHour, requestsPerHour < 1 { issues.append(FieldIssue("requests-per-hour", "must be at least 1")) }
        guard issues.isEmpty, let known else { throw .invalid(issues) }
        return OrganizationOutline(
            name: organization, plan: known, brand: brand, email: email, requestsPerHour: requestsPerHour)
    }
}
