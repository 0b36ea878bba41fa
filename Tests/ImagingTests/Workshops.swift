import PictureSupport
import Testing

@testable import Imaging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ImageWorkshop {
    /// With the worker that is built beside the tests.
    static let standard = ImageWorkshop(executable: stub)

    /// A worker that does not do what it should.
    static func with(_ mode: String, deadline: Duration = .seconds(20)) -> ImageWorkshop {
        ImageWorkshop(executable: stub, mode: mode, deadline: deadline, longestReply: 1_000_000)
    }

    static let stub: String = {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let program = String(decoding: path.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/ImageWorkerStub"
    }()

    /// The one rendition of a picture.
    func render(_ bytes: [UInt8], _ format: ImageJob.Format, box: Int = 16_000) async throws -> [UInt8] {
        let job = ImageJob(box: PixelSize(width: box, height: box), fit: .contain, format: format)
        return try #require(try await process(bytes, jobs: [job]).renditions.first).bytes
    }
}

extension Picture {
    /// The colours of the four quarters' middles: left and right above, left and right below.
    var quarters: [String] {
        [(1, 1), (3, 1), (1, 3), (3, 3)].map { x, y in Self.name(color(x: width * x / 4, y: height * y / 4)) }
    }

    /// What JPEG makes of a pure colour is not quite that colour.
    static func name(_ color: UInt32) -> String {
        let parts = [color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF].map { $0 > 200 ? 1 : $0 < 55 ? 0 : 2 }
        switch parts {
        case [1, 0, 0]: return "red"
        case [0, 1, 0]: return "green"
        case [0, 0, 1]: return "blue"
        case [1, 1, 1]: return "white"
        case [0, 0, 0]: return "black"
        default: return "other"
        }
    }
}
