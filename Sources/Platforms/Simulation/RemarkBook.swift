import Core
import Synchronization

/// The remarks of a world in memory; with a file they outlive its process: a line for each state of each remark, on the
/// disk before the platform's answer is given.
final class RemarkBook: Sendable {
    private static let maximumRemarks = 100_000

    private struct Pages: ~Copyable {
        var remarks: [Remark] = []
        var byID: [String: Int] = [:]
        var byKey: [String: Int] = [:]
        var file: LedgerFile?
    }

    private let pages: Mutex<Pages>

    /// - Throws: when the file cannot be opened or holds a line that is no remark.
    init(path: String?) throws {
        var read = Pages()
        if let path {
            let file = try LedgerFile(path: path)
            for line in try file.lines() {
                guard let json = try? JSONValue(parsing: line), let remark = Remark(ledger: json) else {
                    throw LedgerFile.Failure(what: "a line of \(path) is no remark", code: 0)
                }
                Self.keep(remark, key: json["key"]?.string, in: &read)
            }
            read.file = consume file
        }
        pages = Mutex(read)
    }

    /// In memory alone.
    init() { pages = Mutex(Pages()) }

    private static func place(_ platform: Platform, _ id: String) -> String { "\(platform.rawValue) \(id)" }

    private static func keep(_ remark: Remark, key: String?, in pages: inout Pages) {
        let place = place(remark.platform, remark.id)
        if let index = pages.byID[place] {
            pages.remarks[index] = remark
        } else {
            pages.byID[place] = pages.remarks.count
            pages.remarks.append(remark)
        }
        if let key { pages.byKey["\(remark.platform.rawValue) \(remark.account) \(key)"] = pages.byID[place] }
    }

    private static func write(_ remark: Remark, key: String?, to pages: inout Pages) throws {
        guard pages.file != nil else { return }
        var line = JSONWriter()
        remark.write(to: &line, key: key)
        try pages.file?.append(line.bytes, durably: true)
    }

    func add(_ remark: Remark, key: String?) throws -> Remark {
        try pages.withLock { pages in
            if let key, let index = pages.byKey["\(remark.platform.rawValue) \(remark.account) \(key)"] {
                return pages.remarks[index]
            }
            guard pages.remarks.count < Self.maximumRemarks else { throw LedgerFile.Failure(what: "too many remarks", code: 0) }
            try Self.write(remark, key: key, to: &pages)
            Self.keep(remark, key: key, in: &pages)
            return remark
        }
    }

    /// Newest first.
    func list(platform: Platform, account: String, limit: Int) -> [Remark] {
        pages.withLock { pages in
            var found: [Remark] = []
            for remark in pages.remarks.reversed() where remark.platform == platform && remark.account == account {
                guard found.count < limit else { break }
                found.append(remark)
            }
            return found
        }
    }

    func find(platform: Platform, id: String) -> Remark? {
        pages.withLock { pages in pages.byID[Self.place(platform, id)].map { pages.remarks[$0] } }
    }

    func setHidden(_ isHidden: Bool, platform: Platform, id: String) throws -> Bool {
        try pages.withLock { pages in
            guard let index = pages.byID[Self.place(platform, id)] else { return false }
            var remark = pages.remarks[index]
            remark.isHidden = isHidden
            try Self.write(remark, key: nil, to: &pages)
            pages.remarks[index] = remark
            return true
        }
    }

    /// Oldest first.
    var all: [Remark] { pages.withLock { $0.remarks } }
}
