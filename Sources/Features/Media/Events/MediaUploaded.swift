package import Contract
import Core

/// A file was added to the media library.
package struct MediaUploaded: Event {
    package var media: Media

    package static let type = "media.uploaded"
    package static let name = "MediaUploadedEvent"
    package static let summary = "Media uploaded"
    package static let properties: [Property<Self>] = [
        Property("mediaId", "The medium's id.") { $0.media.id },
        Property("filename", "Its name.") { $0.media.filename },
        Property("contentType", "Its type, from its bytes.") { $0.media.mimeType },
        Property("size", "Its size in bytes.") { $0.media.size },
    ]
    package static let example = MediaUploaded(media: .example)

    package var scope: EventScope { EventScope(entity: media.id.rawValue) }
}
