import Core
import Features

/// Throws away uploads that were given up.
struct UploadCleaning: Duty {
    static let name = "upload-cleaning"
    let uploads: MediaUploadStore
    let pause = Duration.seconds(3600)
    let wake: WakeSignal? = nil

    func run() async throws -> Instant? {
        try await uploads.prune()
        return nil
    }
}
