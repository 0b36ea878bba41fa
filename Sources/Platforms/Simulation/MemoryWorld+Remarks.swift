package import Core

extension MemoryWorld {
    package func add(_ remark: Remark, key: String?) async throws -> Remark { try book.add(remark, key: key) }

    package func remarks(platform: Platform, account: String, limit: Int) async throws -> [Remark] {
        book.list(platform: platform, account: account, limit: limit)
    }

    package func remark(platform: Platform, id: String) async throws -> Remark? { book.find(platform: platform, id: id) }

    package func setHidden(_ isHidden: Bool, platform: Platform, remark id: String) async throws -> Bool {
        try book.setHidden(isHidden, platform: platform, id: id)
    }

    /// Every comment, mention and reply, oldest first.
    package var remarks: [Remark] { book.all }
}
