import Hummingbird
import Logging

/// What Hummingbird does with a Codable value of a post's size and nothing else: no key, no limit, no database.
enum BareRoute {
    struct Body: ResponseEncodable {
        var id = "cmwtjuhyxm9x003016nhd579u", organizationId = "cmwtjuhwtjmnbjgedvjqofnru",
            brandId = "cmwtjuhwuzj4tv8xk5wk5wkzt"
        var userId = "cmwtjuhwu5zjoh1yjw62dr22w", title = "", caption = "Check out our new product!", link = ""
        var platforms = ["instagram", "facebook"],
            socialAccountIds = ["cmwtjuhwvj8rki8glfg57k46f", "cmwtjuhwvl7em88wc111eq3fm"]
        var media: [String] = [], status = "SCHEDULED", scheduledFor = "2027-02-04T15:00:00Z"
        var warnings = ["instagram demands a picture: a brand card with the post's text will be published."]
        var platformResults: [String: String] = [:], createdAt = "2026-11-23T17:38:19Z", updatedAt = "2026-11-23T17:38:19Z"
        var version = 1
    }

    static func serve() async throws {
        let router = Router()
        router.get("/api/posts/{id}") { _, _ in Body() }
        var logger = Logger(label: "bare")
        logger.logLevel = .critical
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 18_091)), logger: logger)
        try await app.runService()
    }
}
