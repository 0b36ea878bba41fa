/// What a worker process does with one request.
enum ImageWorker {
    static func answer(_ request: WorkerRequest, _ bytes: [UInt8]) -> WorkerReply {
        do throws(ImageCodec.Failure) {
            let codec = ImageCodec(bytes: bytes, type: request.type)
            let header = try codec.probe()
            let facts = header.facts
            // The decoder's own view of the header counts: the server's might have been led astray.
            do throws(ImageIssue) { try ImageLimits.standard.check(facts) } catch { return .refused("\(error)") }
            let upright =
                header.liesOnItsSide
                ? PixelSize(width: facts.height, height: facts.width) : PixelSize(width: facts.width, height: facts.height)
            switch request.task {
            case .process(let jobs):
                var pictures = [try clean(codec, header)]
                for job in jobs {
                    pictures.append(try codec.render(job.size(for: upright), isCut: job.fit == .cover, as: job.format))
                }
                return .pictures(pictures)
            case .pixels(let box):
                let size = ImageJob.size(of: upright, within: box)
                return .pictures([PixelBlock.encode(size, try codec.pixels(size))])
            }
        } catch {
            return .refused(error.text)
        }
    }

    private static func clean(_ codec: ImageCodec, _ header: ImageCodec.Header) throws(ImageCodec.Failure) -> [UInt8] {
        switch codec.type {
        case .gif:
            try codec.check()
            do throws(ImageIssue) { return try GIFCleaning.clean(codec.bytes) } catch {
                throw ImageCodec.Failure(text: "\(error)")
            }
        case .webp:
            // Its pixels stay as they are where they may: encoding a large one again takes minutes, and fails for some
            // (the format has half a megabyte for the modes of all blocks).
            if header.isNormal, let cleaned = WebPCleaning.clean(codec.bytes) {
                try codec.check()
                return cleaned
            }
            return try codec.clean(allFrames: header.facts.frames > 1, isLossless: WebPChunks.isLossless(codec.bytes))
        case .jpeg, .png, .mp4, .mov:
            return try codec.clean(allFrames: false, isLossless: false)
        }
    }
}
