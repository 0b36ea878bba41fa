package import Core
package import Features

/// Throws away uploads that were given up.
package struct UploadCleaning: Duty {
    package static let name = "upload-cleaning"
    let uploads: MediaUploadStore
    package let pause = Duration.seconds(3600)
    package let wake: WakeSignal? = nil

    package init(uploads: MediaUploadStore) { self.uploads = uploads }

    package func run() async throws -> Instant? {
        try await uploads.prune()
        return nil
    }
}
