import Testing

@testable import Imaging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What bad files and bad workers do: an issue, and nothing else.
@Suite(.serialized) struct HostileImageTests {
    private let workshop = ImageWorkshop.standard

    private func issue(_ workshop: ImageWorkshop, _ bytes: [UInt8], _ jobs: [ImageJob] = [.thumbnail]) async -> ImageIssue? {
        do throws(ImageIssue) {
            _ = try await workshop.process(bytes, jobs: jobs)
            return nil
        } catch { return error }
    }

    private var openFiles: Int {
        guard let folder = opendir("/proc/self/fd") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }

    @Test func aBombIsRefusedBeforeAWorkerStarts() async {
        let bomb = Samples.pngHeader(30_000, 30_000) + Samples.chunk("IDAT", [0x78, 0x9C]) + Samples.chunk("IEND", [])
        let none = ImageWorkshop(executable: "/nonexistent/worker")
        #expect(await issue(none, bomb) == .tooManyPixels(width: 30_000, height: 30_000, allowed: 50_000_000))
        guard case .noWorker = await issue(none, Samples.quarters(8, 8)) else {
            Issue.record("a worker started")
            return
        }
    }

    @Test func truncatedFilesAreDamaged() async throws {
        let png = Samples.quarters(200, 200)
        let jpeg = try await workshop.render(png, .jpeg)
        let webp = try await workshop.render(png, .webp)
        for file in [png, jpeg, webp, Samples.gif(40, 40, frames: [1, 2, 3])] {
            for share in [0.1, 0.3, 0.5, 0.8, 0.95] {
                let cut = Array(file.prefix(Int(Double(file.count) * share)))
                let issue = await issue(workshop, cut)
                guard case .damaged = issue else {
                    Issue.record("\(MediaKind.sniff(file)?.rawValue ?? "") cut to \(share): \(String(describing: issue))")
                    continue
                }
            }
        }
    }

    @Test func headersThatPromiseWhatIsNotThereAreDamaged() async {
        let empty = Samples.pngHeader(100, 100) + Samples.chunk("IDAT", Samples.zlib([])) + Samples.chunk("IEND", [])
        guard case .damaged = await issue(workshop, empty) else {
            Issue.record("a PNG without pixels passed")
            return
        }
    }

    @Test(arguments: [
        ("crash", "signal 11"), ("leave", "code 3"), ("silent", "no sense"), ("garbage", "no sense"), ("lie", "no sense"),
        ("wrong-picture", "not those"), ("flood", "larger than"), ("closed", "signal 9"),
    ])
    func aWorkerThatMisbehavesIsAnIssue(mode: String, words: String) async {
        let issue = await issue(.with(mode), Samples.quarters(300, 300), mode == "wrong-picture" ? [] : [.thumbnail])
        guard case .workerFailed(let text) = issue else {
            Issue.record("\(mode): \(String(describing: issue))")
            return
        }
        #expect(text.contains(words))
    }

    @Test func aMissingLibraryIsTheOperatorsTroubleAndNotTheFiles() async {
        let issue = await issue(.with("no-library"), Samples.quarters(9, 9))
        guard case .noWorker(let text) = issue else {
            Issue.record("\(String(describing: issue))")
            return
        }
        #expect(text.contains("libvips"))
        #expect(issue?.isAboutTheFile == false)
    }

    @Test func pixelsThatAreNotWhatWasAskedForAreAnIssue() async {
        let issue = await #expect(throws: ImageIssue.self) {
            try await ImageWorkshop.with("wrong-picture").bitmap(
                Samples.quarters(9, 9), within: PixelSize(width: 9, height: 9))
        }
        #expect(issue?.description.contains("not those") == true)
    }

    @Test(.timeLimit(.minutes(1))) func aWorkerThatHangsIsKilledAtTheDeadline() async {
        let start = ContinuousClock.now
        #expect(await issue(.with("hang", deadline: .milliseconds(200)), Samples.quarters(9, 9)) == .tookTooLong)
        // It reads nothing either, so most of this stays unsent.
        #expect(await issue(.with("hang", deadline: .milliseconds(200)), Samples.quarters(1200, 1200)) == .tookTooLong)
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test(.timeLimit(.minutes(1))) func aWorkerThatUsesUpItsProcessorTimeIsEnded() async {
        #expect(await issue(.with("spin"), Samples.quarters(9, 9)) == .tookTooLong)
    }

    @Test(.timeLimit(.minutes(1))) func cancellationEndsTheWorker() async {
        let work = Task { await issue(.with("hang", deadline: .seconds(600)), Samples.quarters(9, 9)) }
        work.cancel()
        #expect(await work.value == .cancelled)
        let gate = WorkshopGate(places: 1, waitingLimit: 1)
        let hanging = ImageWorkshop(executable: ImageWorkshop.stub, mode: "hang", deadline: .seconds(600), gate: gate)
        let first = Task { await issue(hanging, Samples.quarters(9, 9)) }
        let second = Task { await issue(hanging, Samples.quarters(9, 9)) }
        while gate.waiting == 0 { await Task.yield() }
        #expect(await issue(hanging, Samples.quarters(9, 9)) == .busy)
        first.cancel()
        second.cancel()
        #expect(await first.value == .cancelled)
        #expect(await second.value == .cancelled)
    }

    @Test func impossibleJobsAreRefused() async {
        let job = ImageJob(box: PixelSize(width: 0, height: 10), fit: .cover, format: .png)
        guard case .badJob = await issue(workshop, Samples.quarters(9, 9), [job]) else {
            Issue.record("an empty box passed")
            return
        }
        guard case .badJob = await issue(workshop, Samples.quarters(9, 9), .init(repeating: .thumbnail, count: 33)) else {
            Issue.record("33 jobs passed")
            return
        }
    }

    @Test(.timeLimit(.minutes(10))) func twoThousandMutationsHarmNobody() async throws {
        let png = Samples.quarters(40, 40)
        let jpeg = Samples.withMetadata(jpeg: try await workshop.render(png, .jpeg), orientation: 6)
        let webp = try await workshop.render(png, .webp)
        let files = [png, jpeg, webp, Samples.gif(20, 20, frames: [1, 2])]
        var random = Seeded(3)
        var mutations: [[UInt8]] = []
        for round in 0..<2000 {
            var bytes = files[round % files.count]
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            if round.isMultiple(of: 5) { bytes.removeLast(.random(in: 0..<bytes.count, using: &random)) }
            mutations.append(bytes)
        }
        let before = openFiles
        let issues = await withTaskGroup(of: ImageIssue?.self, returning: [ImageIssue?].self) { group in
            var issues: [ImageIssue?] = []
            for (index, bytes) in mutations.enumerated() {
                if index >= 8, let issue = await group.next() { issues.append(issue) }
                group.addTask { await issue(workshop, bytes) }
            }
            for await issue in group { issues.append(issue) }
            return issues
        }
        #expect(issues.count == 2000)
        let passed = issues.count { $0 == nil }
        let refused = issues.count { $0?.isAboutTheFile == true }
        #expect(passed > 0 && refused > 0)
        // None was the operator's trouble.
        #expect(passed + refused == 2000)
        #expect(openFiles <= before + 2)
        #expect(await issue(workshop, png) == nil)
    }
}
