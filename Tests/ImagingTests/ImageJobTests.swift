import Core
import Testing

@testable import Imaging

@Suite struct ImageJobTests {
    private func size(_ fit: ImageJob.Fit, _ box: (Int, Int), of source: (Int, Int)) -> [Int] {
        let job = ImageJob(box: PixelSize(width: box.0, height: box.1), fit: fit, format: .png)
        let size = job.size(for: PixelSize(width: source.0, height: source.1))
        return [size.width, size.height]
    }

    @Test func containKeepsTheShapeWithinTheBox() {
        #expect(size(.contain, (400, 400), of: (4000, 3000)) == [400, 300])
        #expect(size(.contain, (400, 400), of: (3000, 4000)) == [300, 400])
        #expect(size(.contain, (400, 100), of: (4000, 3000)) == [133, 100])
        #expect(size(.contain, (400, 400), of: (16_000, 2)) == [400, 1])
    }

    @Test func coverHasTheShapeOfTheBox() {
        #expect(size(.cover, (1080, 1080), of: (4000, 3000)) == [1080, 1080])
        #expect(size(.cover, (1080, 566), of: (1080, 566)) == [1080, 566])
    }

    @Test func nothingIsMadeLarger() {
        #expect(size(.contain, (400, 400), of: (30, 20)) == [30, 20])
        #expect(size(.cover, (1000, 500), of: (300, 300)) == [300, 150])
        #expect(size(.cover, (1000, 500), of: (1200, 200)) == [400, 200])
    }

    @Test func aRequestIsReadAsItWasWritten() throws {
        let jobs = [ImageJob.thumbnail, ImageJob(box: PixelSize(width: 1080, height: 1350), fit: .cover, format: .jpeg)]
        let request = WorkerRequest(type: .webp, byteCount: 1234, task: .process(jobs))
        #expect(request.head.last == 0x0A)
        #expect(WorkerRequest(head: request.head.dropLast()) == request)
        let most = [ImageJob](repeating: jobs[1], count: WorkerRequest.mostJobs)
        let full = WorkerRequest(type: .png, byteCount: 1, task: .process(most))
        #expect(full.head.count < WorkerRequest.longestHead)
        let pixels = WorkerRequest(type: .jpeg, byteCount: 7, task: .pixels(PixelSize(width: 512, height: 300)))
        #expect(WorkerRequest(head: pixels.head.dropLast()) == pixels)
    }

    @Test(arguments: [
        "", "{}", "[1]", #"{"type":"image/svg+xml","bytes":1,"jobs":[]}"#, #"{"type":"image/png","bytes":-1,"jobs":[]}"#,
        #"{"type":"image/png","bytes":900000000,"jobs":[]}"#, #"{"type":"image/png","bytes":1,"jobs":[{}]}"#,
        #"{"type":"image/png","bytes":1,"jobs":[{"width":0,"height":1,"fit":"cover","format":"image/png"}]}"#,
        #"{"type":"image/png","bytes":1,"jobs":[{"width":1,"height":99999,"fit":"cover","format":"image/png"}]}"#,
        #"{"type":"image/png","bytes":1,"jobs":[{"width":1,"height":1,"fit":"cover","format":"image/gif"}]}"#,
        #"{"type":"image/png","bytes":1,"pixels":{"width":1}}"#,
        #"{"type":"image/png","bytes":1,"pixels":{"width":0,"height":1}}"#,
        #"{"type":"image/png","bytes":1,"pixels":{"width":1,"height":5000}}"#,
    ])
    func anOddRequestIsNone(line: String) {
        #expect(WorkerRequest(head: Array(line.utf8)) == nil)
    }

    @Test func aReplyIsReadAsItWasWritten() {
        let pictures = WorkerReply.pictures([[1, 2, 3], [4]])
        #expect(WorkerReply(pictures.head + [1, 2, 3, 4], pictures: 2) == pictures)
        let refused = WorkerReply.refused("no \"good\"\n")
        #expect(WorkerReply(refused.head, pictures: 2) == refused)
    }

    @Test func aReplyThatDoesNotAddUpIsNone() {
        let head = WorkerReply.pictures([[1, 2, 3], [4]]).head
        #expect(WorkerReply(head + [1, 2, 3], pictures: 2) == nil)
        #expect(WorkerReply(head + [1, 2, 3, 4, 5], pictures: 2) == nil)
        #expect(WorkerReply(head + [1, 2, 3, 4], pictures: 3) == nil)
        #expect(WorkerReply(head.dropLast(), pictures: 2) == nil)
        #expect(WorkerReply(Samples.ascii(#"{"bytes":[-1]}"# + "\n"), pictures: 1) == nil)
        #expect(WorkerReply(Samples.ascii(#"{"bytes":[9223372036854775807,1]}"# + "\nx"), pictures: 2) == nil)
        #expect(WorkerReply([], pictures: 0) == nil)
    }

    @Test func pixelsAreReadAsTheyWereWritten() {
        let box = PixelSize(width: 300, height: 2)
        let pixels = (0..<300 * 4).map { UInt8(truncatingIfNeeded: $0) }
        let block = PixelBlock.encode(PixelSize(width: 300, height: 1), pixels)
        #expect(PixelBlock.decode(block, within: box) == Bitmap(width: 300, height: 1, pixels: pixels))
    }

    @Test func pixelsThatAreNotThoseAskedForAreNone() {
        let box = PixelSize(width: 2, height: 2)
        let block = PixelBlock.encode(box, [UInt8](repeating: 7, count: 16))
        #expect(PixelBlock.decode(block, within: box) != nil)
        #expect(PixelBlock.decode(block, within: PixelSize(width: 1, height: 2)) == nil)
        #expect(PixelBlock.decode(block.dropLast(), within: box) == nil)
        #expect(PixelBlock.decode(block + [7], within: box) == nil)
        #expect(PixelBlock.decode([UInt8](repeating: 0, count: 8), within: box) == nil)
        #expect(PixelBlock.decode([UInt8](repeating: 0xFF, count: 24), within: box) == nil)
        #expect(PixelBlock.decode([], within: box) == nil)
    }

    @Test func wordsOfALibraryBecomeOneShortLine() {
        #expect(ImageIssue.quoted("VipsJpeg:\n bad\u{1B}[31m é\t thing\n") == "VipsJpeg: bad [31m thing")
        #expect(ImageIssue.quoted(String(repeating: "x", count: 999)).count == 200)
        #expect(ImageIssue.quoted("\n") == "the decoder gave no reason")
    }
}
