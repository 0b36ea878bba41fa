import AudenciClient
import Foundation
import Testing

/// The models against the OpenAPI document: what the server sends is all there, under its names.
@Suite struct DocumentedModelsTests {
    struct Model: Sendable, CustomTestStringConvertible {
        let schema: String
        /// What is left of an object after it was read and written.
        let roundTrip: @Sendable (Data) throws -> Data

        init<Value: Codable & Sendable>(_ schema: String, _: Value.Type) {
            self.schema = schema
            roundTrip = { try AudenciJSON.encode(AudenciJSON.decode(Value.self, from: $0)) }
        }

        var testDescription: String { schema }
    }

    static let models = [
        Model("Attempt", Attempt.self), Model("Bin", Bin.self), Model("BinRequest", BinRequest.self),
        Model("Brand", Brand.self),
        Model("Campaign", Campaign.self), Model("CampaignSummary", CampaignSummary.self),
        Model("CatalogEntry", CatalogEntry.self),
        Model("ContentPlan", ContentPlan.self), Model("CreditEntry", CreditEntry.self), Model("Credits", Credits.self),
        Model("Deleted", Deleted.self), Model("Delivery", Delivery.self), Model("InboxItem", InboxItem.self),
        Model("Job", Job.self), Model("Key", APIKey.self), Model("Media", Media.self), Model("Member", Member.self),
        Model("Meta", ServerFacts.self), Model("Organization", Organization.self), Model("PlanPreview", PlanPreview.self),
        Model("Post", Post.self), Model("PostVerdict", PostVerdict.self), Model("Publication", Publication.self),
        Model("Replay", Replay.self), Model("SocialAccount", SocialAccount.self), Model("Webhook", Webhook.self),
        Model("WebhookPreview", WebhookPreview.self), Model("WebhookSecret", WebhookSecret.self),
        Model("WebhookTestResult", WebhookTest.self), Model("ConnectionStart", AccountAuthorization.self),
    ]

    @Test(arguments: models) func aModelKeepsAllThatTheServerSends(model: Model) throws {
        let whole = try APIDocument().whole(model.schema)
        let kept = try AudenciJSON.decode(JSONValue.self, from: model.roundTrip(AudenciJSON.encode(whole)))
        #expect(Self.lost(whole, kept, at: model.schema) == [])
    }

    @Test func aRevisedPlanIsThePlanAndWhatBecameOfTheWords() throws {
        let revised = try AudenciJSON.decode(
            RevisedPlan.self, from: AudenciJSON.encode(APIDocument().whole("RevisedPlan")))
        #expect(revised.plan.items?.count == 1)
        #expect(revised.applied == ["text"] && revised.notUnderstood == ["text"])
    }

    /// The paths of what is not there any more, or is something else.
    private static func lost(_ sent: JSONValue, _ kept: JSONValue?, at path: String) -> [String] {
        switch (sent, kept) {
        case (.object(let members), .object(let others)?):
            members.sorted { $0.key < $1.key }.flatMap { lost($0.value, others[$0.key], at: "\(path).\($0.key)") }
        case (.array(let elements), .array(let others)?) where elements.count == others.count:
            zip(elements, others).flatMap { lost($0, $1, at: "\(path)[]") }
        default: sent == kept ? [] : [path]
        }
    }

    /// What creates something, and what changes it.
    struct Drafts: Sendable, CustomTestStringConvertible {
        let schema: String
        let drafts: [any Sendable]

        init(_ schema: String, _ drafts: any Sendable...) {
            self.schema = schema
            self.drafts = drafts
        }

        var testDescription: String { schema }
    }

    static let drafts = [
        Drafts("BrandInput", BrandInput()), Drafts("VoiceInput", VoiceInput()), Drafts("MediaInput", MediaChange()),
        Drafts("PlanWish", PlanWish(brandId: "", dateFrom: .now, dateTo: .now, totalPosts: 1, platforms: [])),
        Drafts("KeyInput", APIKeyDraft(name: "")),
        Drafts("CampaignInput", CampaignDraft(name: "", brandId: ""), CampaignChange()),
        Drafts("PostInput", PostDraft(brandId: "", caption: "", platforms: []), PostChange()),
        Drafts("WebhookInput", WebhookDraft(url: "", events: []), WebhookChange()), Drafts("BinInput", BinInput()),
        Drafts("SocialAccountInput", SocialAccountDraft(brandId: "", platform: .mastodon)),
    ]

    @Test(arguments: drafts) func aDraftCanSayAllThatTheServerTakes(drafts: Drafts) throws {
        let names = Set(drafts.drafts.flatMap { Mirror(reflecting: $0).children.compactMap(\.label) })
        let schema = drafts.schema
        let documented = try APIDocument().properties(of: schema)
        #expect(documented.subtracting(names).sorted() == [])
        #expect(names.subtracting(documented).sorted() == [])
    }
}
