import Testing

@testable import Imaging

@Suite struct MediaKindTests {
    private func bytes(_ text: String, padTo count: Int = 0) -> [UInt8] {
        let bytes = Array(text.utf8)
        return bytes + [UInt8](repeating: 0, count: max(count - bytes.count, 0))
    }

    private func film(_ brand: String, length: [UInt8] = [0, 0, 0, 24], compatible: String = "mp42isom") -> [UInt8] {
        length + bytes("ftyp" + brand) + [0, 0, 2, 0] + bytes(compatible)
    }

    private let png = Samples.pngHeader(1, 1)

    @Test func theSixTypesAreKnownByWhatTheyBeginWith() {
        #expect(MediaKind.sniff([0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + bytes("JFIF")) == .jpeg)
        #expect(MediaKind.sniff([0xFF, 0xD8, 0xFF, 0xDB]) == .jpeg)
        #expect(MediaKind.sniff(png) == .png)
        #expect(MediaKind.sniff(bytes("GIF89a", padTo: 13)) == .gif)
        #expect(MediaKind.sniff(bytes("GIF87a", padTo: 13)) == .gif)
        #expect(MediaKind.sniff(bytes("RIFF....WEBPVP8X")) == .webp)
        #expect(MediaKind.sniff(film("qt  ")) == .mov)
    }

    @Test(arguments: ["isom", "iso2", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash"])
    func brandsOfMP4AreMP4(brand: String) {
        #expect(MediaKind.sniff(film(brand)) == .mp4)
    }

    @Test(arguments: [
        "heic", "heix", "mif1", "msf1", "avif", "avis", "M4A ", "M4B ", "3gp4", "3g2a", "jp2 ", "crx ", "xxxx", "\0\0\0\0",
    ])
    func otherBrandsAreNothingEvenIfTheyNameMP4AsCompatible(brand: String) {
        #expect(MediaKind.sniff(film(brand)) == nil)
    }

    @Test func aFilmsFirstBoxHasASensibleLength() {
        for length in [0, 1, 8, 25, 2048, 0xFFFF_FFFC] {
            #expect(MediaKind.sniff(film("isom", length: Samples.big32(length))) == nil)
        }
        #expect(MediaKind.sniff(film("isom", length: [0, 0, 0, 16])) == .mp4)
    }

    @Test(arguments: [
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "<?xml version=\"1.0\"?><svg/>",
        "<!DOCTYPE html><script>alert(1)</script>", "%PDF-1.7 padding padding", "PK\u{3}\u{4}aaaaaaaaaaaaaaaaaaaaa",
        "BM..............................",
        "II*\0............", "#!/bin/sh\nexit 0\n........", "\u{FEFF}<svg/>", "  <html>", "RIFF....AVI LIST",
        "RIFF....WAVEfmt ", "OggS............",
        "ID3.............", "GIF90a.............", "gif89a.............", "8BPS............",
    ])
    func everythingElseIsNothing(text: String) {
        #expect(MediaKind.sniff(bytes(text)) == nil)
    }

    @Test func shortInputIsNothing() {
        for whole in [png, bytes("GIF89a", padTo: 13), bytes("RIFF....WEBPVP8 "), film("isom"), [0xFF, 0xD8, 0xFF, 0xE0]] {
            let needed = (0...whole.count).first { MediaKind.sniff(whole.prefix($0)) != nil }
            #expect(needed.map { $0 >= 4 } == true)
            #expect(MediaKind.sniff(whole) != nil)
        }
        #expect(MediaKind.sniff([]) == nil)
        #expect(MediaKind.sniff(png.prefix(15)) == nil)
        #expect(MediaKind.sniff(bytes("GIF89a", padTo: 12)) == nil)
    }

    @Test func onlyTheBeginningCounts() {
        // A script in front of a picture, and a picture that says so too late.
        #expect(MediaKind.sniff(bytes("<script>") + png) == nil)
        #expect(MediaKind.sniff([0x0A] + png) == nil)
        #expect(MediaKind.sniff(bytes("%PDF-1.4\n") + [0xFF, 0xD8, 0xFF, 0xE0]) == nil)
        // A picture that goes on as something else is read, and served, as that picture.
        #expect(MediaKind.sniff(bytes("GIF89a/*", padTo: 13) + bytes("*/=1;alert(1)")) == .gif)
        #expect(MediaKind.sniff([0xFF, 0xD8, 0xFF, 0xFE] + bytes("<?php system($_GET[0]); ?>")) == .jpeg)
    }

    @Test func whatLooksAlmostLikeAPictureIsNothing() {
        #expect(MediaKind.sniff([0xFF, 0xD8, 0xFF]) == nil)
        #expect(MediaKind.sniff([0xFF, 0xD8, 0xFF, 0x00]) == nil)
        #expect(MediaKind.sniff([0xFF, 0xD8, 0xFF, 0xD9]) == nil)
        #expect(MediaKind.sniff(PNGHeader.signature + [0, 0, 0, 13] + bytes("JHDR", padTo: 30)) == nil)
        #expect(MediaKind.sniff(PNGHeader.signature + [0, 0, 0, 14] + bytes("IHDR", padTo: 30)) == nil)
        #expect(MediaKind.sniff(bytes("RIFF....WEBPEXIF")) == nil)
    }

    @Test func aSliceIsSniffedFromItsOwnStart() {
        #expect(MediaKind.sniff((bytes("xyz") + png).dropFirst(3)) == .png)
    }

    @Test func noBytesAtAllMakeItTrap() {
        var random = Seeded(1)
        for _ in 0..<20_000 {
            var head =
                [png, film("isom"), bytes("RIFF....WEBPVP8 "), bytes("GIF89a", padTo: 14)]
                .randomElement(using: &random) ?? png
            for _ in 0..<3 { head[Int.random(in: head.indices, using: &random)] = .random(in: 0...255, using: &random) }
            _ = MediaKind.sniff(head.prefix(.random(in: 0...head.count, using: &random)))
        }
    }
}
