package import Core
import Features
package import Platforms

extension SandboxWorld {
    package func add(_ remark: Remark, key: String?) async throws -> Remark {
        let added = try await store.add(
            SandboxRemark(
                platform: remark.platform, kind: remark.kind.rawValue, id: remark.id, account: remark.account,
                postID: remark.postID, parentID: remark.parentID, author: remark.author, isOwn: remark.isOwn,
                text: remark.text, isHidden: remark.isHidden, createdAt: remark.createdAt), key: key)
        return Self.remark(added) ?? remark
    }

    package func remarks(platform: Platform, account: String, limit: Int) async throws -> [Remark] {
        try await store.remarks(platform: platform, account: account, limit: limit).compactMap(Self.remark)
    }

    package func remark(platform: Platform, id: String) async throws -> Remark? {
        try await store.remark(platform: platform, id: id).flatMap(Self.remark)
    }

    package func setHidden(_ isHidden: Bool, platform: Platform, remark id: String) async throws -> Bool {
        try await store.setHidden(isHidden, platform: platform, remark: id)
    }

    private static func remark(_ kept: SandboxRemark) -> Remark? {
        guard let kind = Remark.Kind(rawValue: kept.kind) else { return nil }
        return Remark(
            platform: kept.platform, kind: kind, id: kept.id, account: kept.account, postID: kept.postID,
            parentID: kept.parentID, author: kept.author, isOwn: kept.isOwn, text: kept.text, isHidden: kept.isHidden,
            createdAt: kept.createdAt)
    }
}
