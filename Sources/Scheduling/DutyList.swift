package import Features

/// Every duty, in one place: a new one is a file and one line here.
package enum DutyList {
    package static func duties(keys: KeyStore) -> [any Duty] {
        [KeyUse(keys: keys)]
    }
}
