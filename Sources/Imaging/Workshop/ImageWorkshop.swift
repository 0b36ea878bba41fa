package import Core

/// Where uploaded pictures are cleaned and renditions made, each in a process of its own.
///
/// Decoders are C and the bytes are hostile, so no decoder runs in the server. A worker is the server's own program with a
/// hidden argument; it has 1 GiB of memory, 20 seconds of processor time, 30 by the clock, no files, and its answer is
/// checked like any upload. Whatever happens to it is an ``ImageIssue``.
package struct ImageWorkshop: Sendable {
    private let executable: String
    private let mode: String
    private let deadline: Duration
    private let longestReply: Int
    private let gate: WorkshopGate

    /// - Parameter executable: a program that calls ``ImageWorkerProcess/run()`` when its argument is `image-worker`. The
    ///   server itself is `/proc/self/exe`, which stays right when its file is replaced by a newer one.
    package init(executable: String) {
        self.init(executable: executable, mode: "image-worker")
    }

    init(
        executable: String, mode: String, deadline: Duration = .seconds(30), longestReply: Int = WorkerReply.longest,
        gate: WorkshopGate = WorkshopGate(places: 2, waitingLimit: 64)
    ) {
        self.executable = executable
        self.mode = mode
        self.deadline = deadline
        self.longestReply = longestReply
        self.gate = gate
    }

    /// Cleans the picture and makes a rendition for each job. Two pictures are worked on at once, 64 may wait.
    package func process(_ bytes: [UInt8], jobs: [ImageJob]) async throws(ImageIssue) -> ProcessedImage {
        try Self.check(jobs)
        let facts = try ImageInspector.inspect(bytes)
        let pictures = try await pictures(jobs.count + 1, of: .process(jobs), facts, bytes)
        guard let image = ProcessedImage(pictures, of: facts, jobs) else { throw Self.wrongPictures }
        return image
    }

    /// The picture's first frame decoded, upright and in sRGB; whole within the box, never enlarged. For those who draw with
    /// it: this way they need no decoder.
    package func bitmap(_ bytes: [UInt8], within box: PixelSize) async throws(ImageIssue) -> Bitmap {
        guard PixelBlock.canHold(box) else {
            throw .badJob("a bitmap has sides of 1 to \(Bitmap.longestSide) pixels, not \(box.width) x \(box.height)")
        }
        let facts = try ImageInspector.inspect(bytes)
        let pictures = try await pictures(1, of: .pixels(box), facts, bytes)
        guard let bitmap = PixelBlock.decode(pictures[0], within: box) else { throw Self.wrongPictures }
        return bitmap
    }

    private static let wrongPictures = ImageIssue.workerFailed("the worker's pictures are not those that were asked for")

    /// What a worker makes of the file: so many blobs, each still to be checked.
    private func pictures(
        _ count: Int, of task: WorkerRequest.Task, _ facts: ImageFacts, _ bytes: [UInt8]
    ) async throws(ImageIssue) -> [[UInt8]] {
        switch await gate.enter() {
        case .admitted: break
        case .busy: throw .busy
        case .cancelled: throw .cancelled
        }
        defer { gate.leave() }
        let request = WorkerRequest(type: facts.type, byteCount: bytes.count, task: task)
        let reply = try await answer(to: [request.head, bytes]).get()
        switch WorkerReply(reply, pictures: count) {
        case .pictures(let pictures): return pictures
        case .refused(let issue): throw .damaged(ImageIssue.quoted(issue))
        case nil: throw .workerFailed("the worker's answer makes no sense")
        }
    }

    private static func check(_ jobs: [ImageJob]) throws(ImageIssue) {
        guard jobs.count <= WorkerRequest.mostJobs else {
            throw .badJob("at most \(WorkerRequest.mostJobs) renditions are made at a time, not \(jobs.count)")
        }
        for job in jobs where !job.isPossible {
            throw .badJob("a box has sides of 1 to \(ImageJob.longestSide) pixels, not \(job.box.width) x \(job.box.height)")
        }
    }

    private func answer(to request: [[UInt8]]) async -> Result<[UInt8], ImageIssue> {
        let run = WorkerRun(
            executable: executable, mode: mode, request: request, deadline: deadline, longestReply: longestReply)
        let leash = WorkerLeash()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isStarted = OwnThread.start { continuation.resume(returning: run.perform(leash)) }
                if !isStarted { continuation.resume(returning: .failure(.noWorker("the system has no thread to give"))) }
            }
        } onCancel: {
            leash.cancel()
        }
    }
}
