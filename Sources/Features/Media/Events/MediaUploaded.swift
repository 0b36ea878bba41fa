package import Contract
import Core

/// A file was added to the media library.
package struct MediaUploaded: Event {
    package var mediaID: String
    package var filename: String
    package var contentType: String
    package var size: Int

    package init(mediaID: String, filename: String, contentType: String, size: Int) {
        self.mediaID = mediaID
        self.filename = filename
        self.contentType = contentType
        self.size = size
    }

    package static let type = "media.uploaded"
    package static let name = "MediaUploadedEvent"
    package static let summary = "Media uploaded"
    package static let isComing = true
    package static let properties: [Property<Self>] = [
        Property("mediaId", "The medium's id.") { $0.mediaID },
        Property("filename", "Its name.") { $0.filename },
        Property("contentType", "Its type, from its bytes.") { $0.contentType },
        Property("size", "Its size in bytes.") { $0.size },
    ]
    package static let example = MediaUploaded(
        mediaID: "cmb2k7q0x0000000000000013", filename: "summer.jpg", contentType: "image/jpeg", size: 184320)
}
