/// An object's bytes, or a part of them, in memory.
package struct StoredObject: Hashable, Sendable {
    /// What ``ObjectStorage/get(_:range:)`` returns at most, in bytes.
    package static let maximumSize = 64 << 20

    package let bytes: [UInt8]
    /// As it was put.
    package let contentType: String
    /// Which bytes these are.
    package let range: Range<Int>
    /// Of the whole object.
    package let size: Int

    package init(bytes: [UInt8], contentType: String, range: Range<Int>, size: Int) {
        self.bytes = bytes
        self.contentType = contentType
        self.range = range
        self.size = size
    }

    static let tooLarge = StorageIssue(
        .tooLarge, "The object is larger than the \(maximumSize >> 20) MiB that are read at once. Read it as a stream.")
}

extension Range<Int> {
    /// - Throws: ``StorageIssue/Kind/rangeOutside`` for a range that can hold no byte of any object.
    static func check(_ asked: Range<Int>?) throws(StorageIssue) {
        guard let asked, asked.lowerBound < 0 || asked.isEmpty else { return }
        throw StorageIssue(.rangeOutside, "No object has bytes in \(asked.lowerBound)..<\(asked.upperBound).")
    }

    /// The part of an object of `size` bytes that `asked` means: all of it for nil, nothing past its end.
    static func within(_ size: Int, asked: Range<Int>?) throws(StorageIssue) -> Range<Int> {
        guard let asked else { return 0..<Swift.max(size, 0) }
        guard asked.lowerBound < size else {
            throw StorageIssue(
                .rangeOutside, "The object has \(size) bytes, and none in \(asked.lowerBound)..<\(asked.upperBound).")
        }
        return asked.lowerBound..<Swift.min(asked.upperBound, size)
    }
}
