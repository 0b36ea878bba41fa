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
        switch await gate.enter() {
        case .admitted: break
        case .busy: throw .busy
        case .cancelled: throw .cancelled
        }
        defer { gate.leave() }
        let request = WorkerRequest(type: facts.type, byteCount: bytes.count, jobs: jobs)
        let reply = try await answer(to: [request.head, bytes]).get()
        switch WorkerReply(reply, pictures: jobs.count + 1) {
        case .pictures(let pictures):
            guard let image = ProcessedImage(pictures, of: facts, jobs) else {
                throw .workerFailed("the worker's pictures are not those that were asked for")
            }
            return image
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
