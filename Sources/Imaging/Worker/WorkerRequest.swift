import Core

/// What the server asks of a worker: a line of JSON, then the file's bytes.
struct WorkerRequest: Hashable {
    let type: MediaType
    let byteCount: Int
    let jobs: [ImageJob]

    /// The longest line; far above what the most jobs take.
    static let longestHead = 16_384
    static let mostJobs = 32

    var head: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("type"); writer.string(type.rawValue)
        writer.key("bytes"); writer.int(Int64(byteCount))
        writer.key("jobs")
        writer.beginArray()
        for job in jobs {
            writer.beginObject()
            writer.key("width"); writer.int(Int64(job.box.width))
            writer.key("height"); writer.int(Int64(job.box.height))
            writer.key("fit"); writer.string(job.fit.rawValue)
            writer.key("format"); writer.string(job.format.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes + [0x0A]
    }
}

extension WorkerRequest {
    /// Nil when the line is none that ``head`` writes.
    init?(head line: [UInt8]) {
        guard let json = try? JSONValue(parsing: line), let type = json["type"]?.string.flatMap(MediaType.init(rawValue:)),
            let count = json["bytes"]?.int, let list = json["jobs"]?.array,
            count >= 0, count <= Int64(ImageLimits.standard.bytes), list.count <= Self.mostJobs
        else { return nil }
        let jobs = list.compactMap(ImageJob.init(json:))
        guard jobs.count == list.count else { return nil }
        self.init(type: type, byteCount: Int(count), jobs: jobs)
    }
}

extension ImageJob {
    fileprivate init?(json: JSONValue) {
        guard let width = json["width"]?.int, let height = json["height"]?.int,
            let fit = json["fit"]?.string.flatMap(Fit.init(rawValue:)),
            let format = json["format"]?.string.flatMap(Format.init(rawValue:))
        else { return nil }
        self.init(box: PixelSize(width: Int(width), height: Int(height)), fit: fit, format: format)
        guard isPossible else { return nil }
    }

    /// Whether the box has a size that every format can hold.
    var isPossible: Bool {
        (1...Self.longestSide).contains(box.width) && (1...Self.longestSide).contains(box.height)
    }
}
