import Testing

@testable import Imaging

@Suite struct ImageInspectorTests {
    private func issue(_ bytes: [UInt8], _ limits: ImageLimits = .standard) -> ImageIssue? {
        do throws(ImageIssue) {
            _ = try ImageInspector.inspect(bytes, limits: limits)
            return nil
        } catch { return error }
    }

    private func isDamaged(_ bytes: [UInt8]) -> Bool {
        if case .damaged = issue(bytes) { true } else { false }
    }

    /// A JPEG's header with some segments before the size, and no pixels.
    private func jpeg(_ width: Int, _ height: Int, marker: UInt8 = 0xC0, precision: UInt8 = 8) -> [UInt8] {
        let frame = [precision] + Samples.big16(height) + Samples.big16(width) + [3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]
        return [0xFF, 0xD8] + Samples.segment(0xE0, Samples.ascii("JFIF\0")) + Samples.segment(0xC4, [0, 1, 2]) + [0xFF, 0xFF]
            + Samples.segment(marker, frame)
    }

    private func webp(_ name: String, _ content: [UInt8], rest: [UInt8] = []) -> [UInt8] {
        let body = Samples.ascii(name) + Samples.little32(content.count) + content + rest
        return Samples.ascii("RIFF") + Samples.little32(body.count + 4) + Samples.ascii("WEBP") + body
    }

    private func canvas(_ width: Int, _ height: Int, flags: UInt8) -> [UInt8] {
        [flags, 0, 0, 0] + Samples.little32(width - 1).prefix(3) + Samples.little32(height - 1).prefix(3)
    }

    @Test func aPNGTellsItsSizeAndAlpha() throws {
        let plain = try ImageInspector.inspect(Samples.quarters(30, 20))
        #expect(plain == ImageFacts(type: .png, width: 30, height: 20, frames: 1, hasAlpha: false))
        #expect(try ImageInspector.inspect(Samples.png(3, 2, hasAlpha: true) { _, _ in 0 }).hasAlpha)
        let keyed = Samples.png(3, 2, extra: Samples.chunk("tRNS", [0, 0, 0, 0, 0, 0])) { _, _ in 0 }
        #expect(try ImageInspector.inspect(keyed).hasAlpha)
        let animated = Samples.png(3, 2, extra: Samples.chunk("acTL", Samples.big32(7) + Samples.big32(0))) { _, _ in 0 }
        #expect(try ImageInspector.inspect(animated).frames == 7)
    }

    @Test(arguments: [0xC0, 0xC1, 0xC2, 0xCF] as [UInt8])
    func aJPEGTellsItsSizeBehindOtherSegments(marker: UInt8) throws {
        let facts = try ImageInspector.inspect(jpeg(640, 480, marker: marker))
        #expect(facts == ImageFacts(type: .jpeg, width: 640, height: 480, frames: 1, hasAlpha: false))
    }

    @Test func aJPEGWithoutSizeOrOfTwelveBitsIsDamaged() {
        #expect(isDamaged(jpeg(640, 480, marker: 0xDA)))
        #expect(isDamaged(jpeg(640, 480, precision: 12)))
        #expect(isDamaged(jpeg(640, 0)))
        #expect(isDamaged([0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0, 0, 0]))
        #expect(isDamaged([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 3, 4]))
    }

    @Test func aGIFsFramesAreCounted() throws {
        let facts = try ImageInspector.inspect(Samples.gif(6, 5, frames: [1, 2, 3, 1, 2]))
        #expect(facts == ImageFacts(type: .gif, width: 6, height: 5, frames: 5, hasAlpha: false))
        #expect(try ImageInspector.inspect(Samples.gif(6, 5, frames: [1], isTransparent: true)).hasAlpha)
    }

