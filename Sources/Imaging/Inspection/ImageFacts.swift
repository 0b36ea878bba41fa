/// What a picture's header says.
package struct ImageFacts: Hashable, Sendable {
    package let type: MediaType
    /// Of a frame, as stored: an EXIF orientation is not applied yet.
    package let width: Int
    package let height: Int
    /// 1 for a still picture.
    package let frames: Int
    /// Whether pixels can be transparent, not whether one is.
    package let hasAlpha: Bool
}
