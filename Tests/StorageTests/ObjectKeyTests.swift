import Testing

@testable import Storage

struct ObjectKeyTests {
    @Test(arguments: [
        "a", "organizationId/mediaId/original", "c0123/thumb_400.webp", "A-Z/0.9/x_y", ".hidden",
        String(repeating: "k", count: 200),
    ])
    func plainPathsAreKeys(text: String) throws {
        #expect(try ObjectKey(text).text == text)
    }

    @Test(arguments: [
        "", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", "a..b", ".", "./a", "a/./b", "a b", "a\\b", "a\0b", "ä",
        "a%2e",
        "a,b", "a\nb", "a?b", "a#b", "~", "*", "a:b", "a/\u{FF0E}\u{FF0E}/b", String(repeating: "k", count: 201),
    ])
    func whatLeadsElsewhereIsNoKey(text: String) {
        let issue = #expect(throws: StorageIssue.self) { try ObjectKey(text) }
        #expect(issue?.kind == .invalidKey)
    }

    @Test func everyKeyHasItsOwnFileWithinTheFolder() throws {
        let layout = DiskLayout(folder: "/media")
        let keys = try ["a", "a/b", "a/b/c", "a.b", "A", "a-b/c_d.e", "o/m/original"].map(ObjectKey.init)
        let files = keys.map(layout.file)
        #expect(Set(files).count == keys.count)
        for file in files {
            let parts = file.split(separator: "/")
            #expect(parts.count == 3 && parts.first == "media")
            #expect(parts.last.map { $0 != "." && $0 != ".." && $0.utf8.count <= 255 } ?? false)
            #expect(layout.shards.contains(String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])))
        }
    }

    @Test func aTrailerSaysWhetherAFileIsWhole() throws {
        let body = [UInt8](repeating: 7, count: 1_000)
        let trailer = ObjectTrailer(contentType: "image/png", size: body.count)
        let file = body + trailer.bytes
        func read(_ file: [UInt8]) -> ObjectTrailer? {
            ObjectTrailer(tail: file.suffix(ObjectTrailer.maximumLength), fileSize: file.count)
        }
        #expect(read(file) == trailer)
        for length in 0..<file.count { #expect(read(Array(file.prefix(length))) == nil) }
        #expect(read([1] + file) == nil)
        #expect(read(Array(file.dropFirst())) == nil)
        // A size near the largest must not overflow.
        let huge = [UInt8](repeating: 0, count: 40) + ObjectTrailer(contentType: "x", size: .max).bytes
        #expect(read(huge) == nil)
    }
}
