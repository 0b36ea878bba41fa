/// What a worker process does with one request.
enum ImageWorker {
    static func answer(_ request: WorkerRequest, _ bytes: [UInt8]) -> WorkerReply {
        do throws(ImageCodec.Failure) {
            let codec = ImageCodec(bytes: bytes, type: request.type)
            let (facts, liesOnItsSide) = try codec.probe()
            // The decoder's own view of the header counts: the server's might have been led astray.
            do throws(ImageIssue) { try ImageLimits.standard.check(facts) } catch { return .refused("\(error)") }
            let upright =
                liesOnItsSide
                ? PixelSize(width: facts.height, height: facts.width) : PixelSize(width: facts.width, height: facts.height)
            var pictures = [try clean(codec, facts)]
            for job in request.jobs {
                pictures.append(try codec.render(job.size(for: upright), isCut: job.fit == .cover, as: job.format))
            }
            return .pictures(pictures)
        } catch {
            return .refused(error.text)
        }
    }

    private static func clean(_ codec: ImageCodec, _ facts: ImageFacts) throws(ImageCodec.Failure) -> [UInt8] {
        switch codec.type {
        case .gif:
            try codec.check()
            do throws(ImageIssue) { return try GIFCleaning.clean(codec.bytes) } catch {
                throw ImageCodec.Failure(text: "\(error)")
            }
        case .webp:
            return try codec.clean(allFrames: facts.frames > 1, isLossless: WebPChunks.isLossless(codec.bytes))
        case .jpeg, .png, .mp4, .mov:
            return try codec.clean(allFrames: false, isLossless: false)
        }
    }
}
