package import Contract
import Core

/// An image was generated and is in the media library.
package struct ImageGenerated: Event {
    package var jobID: String
    package var mediaID: String
    package var prompt: String

    package init(jobID: String, mediaID: String, prompt: String) {
        self.jobID = jobID
        self.mediaID = mediaID
        self.prompt = prompt
    }

    package static let type = "image.generated"
    package static let name = "ImageGeneratedEvent"
    package static let summary = "Image generated"
    package static let properties: [Property<Self>] = [
        Property("jobId", "The job that made it.") { $0.jobID },
        Property("mediaId", "The medium's id.") { $0.mediaID },
        Property("prompt", "What was asked for.") { $0.prompt },
    ]
    package static let example = ImageGenerated(
        jobID: "cmb2k7q0x0000000000000015", mediaID: "cmb2k7q0x0000000000000013", prompt: "A beach at dawn")
}
