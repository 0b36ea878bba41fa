/// Why a picture is not taken, or could not be worked on.
package enum ImageIssue: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownType
    case notAnImage(MediaType)
    case tooManyBytes(Int, allowed: Int)
    case tooManyPixels(width: Int, height: Int, allowed: Int)
    case tooManyFrames(Int, allowed: Int)
    case tooManyPixelsInFrames(width: Int, height: Int, frames: Int, allowed: Int)
    /// What is wrong with the file.
    case damaged(String)
    case badJob(String)
    case tookTooLong
    /// The worker ended early or answered nonsense, as some hostile files make it.
    case workerFailed(String)
    /// The worker could not be started: the operator's trouble, not the file's.
    case noWorker(String)
    case busy
    case cancelled

    /// Whether the file is at fault; if not, the same file may pass later.
    package var isAboutTheFile: Bool {
        switch self {
        case .unknownType, .notAnImage, .tooManyBytes, .tooManyPixels, .tooManyFrames, .tooManyPixelsInFrames, .damaged,
            .tookTooLong, .workerFailed:
            true
        case .badJob, .noWorker, .busy, .cancelled: false
        }
    }

    package var description: String {
        switch self {
        case .unknownType: "this is no JPEG, PNG, GIF or WebP image; convert it to one of these"
        case .notAnImage(let type): "a file of type \(type.rawValue) is no image; images are JPEG, PNG, GIF or WebP"
        case .tooManyBytes(let count, let allowed):
            "the image takes \(count) bytes; at most \(allowed) are allowed. Make it smaller or compress it more"
        case .tooManyPixels(let width, let height, let allowed):
            "the image has \(width) x \(height) pixels; at most \(allowed) in all are allowed. Scale it down"
        case .tooManyFrames(let count, let allowed):
            "the animation has \(count) frames; at most \(allowed) are allowed. Shorten it, or upload it as a video"
        case .tooManyPixelsInFrames(let width, let height, let frames, let allowed):
            "the animation has \(frames) frames of \(width) x \(height) pixels; at most \(allowed) pixels in all frames are "
                + "allowed. Scale it down, or upload it as a video"
        case .damaged(let issue): "the image is damaged: \(issue). Export it again"
        case .badJob(let issue): "this rendition cannot be made: \(issue)"
        case .tookTooLong: "working on the image took too long. Scale it down, or save it in another format"
        case .workerFailed(let issue): "the image could not be processed: \(issue). Save it in another format"
        case .noWorker(let issue):
            "the image worker could not be started: \(issue). Check the server's limits and its program file"
        case .busy: "too many images wait to be processed; try again in a minute"
        case .cancelled: "the work on the image was cancelled"
        }
    }

    /// Words of a library about hostile bytes, fit for logs and replies: one line, ASCII, short.
    static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? Character($0) : " " }
        let words = String(scalars).split(separator: " ").joined(separator: " ")
        return words.isEmpty ? "the decoder gave no reason" : String(words.prefix(200))
    }
}
