package import Contract
import Core

/// What `expand=` may show with posts.
package struct PostRelations: Sendable {
    private let brands: BrandStore
    private let campaigns: CampaignStore
    private let categories: ContentLabelStore<CategoryLabel>
    private let pillars: ContentLabelStore<PillarLabel>
    private let accounts: AccountStore
    private let media: MediaStore
    private let publications: PublicationStore

    package init(
        brands: BrandStore, campaigns: CampaignStore, categories: ContentLabelStore<CategoryLabel>,
        pillars: ContentLabelStore<PillarLabel>, accounts: AccountStore, media: MediaStore, publications: PublicationStore
    ) {
        self.brands = brands
        self.campaigns = campaigns
        self.categories = categories
        self.pillars = pillars
        self.accounts = accounts
        self.media = media
        self.publications = publications
    }

    /// Each relation is read for all posts of the answer at once.
    package var expansion: Expansion<Post> {
        Expansion([brand, campaign, category, pillar, socialAccounts, mediaWithFiles, itsPublications])
    }

    private var brand: Relation<Post> {
        Relation("brand", "The brand that speaks; null when it was deleted.") { posts, caller in
            let found = try await brands.find(Set(posts.map(\.brandID)), for: caller)
            return { found[$0.brandID] }
        }
    }

    private var campaign: Relation<Post> {
        Relation("campaign", "The campaign it belongs to; null when there is none.") { posts, caller in
            let found = try await campaigns.find(Set(posts.compactMap(\.campaignID)), for: caller)
            return { $0.campaignID.flatMap { found[$0] } }
        }
    }

    private var category: Relation<Post> {
        Relation("category", "Its category; null when there is none.") { posts, caller in
            let found = try await categories.find(Set(posts.compactMap(\.categoryID)), in: caller.organizationID)
            return { $0.categoryID.flatMap { found[$0] } }
        }
    }

    private var pillar: Relation<Post> {
        Relation("pillar", "The content pillar that it serves; null when there is none.") { posts, caller in
            let found = try await pillars.find(Set(posts.compactMap(\.pillarID)), in: caller.organizationID)
            return { $0.pillarID.flatMap { found[$0] } }
        }
    }

    private var socialAccounts: Relation<Post> {
        Relation("socialAccounts", "The accounts that publish it.") { posts, caller in
            let found = try await accounts.find(Set(posts.flatMap(\.accountIDs)), for: caller)
            return { $0.accountIDs.compactMap { found[$0] } }
        }
    }

    private var mediaWithFiles: Relation<Post> {
        Relation("media", "Its pictures, with the media of the library that they show.") { posts, caller in
            let found = try await media.find(Set(posts.flatMap(\.media).compactMap(\.mediaID)), for: caller)
            return { post in
                post.media.map { picture in
                    PostMediaWithFile(picture: picture, medium: picture.mediaID.flatMap { found[$0] })
                }
            }
        }
    }

    private var itsPublications: Relation<Post> {
        Relation("publications", "What happened on each account, with the publish journal.") { posts, caller in
            let found = try await publications.list(of: posts, in: caller.organizationID)
            return { found[$0.id] ?? [] }
        }
    }
}

/// A picture of a post with its medium of the library.
struct PostMediaWithFile: APIObject {
    var picture: PostMedia
    var medium: Media?

    static let name = "PostMediaWithFile"
    static let properties: [Property<Self>] =
        PostMedia.properties.map { property in property.lifted { $0.picture } } + [
            Property(omittable: "medium", "The medium of the library; absent for a picture elsewhere.") {
                $0.medium
            }
        ]
    static let example = PostMediaWithFile(picture: .example, medium: .example)
}
