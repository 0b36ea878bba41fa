import Contract
import Core
package import Features
package import Generation

/// Writes captions in the brand's voice. What a template wrote because the provider failed is free.
package struct CaptionWork: JobWork {
    package let kind = Job.Kind.captions
    private let generator: any Generator
    private let orders: CaptionOrderStore
    private let brands: BrandStore

    package init(generator: any Generator, orders: CaptionOrderStore, brands: BrandStore) {
        self.generator = generator
        self.orders = orders
        self.brands = brands
    }

    package func perform(_ job: Job, report: JobReport) async throws -> JobOutcome {
        guard let order = CaptionOrder(stored: job.input) else {
            throw JobFailure("unreadable", "Another version of the server queued this. Ask for it again.")
        }
        guard let brand = try await brands.find(job.brandID, in: job.organizationID) else {
            throw JobFailure("brand_gone", "The brand was deleted meanwhile.")
        }
        try await report(0.1, "Writing captions")
        var request = CaptionRequest(
            brand: BrandVoice(brand), topic: order.topic, platforms: order.platforms, variants: order.count)
        if let tone = order.tone { request.brand.tone = tone }
        request.goals = order.goals
        request.history = try await orders.history(of: job.brandID, in: job.organizationID)
        request.seed = Self.seed(job.id.rawValue)
        let proposal: CaptionProposal
        do throws(GenerationIssue) {
            proposal = try await generator.captions(request)
        } catch {
            if error == .cancelled { throw CancellationError() }
            throw JobFailure(error)
        }
        let variants = proposal.variants.map {
            CaptionResult.Variant(platform: $0.platform, caption: $0.caption, hashtags: $0.hashtags)
        }
        return JobOutcome(
            result: CaptionResult(variants: variants, provider: proposal.provider, notes: proposal.notes),
            provider: proposal.provider, charge: proposal.provider == generator.provider ? nil : 0)
    }

    /// FNV-1a: the same job gets the same templates, another one others.
    private static func seed(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// Hashtags as the generator chooses them.
package struct GeneratedHashtags: HashtagChooser {
    private let generator: any Generator

    package init(generator: any Generator) { self.generator = generator }

    package func hashtags(for input: HashtagInput, brand: Brand, history: [String]) async throws -> HashtagResult {
        do throws(GenerationIssue) {
            let found = try await generator.hashtags(
                HashtagRequest(brand: BrandVoice(brand), text: input.text, history: history, limit: input.count))
            return HashtagResult(hashtags: found.hashtags, provider: found.provider, notes: found.notes)
        } catch {
            throw APIError(.unavailable, error.description)
        }
    }
}
