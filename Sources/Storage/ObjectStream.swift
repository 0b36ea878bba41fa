/// An object in pieces of 64 KiB, each read when it is asked for: a slow reader holds up nothing and fills no memory.
///
/// All pieces are of one put: when the object is replaced or removed meanwhile, a folder goes on with the old one and a
/// bucket ends the stream with ``StorageIssue/Kind/damaged``.
package struct ObjectStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = StorageIssue

    /// Every piece but the last has this many bytes.
    package static let pieceSize = 65_536

    /// As it was put.
    package let contentType: String
    /// Which bytes come.
    package let range: Range<Int>
    /// Of the whole object.
    package let size: Int
    /// What was read already: the beginning of `range`.
    private let first: [UInt8]
    /// How much is read at a time: a round trip to a bucket is worth more than a piece.
    private let windowSize: Int
    private let read: @Sendable (Range<Int>) async throws(StorageIssue) -> [UInt8]

    init(
        contentType: String, range: Range<Int>, size: Int, first: [UInt8] = [], windowSize: Int,
        read: @escaping @Sendable (Range<Int>) async throws(StorageIssue) -> [UInt8]
    ) {
        self.contentType = contentType
        self.range = range
        self.size = size
        self.first = first
        self.windowSize = windowSize
        self.read = read
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(stream: self, window: first[...], unread: range.dropFirst(first.count))
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let stream: ObjectStream
        fileprivate var window: ArraySlice<UInt8>
        fileprivate var unread: Range<Int>

        package mutating func next() async throws(StorageIssue) -> [UInt8]? { try await next(isolation: #isolation) }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(StorageIssue) -> [UInt8]? {
            var piece = take(upTo: ObjectStream.pieceSize)
            while piece.count < ObjectStream.pieceSize, !unread.isEmpty {
                if Task.isCancelled { throw .cancelled }
                let asked = unread.prefix(stream.windowSize)
                let bytes = try await stream.read(asked)
                guard bytes.count == asked.count else {
                    throw StorageIssue(.damaged, "The store ended in the middle of an object. Put the object again.")
                }
                unread = unread.dropFirst(asked.count)
                window = bytes[...]
                piece += take(upTo: ObjectStream.pieceSize - piece.count)
            }
            return piece.isEmpty ? nil : piece
        }

        private mutating func take(upTo count: Int) -> [UInt8] {
            let part = window.prefix(count)
            window = window.dropFirst(part.count)
            return Array(part)
        }
    }
}
