import Core
import PictureSupport
import Testing

@testable import Imaging

/// With real worker processes.
@Suite(.serialized) struct ImageWorkshopTests {
    private let workshop = ImageWorkshop.standard
    private let upright = ["red", "green", "blue", "white"]

    private func box(_ width: Int, _ height: Int, _ fit: ImageJob.Fit, _ format: ImageJob.Format) -> ImageJob {
        ImageJob(box: PixelSize(width: width, height: height), fit: fit, format: format)
    }

    /// What a picture shows, through the worker's PNG.
    private func picture(_ bytes: [UInt8]) async throws -> Picture { try Picture(png: await workshop.render(bytes, .png)) }

    private func hasSecrets(_ bytes: [UInt8]) -> Bool {
        ["SECRET", "Exif", "xmpmeta", "Photoshop", "ICC_PROFILE", "iCCP", "<script>"].contains { Samples.contains(bytes, $0) }
    }

    @Test func anyFormatBecomesEveryFormat() async throws {
        let png = Samples.quarters(64, 48)
        for format in ImageJob.Format.allCases {
            let first = try await workshop.render(png, format)
            #expect(MediaKind.sniff(first) == format.type)
            let image = try await workshop.process(first, jobs: ImageJob.Format.allCases.map { box(64, 64, .contain, $0) })
            #expect(image.type == format.type)
            #expect((image.width, image.height, image.frames, image.hasAlpha) == (64, 48, 1, false))
            #expect(image.renditions.map(\.facts.type) == [.jpeg, .png, .webp])
            #expect(try await picture(image.original.bytes).quarters == upright)
            for rendition in image.renditions { #expect(try await picture(rendition.bytes).quarters == upright) }
        }
    }

    @Test(arguments: [
        (1, ["red", "green", "blue", "white"]), (2, ["green", "red", "white", "blue"]), (3, ["white", "blue", "green", "red"]),
        (4, ["blue", "white", "red", "green"]), (5, ["red", "blue", "green", "white"]), (6, ["blue", "red", "white", "green"]),
        (7, ["white", "green", "blue", "red"]), (8, ["green", "white", "red", "blue"]),
    ])
    func aPhotoComesOutUprightWithoutPositionAndOtherMetadata(orientation: Int, quarters: [String]) async throws {
        let plain = try await workshop.render(Samples.quarters(640, 320), .jpeg)
        let photo = Samples.withMetadata(jpeg: plain, orientation: orientation)
        #expect(hasSecrets(photo))
        let image = try await workshop.process(
            photo, jobs: [.thumbnail, box(16, 16, .contain, .png), box(200, 100, .cover, .jpeg)])
        #expect(!hasSecrets(image.original.bytes))
        for rendition in image.renditions { #expect(!hasSecrets(rendition.bytes)) }
        let lies = orientation >= 5
        #expect((image.width, image.height) == (lies ? (320, 640) : (640, 320)))
        #expect(try await picture(image.original.bytes).quarters == quarters)
        #expect(image.renditions.map(\.facts.width) == (lies ? [200, 8, 200] : [400, 16, 200]))
        #expect(image.renditions.map(\.facts.height) == (lies ? [400, 16, 100] : [200, 8, 100]))
        #expect(try await picture(image.renditions[0].bytes).quarters == quarters)
        #expect(try await picture(image.renditions[2].bytes).quarters == quarters)
    }

    @Test func aPNGLosesItsTextsAndIsTurnedToo() async throws {
        let extra =
            Samples.chunk("tEXt", Samples.ascii("Comment\0SECRET")) + Samples.chunk("eXIf", Samples.exif(orientation: 6))
            + Samples.chunk("iTXt", Samples.ascii("XML:com.adobe.xmp\0\0\0\0\0") + Samples.xmp)
        let image = try await workshop.process(Samples.quarters(60, 40, extra: extra) + Samples.ascii("SECRET"), jobs: [])
        #expect(!hasSecrets(image.original.bytes))
        #expect(!Samples.contains(image.original.bytes, "eXIf"))
        let quarters = try await picture(image.original.bytes).quarters
        #expect(quarters == (image.width == 40 ? ["blue", "red", "white", "green"] : upright))
    }

    @Test func aColourProfileIsAppliedAndGone() async throws {
        let profile = Samples.swappedProfile()
        let swapped = ["blue", "green", "red", "white"]
        let png = Samples.quarters(
            64, 64, extra: Samples.chunk("iCCP", Samples.ascii("x\0\0") + Samples.zlib(profile)))
        let plain = try await workshop.render(Samples.quarters(64, 64), .jpeg)
        let jpeg = Samples.withProfile(jpeg: plain, profile)
        for file in [png, jpeg] {
            let image = try await workshop.process(file, jobs: [box(32, 32, .cover, .png), box(32, 32, .contain, .jpeg)])
            for result in [image.original] + image.renditions {
                #expect(!hasSecrets(result.bytes))
                #expect(try await picture(result.bytes).quarters == swapped)
            }
        }
    }

    @Test func aProfileThatCannotBeUsedCountsAsNone() async throws {
        let plain = try await workshop.render(Samples.quarters(64, 64), .jpeg)
        var broken = Samples.swappedProfile()
        for index in 130..<broken.count { broken[index] = 0xA5 }
        for profile in [broken, Samples.ascii("SECRET"), Array(Samples.swappedProfile().prefix(200))] {
            let jpeg = Samples.withProfile(jpeg: plain, profile)
            let image = try await workshop.process(jpeg, jobs: [.thumbnail])
            #expect(!hasSecrets(image.original.bytes))
            #expect(try await picture(image.original.bytes).quarters == upright)
        }
    }

    @Test func transparencyIsKeptAndWhiteInJPEG() async throws {
        let png = Samples.png(40, 40, hasAlpha: true) { x, _ in x < 20 ? 0x00_000000 : 0xFF_FF0000 }
        let image = try await workshop.process(
            png, jobs: [box(40, 40, .contain, .jpeg), box(40, 40, .contain, .webp), box(20, 20, .cover, .png)])
        #expect(image.hasAlpha)
        #expect(image.renditions.map(\.facts.hasAlpha) == [false, true, true])
        #expect(try await picture(image.renditions[0].bytes).quarters == ["white", "red", "white", "red"])
    }

    @Test func aBitmapHasThePicturesPixelsWithTheirTransparency() async throws {
        let png = Samples.png(3, 2, hasAlpha: true) { x, y in y == 0 ? 0xFF_102030 : UInt32(x) << 30 | 0x00_A0B0C0 }
        let bitmap = try await workshop.bitmap(png, within: PixelSize(width: 100, height: 100))
        #expect((bitmap.width, bitmap.height) == (3, 2))
        #expect(bitmap.pixels.prefix(12) == [16, 32, 48, 255, 16, 32, 48, 255, 16, 32, 48, 255])
        #expect(stride(from: 15, to: 24, by: 4).map { bitmap.pixels[$0] } == [0, 64, 128])
    }

    @Test func aBitmapIsUprightAndWithinItsBoxWhateverTheFormat() async throws {
        let jpeg = try await workshop.render(Samples.quarters(640, 320), .jpeg)
        let photo = Samples.withMetadata(jpeg: jpeg, orientation: 6)
        let grey = try await workshop.render(Samples.png(40, 40) { _, _ in 0xFF_808080 }, .webp)
        let gif = Samples.gif(32, 24, frames: [1, 2], isTransparent: false)
        let box = PixelSize(width: 80, height: 80)
        let upright = try await workshop.bitmap(photo, within: box)
        #expect((upright.width, upright.height) == (40, 80))
        func color(_ bitmap: Bitmap, _ x: Int, _ y: Int) -> String {
            let start = (y * bitmap.width + x) * 4
            return Picture.name(bitmap.pixels[start..<start + 3].reduce(0) { $0 << 8 | UInt32($1) })
        }
        #expect([color(upright, 10, 20), color(upright, 30, 20), color(upright, 10, 60)] == ["blue", "red", "white"])
        let first = try await workshop.bitmap(gif, within: box)
        #expect((first.width, first.height) == (32, 24))
        #expect(color(first, 5, 5) == "red")
        let plain = try await workshop.bitmap(grey, within: box)
        #expect(plain.pixels.prefix(4) == [128, 128, 128, 255])
    }

    @Test func aBitmapOfABoxThatCannotBeIsRefused() async throws {
        await #expect(throws: ImageIssue.self) {
            try await workshop.bitmap(Samples.quarters(4, 4), within: PixelSize(width: 5_000, height: 1))
        }
        await #expect(throws: ImageIssue.damaged("vipspng: libpng read error")) {
            try await workshop.bitmap(Array(Samples.quarters(40, 40).prefix(80)), within: PixelSize(width: 9, height: 9))
        }
    }

