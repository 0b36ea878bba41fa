import Core

/// What the server asks of a worker: a line of JSON, then the file's bytes.
struct WorkerRequest: Hashable {
    let type: MediaType
    let byteCount: Int
    let task: Task

    enum Task: Hashable {
        /// The cleaned original, and a rendition for each job.
        case process([ImageJob])
        /// What a ``PixelBlock`` holds: the picture's pixels, no larger than this box.
        case pixels(PixelSize)
    }

    /// The longest line; far above what the most jobs take.
    static let longestHead = 16_384
    static let mostJobs = 32

    var head: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("type"); writer.string(type.rawValue)
        writer.key("bytes"); writer.int(Int64(byteCount))
        switch task {
        case .process(let jobs):
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
        case .pixels(let box):
            writer.key("pixels")
            writer.beginObject()
            writer.key("width"); writer.int(Int64(box.width))
            writer.key("height"); writer.int(Int64(box.height))
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes + [0x0A]
    }
}

extension WorkerRequest {
    /// Nil when the line is none that ``head`` writes.
    init?(head line: [UInt8]) {
        guard let json = try? JSONValue(parsing: line), let type = json["type"]?.string.flatMap(MediaType.init(rawValue:)),
            let count = json["bytes"]?.int, count >= 0, count <= Int64(ImageLimits.standard.bytes),
            let task = json["pixels"].map(Task.init(box:)) ?? json["jobs"].flatMap(Task.init(jobs:))
        else { return nil }
        self.init(type: type, byteCount: Int(count), task: task)
    }
}

extension WorkerRequest.Task {
    fileprivate init?(jobs json: JSONValue) {
        guard let list = json.array, list.count <= WorkerRequest.mostJobs else { return nil }
        let jobs = list.compactMap(ImageJob.init(json:))
        guard jobs.count == list.count else { return nil }
        self = .process(jobs)
    }

    fileprivate init?(box json: JSONValue) {
        guard let box = PixelSize(json: json), PixelBlock.canHold(box) else { return nil }
        self = .pixels(box)
    }
}

extension ImageJob {
    fileprivate init?(json: JSONValue) {
        guard let box = PixelSize(json: json), let fit = json["fit"]?.string.flatMap(Fit.init(rawValue:)),
            let format = json["format"]?.string.flatMap(Format.init(rawValue:))
        else { return nil }
        self.init(box: box, fit: fit, format: format)
        guard isPossible else { return nil }
    }

    /// Whether the box has a size that every format can hold.
    var isPossible: Bool {
        (1...Self.longestSide).contains(box.width) && (1...Self.longestSide).contains(box.height)
    }
}

extension PixelSize {
    fileprivate init?(json: JSONValue) {
        guard let width = json["width"]?.int, let height = json["height"]?.int else { return nil }
        self.init(width: Int(width), height: Int(height))
    }
}
