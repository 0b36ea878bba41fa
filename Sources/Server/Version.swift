/// The version of this build, as `--version`, `GET /version` and the OpenAPI document say it.
package enum Version {
    package static let text = "0.1.0"
}
