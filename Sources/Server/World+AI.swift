import Contract
import Creation
import Features
import Generation
import Outbound
import ServiceLifecycle

/// What generates: a provider that the operator names, else templates, honestly labelled.
struct AIServices: Sendable {
    let generator: any Generator
    let imageGenerator: any ImageGenerator
    /// Who does it, for the log at the start.
    let text: String
    let pictures: String

    /// - Throws: ``SettingError`` when a provider's URL cannot be used.
    init(_ settings: Settings) throws {
        text = settings.ai.text.map { "\($0.textModel) at \($0.baseURL)" } ?? OfflineGenerator.name
        pictures = settings.ai.image.map { "\($0.imageModel ?? "") at \($0.baseURL)" } ?? OfflineGenerator.name
        if let text = settings.ai.text {
            let remote = OpenAICompatibleGenerator(
                text, transport: try Self.client("OPENAI_BASE_URL", text.baseURL, settings))
            generator = FallbackGenerator(remote, or: OfflineGenerator())
        } else {
            generator = OfflineGenerator()
        }
        if let image = settings.ai.image {
            imageGenerator = OpenAICompatibleGenerator(
                image, transport: try Self.client("AUDENCI_AI_IMAGE_BASE_URL", image.baseURL, settings))
        } else {
            imageGenerator = BrandCardImages()
        }
    }

    /// Reaches the operator's own address, wherever it is, and no other.
    private static func client(_ name: String, _ url: String, _ settings: Settings) throws -> GuardedClient {
        do {
            return try DeveloperClient.make([name: url], trust: settings.outboundCAFile, proxy: settings.egressProxy)
        } catch let error as ListenError {
            throw SettingError(error.description)
        }
    }
}

extension World {
    var generator: any Generator { ai.generator }
    var imageGenerator: any ImageGenerator { ai.imageGenerator }

    var captionOrders: CaptionOrderStore { CaptionOrderStore(jobs: jobs, brands: brands, posts: posts) }

    /// Works on what was asked for.
    var jobRunner: JobRunner {
        JobRunner(
            jobs: jobs,
            works: [
                ImageWork(
                    jobs: jobs, generator: imageGenerator, media: media, brands: brands, logos: logos, outbox: outbox),
                CaptionWork(generator: generator, orders: captionOrders, brands: brands),
            ], logger: logger)
    }

    var aiEndpoints: [Endpoint] {
        ImagesAPI(orders: ImageOrderStore(jobs: jobs)).endpoints
            + CaptionsAPI(orders: captionOrders, chooser: GeneratedHashtags(generator: generator)).endpoints
            + JobsAPI(jobs: jobs, isStopping: { Task.isShuttingDownGracefully }).endpoints
            + CreditsAPI(credits: credits).endpoints
    }
}
