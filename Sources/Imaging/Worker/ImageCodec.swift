import CVipsShim

/// The decoders and encoders, which are C. To be called in a worker process only.
struct ImageCodec {
    /// What the library said, in one short line.
    struct Failure: Error { let text: String }

    let bytes: [UInt8]
    let type: MediaType

    static func start() throws(Failure) {
        if audenci_image_start() != 0 { throw Failure.last }
    }

    /// The header as the decoder reads it.
    struct Header {
        let facts: ImageFacts
        let liesOnItsSide: Bool
        /// Whether pixels mean what they say: the picture is upright and in sRGB.
        let isNormal: Bool
    }

    func probe() throws(Failure) -> Header {
        let format = try format
        var facts = audenci_image_facts()
        let code = bytes.withUnsafeBytes { audenci_image_probe($0.baseAddress, $0.count, format, &facts) }
        guard code == 0 else { throw Failure.last }
        let read = ImageFacts(
            type: type, width: Int(facts.width), height: Int(facts.height), frames: Int(facts.frames), hasAlpha: false)
        return Header(
            facts: read, liesOnItsSide: facts.orientation >= 5, isNormal: facts.orientation <= 1 && facts.has_profile == 0)
    }

    /// Decodes everything and keeps nothing.
    func check() throws(Failure) {
        let format = try format
        let code = bytes.withUnsafeBytes { audenci_image_check($0.baseAddress, $0.count, format) }
        if code != 0 { throw Failure.last }
    }

    func clean(allFrames: Bool, isLossless: Bool) throws(Failure) -> [UInt8] {
        let format = try format
        return try Self.file(type) { out in
            bytes.withUnsafeBytes {
                audenci_image_clean($0.baseAddress, $0.count, format, allFrames ? 1 : 0, isLossless ? 1 : 0, out)
            }
        }
    }

    func render(_ size: PixelSize, isCut: Bool, as target: ImageJob.Format) throws(Failure) -> [UInt8] {
        let format = try format
        let targetFormat = try Self.format(target.type)
        let (width, height) = (Int32(clamping: size.width), Int32(clamping: size.height))
        return try Self.file(target.type) { out in
            bytes.withUnsafeBytes {
                audenci_image_render($0.baseAddress, $0.count, format, width, height, isCut ? 1 : 0, targetFormat, out)
            }
        }
    }

    func pixels(_ size: PixelSize) throws(Failure) -> [UInt8] {
        let format = try format
        let (width, height) = (Int32(clamping: size.width), Int32(clamping: size.height))
        return try Self.output { out in
            bytes.withUnsafeBytes { audenci_image_pixels($0.baseAddress, $0.count, format, width, height, out) }
        }
    }

    private var format: audenci_image_format { get throws(Failure) { try Self.format(type) } }

    private static func format(_ type: MediaType) throws(Failure) -> audenci_image_format {
        switch type {
        case .jpeg: AUDENCI_JPEG
        case .png: AUDENCI_PNG
        case .gif: AUDENCI_GIF
        case .webp: AUDENCI_WEBP
        case .mp4, .mov: throw Failure(text: "no image")
        }
    }

    private static func output(_ make: (UnsafeMutablePointer<audenci_image_bytes>) -> Int32) throws(Failure) -> [UInt8] {
        var out = audenci_image_bytes()
        defer { audenci_image_free(out.data) }
        guard make(&out) == 0, let data = out.data else { throw Failure.last }
        return Array(UnsafeRawBufferPointer(start: data, count: out.size))
    }

    private static func file(
        _ type: MediaType, _ make: (UnsafeMutablePointer<audenci_image_bytes>) -> Int32
    ) throws(Failure) -> [UInt8] {
        let written = try output(make)
        guard type == .webp else { return written }
        guard let cleaned = WebPCleaning.clean(written) else { throw Failure(text: "the encoder wrote no whole WebP") }
        return cleaned
    }
}

extension ImageCodec.Failure {
    fileprivate static var last: ImageCodec.Failure {
        ImageCodec.Failure(text: audenci_image_error().map { ImageIssue.quoted(String(cString: $0)) } ?? "")
    }
}
