import TOMLKit
import Yams

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where settings come from, strongest first: flags, environment, file, default.
package struct SettingSources: Sendable {
    /// By ``SettingKey/flag``.
    package var flags: [String: String]
    package var environment: [String: String]
    /// By ``SettingKey/fileKey``.
    package var file: [String: String]

    package init(flags: [String: String] = [:], environment: [String: String] = [:], file: [String: String] = [:]) {
        self.flags = flags
        self.environment = environment
        self.file = file
    }

    /// What is said for a key, and where: for messages.
    func value(_ key: SettingKey) throws(SettingError) -> (text: String, origin: String)? {
        if let text = flags[key.flag] { return (text, "--\(key.flag)") }
        for variable in [key.variable] + key.aliases {
            if let text = environment[variable] { return (text, variable) }
            let indirect = variable + "_FILE"
            guard let path = environment[indirect] else { continue }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SettingError("\(indirect)=\(path): the file cannot be read; allowed is the path of a readable text file")
            }
            let text = String(decoding: data, as: UTF8.self)
            return (text.trimmingLineEnds, indirect)
        }
        if let text = file[key.fileKey] { return (text, "\(key.fileKey) in the configuration file") }
        return nil
    }

    /// Reads `audenci.toml` or `audenci.yaml`; without a path, whichever of them is in the working folder.
    /// - Throws: ``SettingError`` naming the file, and the key when it is unknown.
    package static func readFile(_ path: String?) throws(SettingError) -> [String: String] {
        let candidates = path.map { [$0] } ?? ["audenci.toml", "audenci.yaml", "audenci.yml"]
        for candidate in candidates {
            guard let data = FileManager.default.contents(atPath: candidate) else { continue }
            let text = String(decoding: data, as: UTF8.self)
            let values = candidate.hasSuffix(".toml") ? try toml(text, candidate) : try yaml(text, candidate)
            for name in values.keys where !SettingKey.all.contains(where: { $0.fileKey == name }) {
                let known = SettingKey.all.map(\.fileKey).joined(separator: ", ")
                throw SettingError("\(candidate): \(name) is not a known key; known are \(known)")
            }
            return values
        }
        if let path { throw SettingError("--config=\(path): the file cannot be read; allowed is a .toml or .yaml file") }
        return [:]
    }

    private static func toml(_ text: String, _ path: String) throws(SettingError) -> [String: String] {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch {
            throw SettingError("\(path): not valid TOML: \(error)")
        }
        var values: [String: String] = [:]
        for (key, value) in table {
            values[key] = value.string ?? value.int.map(String.init) ?? value.bool.map(String.init) ?? value.debugDescription
        }
        return values
    }

    private static func yaml(_ text: String, _ path: String) throws(SettingError) -> [String: String] {
        let mapping: Node.Mapping?
        do {
            mapping = try Yams.compose(yaml: text)?.mapping
        } catch {
            throw SettingError("\(path): not valid YAML: \(error)")
        }
        var values: [String: String] = [:]
        for (key, value) in mapping ?? [:] {
            guard let name = key.string, let text = value.scalar?.string else {
                throw SettingError("\(path): \(key.string ?? "a key") must be a single value")
            }
            values[name] = text
        }
        return values
    }
}

/// A setting that cannot be used: one line that names the key, the value and what is allowed.
package struct SettingError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

extension String {
    var trimmingLineEnds: String {
        var text = self[...]
        while let last = text.last, last.isNewline { text = text.dropLast() }
        return String(text)
    }
}
