package import Contract
import Core

package struct CreditsAPI: Sendable {
    let credits: CreditStore

    package init(credits: CreditStore) { self.credits = credits }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "GET", "/api/credits", id: "credits.get",
                "Get the balance, what it is made of, the newest movements and the prices.",
                scope: .readOnly
            ) { caller in OK(try await credits.balance(of: caller.organizationID)) },
            Endpoint(
                "GET", "/api/credits/entries", id: "credits.entries", "List every movement of credits, newest first.",
                scope: .readOnly, PageParameters()
            ) { caller, page in Paged(try await credits.entries(of: caller.organizationID, page: page)) },
        ]
    }
}
