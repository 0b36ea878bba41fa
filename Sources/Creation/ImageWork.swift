import Contract
import Core
package import Features
package import Generation
import Relational

/// Makes pictures and puts them into the media library. Whatever the generator sends goes through the library's own
/// inspection; a picture counts, costs and is told of in one transaction with the end of its job.
package struct ImageWork: JobWork {
    package let kind = Job.Kind.images
    private let jobs: JobStore
    private let generator: any ImageGenerator
    private let media: MediaStore
    private let brands: BrandStore
    private let logos: BrandLogos
    private let outbox: Outbox

    package init(
        jobs: JobStore, generator: any ImageGenerator, media: MediaStore, brands: BrandStore, logos: BrandLogos, outbox: Outbox
    ) {
        self.jobs = jobs
        self.generator = generator
        self.media = media
        self.brands = brands
        self.logos = logos
        self.outbox = outbox
    }

    package func perform(_ job: Job, report: JobReport) async throws -> JobOutcome {
        guard let order = ImageOrder(stored: job.input) else {
            throw JobFailure("unreadable", "Another version of the server queued this. Ask for it again.")
        }
        guard let brand = try await brands.find(job.brandID, in: job.organizationID) else {
            throw JobFailure("brand_gone", "The brand was deleted meanwhile.")
        }
        try await report(0.1, "Making \(order.mediaIDs.count == 1 ? "the picture" : "\(order.mediaIDs.count) pictures")")
        let proposal = try await pictures(order, brand)
        var kept: [Media] = []
        do {
            for (image, id) in zip(proposal.images, order.mediaIDs) {
                let share = Double(kept.count) / Double(proposal.images.count)
                try await report(0.6 + 0.4 * share, "Looking at what came")
                kept.append(try await keep(image, as: id, number: kept.count, order, proposal, for: job))
            }
        } catch {
            await discard(kept, of: job)
            throw error
        }
        return outcome(kept, proposal, of: job)
    }

    private func pictures(_ order: ImageOrder, _ brand: Brand) async throws -> ImageProposal {
        let best = PictureSize.best(for: order.platform)
        var request = ImageRequest(
            prompt: order.prompt, count: order.mediaIDs.count, width: order.width ?? best.width,
            height: order.height ?? best.height, style: order.style)
        request.brandName = brand.name
        request.brandColors = brand.colors
        if generator.drawsLogos { request.brandLogo = try await logos.logo(of: brand) }
        let lacksLogo = generator.drawsLogos && brand.logoMediaID != nil && request.brandLogo == nil
        do throws(GenerationIssue) {
            var proposal = try await generator.images(request)
            if lacksLogo { proposal.notes.append(Self.lostLogo) }
            return proposal
        } catch {
            if error == .cancelled { throw CancellationError() }
            throw JobFailure(error)
        }
    }

    private static let lostLogo =
        "The file of the brand's logo is lost, so the card shows none. Give the brand another `logoMediaId`."

    private func keep(
        _ image: GeneratedImage, as id: MediaID, number: Int, _ order: ImageOrder, _ proposal: ImageProposal, for job: Job
    ) async throws -> Media {
        var details = MediaDetails()
        details.brandID = job.brandID
        details.filename = Self.filename(order.prompt, number, image.type)
        let isCard = proposal.provider == OfflineGenerator.name
        details.altText = String(((isCard ? "Card with the words: " : "") + order.prompt).prefix(1_500))
        do {
            return try await media.keep(
                image.bytes, details, as: id, source: .ai, prompt: order.prompt, for: job.caller)
        } catch let error as APIError where error.code == .invalidRequest || error.code == .unsupportedMediaType {
            throw JobFailure("provider_not_an_image", "The AI provider sent no usable picture. \(error.message)")
        }
    }

    private func outcome(_ kept: [Media], _ proposal: ImageProposal, of job: Job) -> JobOutcome {
        let images = kept.map { ImageResult.Image(media: media.signed($0)) }
        let result = ImageResult(images: images, provider: proposal.provider, notes: proposal.notes)
        var outcome = JobOutcome(
            result: result, provider: proposal.provider, charge: CreditAction.image.credits * Int64(kept.count))
        outcome.commit = { connection in try insert(kept, of: job, on: connection) }
        outcome.discard = { await discard(kept, of: job) }
        return outcome
    }

    private func insert(_ kept: [Media], of job: Job, on connection: any RelationalConnection) throws {
        for medium in kept {
            try media.insert(medium, for: job.caller, on: connection)
            let event = ImageGenerated(jobID: job.id.rawValue, mediaID: medium.id.rawValue, prompt: medium.prompt ?? "")
            try outbox.append(event, for: job.organizationID, brand: job.brandID, user: job.userID, on: connection)
        }
    }

    /// Not when another worker has the job by now, as after the sleep of a whole machine: what it makes has the same names, and
    /// may be in the library already.
    private func discard(_ kept: [Media], of job: Job) async {
        guard (try? await jobs.wasClaimedAgain(job)) == false else { return }
        for medium in kept { await media.discard(medium) }
    }

    /// `a-mountain-at-dawn-1.png`.
    private static func filename(_ prompt: String, _ number: Int, _ type: ImageType) -> String {
        let words = prompt.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.prefix(6).joined(separator: "-")
        let name = words.isEmpty ? "picture" : String(words.prefix(60))
        return "\(name)-\(number + 1).\(type.rawValue.dropFirst("image/".count))"
    }
}