    @Test func aWebPTellsItsSizeAlphaAndFrames() throws {
        let lossy = webp("VP8 ", [0, 0, 0, 0x9D, 1, 0x2A, 0x40, 0x41, 0x20, 0x80])
        #expect(
            try ImageInspector.inspect(lossy) == ImageFacts(type: .webp, width: 320, height: 32, frames: 1, hasAlpha: false))
        let lossless = webp("VP8L", [0x2F] + Samples.little32(99 | 49 << 14 | 1 << 28))
        #expect(
            try ImageInspector.inspect(lossless) == ImageFacts(type: .webp, width: 100, height: 50, frames: 1, hasAlpha: true))
        let frame = Samples.ascii("ANMF") + Samples.little32(3) + [1, 2, 3, 0]
        let animation = webp("VP8X", canvas(70_000, 9, flags: 0x12), rest: frame + frame + frame)
        #expect(
            try ImageInspector.inspect(animation)
                == ImageFacts(type: .webp, width: 70_000, height: 9, frames: 3, hasAlpha: true))
        #expect(isDamaged(webp("VP8X", canvas(7, 9, flags: 0x02))))
    }

    @Test func aBombIsRefusedByItsHeader() {
        let bomb = Samples.pngHeader(30_000, 30_000) + Samples.chunk("IDAT", [0x78, 0x9C]) + Samples.chunk("IEND", [])
        #expect(issue(bomb) == .tooManyPixels(width: 30_000, height: 30_000, allowed: 50_000_000))
        #expect(issue(jpeg(65_535, 65_535)) == .tooManyPixels(width: 65_535, height: 65_535, allowed: 50_000_000))
        let wide = Samples.pngHeader(0xFFFF_FFFF, 0xFFFF_FFFF) + Samples.chunk("IDAT", [])
        #expect(issue(wide) == .tooManyPixels(width: 0xFFFF_FFFF, height: 0xFFFF_FFFF, allowed: 50_000_000))
        #expect(isDamaged(Samples.pngHeader(0, 10) + Samples.chunk("IDAT", [])))
    }

    @Test func aWebPMayHaveHalfAsManyPixels() {
        #expect(issue(webp("VP8X", canvas(5000, 5000, flags: 0))) == nil)
        #expect(
            issue(webp("VP8X", canvas(5001, 5000, flags: 0)))
                == .tooManyPixels(width: 5001, height: 5000, allowed: 25_000_000))
    }

    @Test func anAnimationHasALimitOfFramesAndOfAllTheirPixels() {
        let many = Samples.gif(2, 2, frames: [UInt8](repeating: 1, count: 501))
        #expect(issue(many) == .tooManyFrames(501, allowed: 500))
        #expect(issue(Samples.gif(2, 2, frames: [UInt8](repeating: 1, count: 500))) == nil)
        let large = Samples.png(7000, 1, extra: Samples.chunk("acTL", Samples.big32(0xFFFF_FFFF) + Samples.big32(0))) { _, _ in
            0
        }
        #expect(issue(large) == .tooManyFrames(0xFFFF_FFFF, allowed: 500))
        let limits = ImageLimits(pixelsOfAllFrames: 100)
        #expect(
            issue(Samples.gif(6, 6, frames: [1, 1, 1]), limits)
                == .tooManyPixelsInFrames(width: 6, height: 6, frames: 3, allowed: 100))
    }

    @Test func aFileHasALimitOfBytes() {
        let picture = Samples.quarters(10, 10)
        #expect(issue(picture, ImageLimits(bytes: picture.count)) == nil)
        #expect(issue(picture, ImageLimits(bytes: 100)) == .tooManyBytes(picture.count, allowed: 100))
    }

    @Test func filmsAndOtherFilesAreNoImages() {
        let film = Samples.big32(24) + Samples.ascii("ftypmp42") + Samples.big32(0) + Samples.ascii("mp42isom")
        #expect(issue(film) == .notAnImage(.mp4))
        #expect(issue(Samples.ascii("<svg/>")) == .unknownType)
        #expect(issue([]) == .unknownType)
    }

    @Test func aFileCutWithinItsHeaderIsRefused() {
        for whole in [Samples.quarters(20, 20).prefix(50), jpeg(20, 20)[...], Samples.gif(20, 20, frames: [1, 2])[...]] {
            // A JPEG's last bytes are not looked at.
            for count in 0..<whole.count - 10 { #expect(issue(Array(whole.prefix(count))) != nil) }
        }
    }

    @Test func noMutationMakesItTrap() {
        var random = Seeded(2)
        let animation = webp(
            "VP8X", canvas(70, 9, flags: 0x12), rest: Samples.ascii("ANMF") + Samples.little32(3) + [1, 2, 3, 0])
        let files = [Samples.quarters(8, 8), jpeg(20, 20), Samples.gif(9, 9, frames: [1, 2]), animation]
        for round in 0..<20_000 {
            var bytes = files[round % files.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(.random(in: 0..<bytes.count, using: &random)) }
            _ = issue(bytes)
            _ = WebPChunks.isLossless(bytes)
            _ = try? GIFCleaning.clean(bytes)
        }
    }

    @Test func aGIFIsCleanedOfAllThatIsNoPicture() throws {
        let comment: [UInt8] = [0x21, 0xFE, 6] + Samples.ascii("SECRET") + [0]
        let xmp: [UInt8] = [0x21, 0xFF, 11] + Samples.ascii("XMP DataXMP") + [6] + Samples.ascii("SECRET") + [0]
        // A loop block that carries more than a count is none.
        let loop: [UInt8] = [0x21, 0xFF, 11] + Samples.ascii("NETSCAPE2.0") + [6] + Samples.ascii("SECRET") + [0]
        let dirty = Samples.gif(6, 5, frames: [1, 2], extra: comment + xmp + loop) + Samples.ascii("SECRET")
        #expect(Samples.contains(dirty, "SECRET"))
        #expect(try GIFCleaning.clean(dirty) == Samples.gif(6, 5, frames: [1, 2]))
    }
}