    @Test func anAnimationKeepsItsFramesAndARenditionShowsTheFirst() async throws {
        let comment: [UInt8] = [0x21, 0xFE, 6] + Samples.ascii("SECRET") + [0]
        let gif = Samples.gif(32, 24, frames: [1, 2, 3, 1], extra: comment)
        let image = try await workshop.process(gif, jobs: [box(16, 16, .contain, .png), .thumbnail])
        #expect((image.type, image.width, image.height, image.frames) == (.gif, 32, 24, 4))
        #expect(image.original.bytes == Samples.gif(32, 24, frames: [1, 2, 3, 1]))
        #expect(image.renditions.map(\.facts.frames) == [1, 1])
        #expect(image.renditions.map(\.facts.height) == [12, 24])
        #expect(try Picture(png: image.renditions[0].bytes).quarters == ["red", "red", "red", "red"])
    }

    @Test func anAnimatedWebPKeepsItsFrames() async throws {
        var frames: [UInt8] = []
        let junk = Samples.ascii("JUNK") + Samples.little32(6) + Samples.ascii("SECRET")
        for color: UInt32 in [0, 0xFF_0000FF, 0xFF_FF0000] {
            let png = color == 0 ? Samples.quarters(32, 32) : Samples.png(32, 32) { _, _ in color }
            let still = try await workshop.render(png, .webp)
            // Behind the file's header and that of the extended format comes the chunk of pixels.
            let pixels = still.dropFirst(30)
            #expect(Samples.contains(Array(pixels.prefix(4)), "VP8 "))
            let frame = [UInt8](repeating: 0, count: 6) + [31, 0, 0, 31, 0, 0, 100, 0, 0, 0] + pixels + junk
            frames += Samples.ascii("ANMF") + Samples.little32(frame.count) + frame
        }
        let chunks =
            Samples.ascii("VP8X") + Samples.little32(10) + [0x0A, 0, 0, 0, 31, 0, 0, 31, 0, 0] + Samples.ascii("ANIM")
            + Samples.little32(6) + [0, 0, 0, 0, 0, 0]
            + frames
            + Samples.ascii("EXIF") + Samples.little32(6) + Samples.ascii("SECRET")
        let file = Samples.ascii("RIFF") + Samples.little32(chunks.count + 4) + Samples.ascii("WEBP") + chunks
        let image = try await workshop.process(file, jobs: [box(16, 16, .contain, .png)])
        #expect(image.frames == 3)
        #expect((image.width, image.height) == (32, 32))
        #expect(!hasSecrets(image.original.bytes))
        #expect(try Picture(png: image.renditions[0].bytes).quarters == upright)
    }

    @Test(.timeLimit(.minutes(3))) func theLargestPhotoStaysWithinTheWorkersMemoryAndTime() async throws {
        let side = 7000
        let palette = Samples.chunk("PLTE", [200, 30, 30, 30, 30, 200])
        let row = [0] + (0..<side / 8).map { UInt8(truncatingIfNeeded: $0 &* 7919) }
        let pixels = Samples.zlib((0..<side).flatMap { _ in row })
        let header = Samples.chunk("IHDR", Samples.big32(side) + Samples.big32(side) + [1, 3, 0, 0, 0])
        let png = PNGHeader.signature + header + palette + Samples.chunk("IDAT", pixels) + Samples.chunk("IEND", [])
        let jpeg = try await workshop.render(png, .jpeg)
        let photo = Samples.withMetadata(jpeg: jpeg, orientation: 6)
        let image = try await workshop.process(photo, jobs: [.thumbnail, box(1080, 1350, .cover, .jpeg)])
        #expect(image.width == side)
        #expect(image.renditions.map(\.facts.width) == [400, 1080])
    }
}
