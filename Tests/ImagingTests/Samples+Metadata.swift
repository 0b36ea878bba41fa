extension Samples {
    /// A TIFF structure with an orientation, a camera's name and a GPS position.
    static func exif(orientation: Int) -> [UInt8] {
        func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
            big16(tag) + big16(type) + big32(count) + value + [UInt8](repeating: 0, count: 4 - value.count)
        }
        // Header 8, count 2, three entries of 12, next 4: what follows begins at 50.
        let main =
            big16(3) + entry(0x010F, 2, 12, big32(50)) + entry(0x0112, 3, 1, big16(orientation))
            + entry(0x8825, 4, 1, big32(62)) + big32(0)
        let gps =
            big16(4) + entry(1, 2, 2, ascii("N\0")) + entry(2, 5, 3, big32(116)) + entry(3, 2, 2, ascii("E\0"))
            + entry(4, 5, 3, big32(140)) + big32(0)
        let degrees = [48, 51, 30, 2, 17, 40].flatMap { big32($0) + big32(1) }
        return ascii("MM") + [0, 42] + big32(8) + main + ascii("SECRETCAMER\0") + gps + degrees
    }

    static let xmp = ascii("<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRETXMP</x:xmpmeta>")

    static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] { [0xFF, marker] + big16(content.count + 2) + content }

    /// A JPEG with everything that must not come out again, put in behind its start.
    static func withMetadata(jpeg: [UInt8], orientation: Int) -> [UInt8] {
        let inserted =
            segment(0xE1, ascii("Exif\0\0") + exif(orientation: orientation))
            + segment(0xE1, ascii("http://ns.adobe.com/xap/1.0/\0") + xmp)
            + segment(0xED, ascii("Photoshop 3.0\0SECRETIPTC")) + segment(0xFE, ascii("SECRETCOMMENT"))
        return jpeg.prefix(2) + inserted + jpeg.dropFirst(2) + ascii("SECRETTAIL<script>")
    }

    static func withProfile(jpeg: [UInt8], _ profile: [UInt8]) -> [UInt8] {
        jpeg.prefix(2) + segment(0xE2, ascii("ICC_PROFILE\0") + [1, 1] + profile) + jpeg.dropFirst(2)
    }

    /// A colour profile (ICC 2, matrix) whose red and blue are exchanged: red pixels mean blue.
    static func swappedProfile() -> [UInt8] {
        func fixed(_ value: Double) -> [UInt8] { big32(Int((value * 65_536).rounded())) }
        func xyz(_ x: Double, _ y: Double, _ z: Double) -> [UInt8] { ascii("XYZ ") + big32(0) + fixed(x) + fixed(y) + fixed(z) }
        let red = xyz(0.4361, 0.2225, 0.0139)
        let green = xyz(0.3851, 0.7169, 0.0971)
        let blue = xyz(0.1431, 0.0606, 0.7141)
        let curve = ascii("curv") + big32(0) + big32(1) + big16(0x0233) + [0, 0]
        let text = ascii("text") + big32(0) + ascii("SECRETICC\0\0\0")
        let name = ascii("desc") + big32(0) + big32(2) + ascii("x\0") + [UInt8](repeating: 0, count: 78)
        let tags: [(String, [UInt8])] = [
            ("desc", name), ("cprt", text), ("wtpt", xyz(0.9642, 1, 0.8249)), ("rXYZ", blue), ("gXYZ", green), ("bXYZ", red),
            ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ]
        var table = big32(tags.count)
        var data: [UInt8] = []
        for (name, content) in tags {
            table += ascii(name) + big32(132 + tags.count * 12 + data.count) + big32(content.count)
            data += content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
        }
        var header = big32(128 + table.count + data.count) + big32(0) + [2, 0x10, 0, 0] + ascii("mntrRGB XYZ ")
        header += [7, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0] + ascii("acsp") + [UInt8](repeating: 0, count: 28)
        header += fixed(0.9642) + fixed(1) + fixed(0.8249)
        return header + [UInt8](repeating: 0, count: 128 - header.count) + table + data
    }

    static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let needle = ascii(text)
        guard bytes.count >= needle.count else { return false }
        return (0...bytes.count - needle.count).contains { start in
            bytes[start] == needle[0] && bytes[start..<start + needle.count].elementsEqual(needle)
        }
    }
}
