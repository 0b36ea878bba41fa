import Contract
package import Core

extension Metrics: WritableValue {
    package static var schema: JSONValue {
        let members = Metric.allCases.map { metric in
            JSONValue.Member(metric.rawValue, ["type": ["integer", "null"], "format": "int64"])
        }
        return [
            "type": "object", "properties": .object(members),
            "required": .array(Metric.allCases.map { .string($0.rawValue) }),
        ]
    }

    /// Every metric by its name; null: nothing was reported.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for metric in Metric.allCases {
            writer.key(metric.rawValue)
            self[metric].write(to: &writer)
        }
        writer.endObject()
    }
}

extension Metric: APIEnum {}
