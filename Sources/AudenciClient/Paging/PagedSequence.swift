/// The elements of a list, fetched page by page while they are read.
///
/// ```swift
/// for try await post in client.posts.all(status: [.scheduled]) { print(post.caption) }
/// ```
///
/// Each new iteration begins anew. What is created or deleted meanwhile neither repeats nor hides other elements.
public struct PagedSequence<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    /// As many as the API gives at once, to spare the hourly limit.
    static var pageSize: Int { 100 }

    private let fetch: @Sendable (_ cursor: String?) async throws -> Page<Element>

    init(fetch: @escaping @Sendable (_ cursor: String?) async throws -> Page<Element>) { self.fetch = fetch }

    public func makeAsyncIterator() -> Iterator { Iterator(fetch: fetch) }

    /// Reads one page ahead of nobody: a page is fetched when its first element is asked for.
    public struct Iterator: AsyncIteratorProtocol {
        private let fetch: @Sendable (_ cursor: String?) async throws -> Page<Element>
        private var page: ArraySlice<Element> = []
        private var cursor: String?
        private var isAtEnd = false

        fileprivate init(fetch: @escaping @Sendable (_ cursor: String?) async throws -> Page<Element>) { self.fetch = fetch }

        public mutating func next() async throws -> Element? {
            while page.isEmpty, !isAtEnd {
                let fetched = try await fetch(cursor)
                page = fetched.data[...]
                let next = fetched.pagination.nextCursor
                // A server that answers with the cursor it was asked with would be read for ever.
                if fetched.pagination.hasMore, next == nil || next == cursor {
                    throw AudenciError(.unreadableAnswer, "the list says that there is more, but not where")
                }
                isAtEnd = !fetched.pagination.hasMore
                cursor = next
            }
            return page.popFirst()
        }
    }

    /// All elements as an array. Mind how many there are.
    public func collect() async throws -> [Element] {
        var elements: [Element] = []
        for try await element in self { elements.append(element) }
        return elements
    }
}
