import Testing

@testable import Imaging

@Suite struct PicturePartsTests {
    private let secret = Samples.ascii("SECRET")

    @Test func whatHoldsMoreThanAPictureIsNotClean() async throws {
        let png = Samples.quarters(20, 20)
        #expect(PictureParts.areClean(png, .png))
        #expect(!PictureParts.areClean(png + secret, .png))
        for name in ["tEXt", "iTXt", "zTXt", "eXIf", "iCCP", "tIME", "acTL", "caBX"] {
            #expect(!PictureParts.areClean(Samples.quarters(20, 20, extra: Samples.chunk(name, secret)), .png))
        }
        let gif = Samples.gif(4, 4, frames: [1, 2])
        #expect(PictureParts.areClean(gif, .gif))
        #expect(!PictureParts.areClean(gif + secret, .gif))
        #expect(!PictureParts.areClean(Samples.gif(4, 4, frames: [1], extra: [0x21, 0xFE, 6] + secret + [0]), .gif))

        let jpeg = try await ImageWorkshop.standard.render(png, .jpeg)
        #expect(PictureParts.areClean(jpeg, .jpeg))
        #expect(!PictureParts.areClean(jpeg + secret, .jpeg))
        #expect(!PictureParts.areClean(jpeg + secret + [0xFF, 0xD9], .jpeg))
        #expect(!PictureParts.areClean(Samples.withProfile(jpeg: jpeg, secret), .jpeg))
        for marker: UInt8 in [0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xFE] {
            let marked = jpeg.prefix(2) + Samples.segment(marker, secret) + jpeg.dropFirst(2)
            #expect(!PictureParts.areClean(Array(marked), .jpeg))
        }

        let webp = try await ImageWorkshop.standard.render(png, .webp)
        #expect(PictureParts.areClean(webp, .webp))
        #expect(!PictureParts.areClean(webp + secret, .webp))
        for name in ["EXIF", "XMP ", "ICCP", "JUNK"] {
            let body = webp.dropFirst(8) + Samples.ascii(name) + Samples.little32(6) + secret
            let marked = Samples.ascii("RIFF") + Samples.little32(body.count) + body
            #expect(!PictureParts.areClean(marked, .webp))
            #expect(WebPCleaning.clean(marked) == webp)
        }
    }

    @Test func chunksOfOddLengthsDoNotMakeItTrap() {
        let start = Samples.ascii("RIFF") + Samples.little32(40) + Samples.ascii("WEBP")
        for name in ["VP8X", "ANMF", "VP8 ", "EXIF"] {
            for length in [0, 1, 7, 9, 10, 15, 16, 17, 0xFFFF_FFFF] {
                for count in 0...24 {
                    let rest = [UInt8](repeating: 0, count: count)
                    _ = WebPCleaning.clean(start + Samples.ascii(name) + Samples.little32(length) + rest)
                }
            }
        }
        for count in 0...start.count { _ = WebPCleaning.clean(Array(start.prefix(count))) }
    }

    @Test func noMutationMakesItTrap() {
        var random = Seeded(4)
        let files = [Samples.quarters(8, 8), Samples.gif(9, 9, frames: [1, 2])]
        for round in 0..<4000 {
            var bytes = files[round % files.count]
            for _ in 0..<3 { bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random) }
            bytes.removeLast(.random(in: 0..<bytes.count, using: &random))
            _ = WebPCleaning.clean(bytes)
            for type in MediaType.allCases { _ = PictureParts.areClean(bytes, type) }
        }
    }
}
