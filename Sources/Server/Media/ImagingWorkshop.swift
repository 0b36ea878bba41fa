import Contract
import Core
import Features
import Imaging

/// Takes uploaded pictures apart in a process of its own (`audenci image-worker`), and makes what the platforms show best.
struct ImagingWorkshop: MediaWorkshop {
    private let workshop = ImageWorkshop(executable: "/proc/self/exe")

    /// Instagram: feed pictures are shown 1080 wide. Facebook: up to 2048. Mastodon keeps 8.3 megapixels, 3840 x 2160.
    private static let jobs: [(title: String, job: ImageJob)] = [
        ("thumbnail", .thumbnail),
        ("instagram", ImageJob(box: PixelSize(width: 1080, height: 1350), fit: .contain, format: .jpeg)),
        ("facebook", ImageJob(box: PixelSize(width: 2048, height: 2048), fit: .contain, format: .jpeg)),
        ("mastodon", ImageJob(box: PixelSize(width: 3840, height: 2160), fit: .contain, format: .jpeg)),
    ]

    func sniff(_ head: [UInt8]) -> (kind: Media.Kind, type: String)? {
        guard let type = MediaKind.sniff(head) else { return nil }
        let kind: Media.Kind =
            switch type {
            case .gif: .gif
            case .jpeg, .png, .webp: .image
            case .mp4, .mov: .video
            }
        return (kind, type.rawValue)
    }

    func process(_ bytes: [UInt8]) async throws -> ProcessedPicture {
        let made: ProcessedImage
        do {
            made = try await workshop.process(bytes, jobs: Self.jobs.map(\.job))
        } catch {
            throw Self.told(error)
        }
        let renditions = zip(Self.jobs, made.renditions).map { job, picture in Self.part(job.title, picture) }
        return ProcessedPicture(
            original: Self.part("original", made.original), frames: made.frames, hasAlpha: made.hasAlpha, renditions: renditions
        )
    }

    func bitmap(_ bytes: [UInt8], within side: Int) async throws -> Bitmap {
        do {
            return try await workshop.bitmap(bytes, within: PixelSize(width: side, height: side))
        } catch {
            throw Self.told(error)
        }
    }

    private static func part(_ title: String, _ picture: ProcessedImage.Picture) -> ProcessedPicture.Part {
        ProcessedPicture.Part(
            title: title, bytes: picture.bytes, type: picture.facts.type.rawValue, width: picture.facts.width,
            height: picture.facts.height)
    }

    private static func told(_ issue: ImageIssue) -> APIError {
        if case .cancelled = issue { return APIError(.unavailable, "The connection was closed before the picture was ready.") }
        guard issue.isAboutTheFile else {
            return APIError(.unavailable, "The picture cannot be worked on now: \(issue).", headers: [("Retry-After", "30")])
        }
        return APIError(.invalidRequest, "The file is not taken: \(issue).", details: [FieldIssue("file", "\(issue)")])
    }
}

/// The process that pictures are taken apart in.
package enum ImageWorkerCommand {
    /// Never returns when the arguments ask for it: what `audenci` does first.
    package static func runIfAsked(_ arguments: [String]) {
        if arguments.dropFirst().first == "image-worker" { ImageWorkerProcess.run() }
    }
}
