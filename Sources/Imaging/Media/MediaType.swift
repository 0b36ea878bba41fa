/// A type of file that the media library takes; the raw value is what `Content-Type` says.
package enum MediaType: String, CaseIterable, Hashable, Sendable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case gif = "image/gif"
    case webp = "image/webp"
    case mp4 = "video/mp4"
    case mov = "video/quicktime"

    package var kind: MediaKind {
        switch self {
        case .jpeg, .png, .gif, .webp: .image
        case .mp4, .mov: .video
        }
    }
}
