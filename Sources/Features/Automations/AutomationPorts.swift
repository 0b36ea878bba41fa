package import Contract
package import Core

/// Makes the requests of `webhook_call`. Implemented where the network is.
package protocol AutomationCaller: Sendable {
    /// Sends it once, now, within its deadline. Called again with the same id, when an earlier answer was lost.
    func send(_ call: AutomationCall) async -> AutomationTaskOutcome
}

/// One request of an automation.
package struct AutomationCall: Sendable {
    /// The same for every attempt: receivers know repeats by it.
    package var id: AutomationTaskID
    package var attempt: Int
    package var url: String
    /// Nil: it is not signed.
    package var secret: Secret?
    package var eventType: String
    package var body: [UInt8]
    package var timeout: Duration
}

/// Makes what `generate_content` and `generate_image` ask for. Implemented where the models are; without one these actions
/// are refused when an automation is saved.
package protocol AutomationGenerator: Sendable {
    /// Writes a caption, or draws a picture and puts it into the library. Called again with the same id when an earlier
    /// answer was lost: it must neither be charged nor made twice. It has to answer within ``AutomationTask/lease``, five
    /// minutes; after that it is asked again.
    func make(_ order: GenerationOrder) async -> AutomationTaskOutcome
}

/// What an automation wants made.
package struct GenerationOrder: Sendable {
    package enum Kind: Sendable { case caption, image }

    /// The same for every attempt.
    package var id: AutomationTaskID
    package var kind: Kind
    package var prompt: String
    package var brandID: BrandID
    /// Where a caption goes; empty: not said.
    package var platforms: [Platform]
    /// In whose name it is made.
    package var caller: Caller
}

/// What became of a try outside the database.
package enum AutomationTaskOutcome: Sendable, Hashable {
    /// - Parameters:
    ///   - summary: for the log, such as `answered 204`.
    ///   - product: the caption that was written; nil for what makes none.
    ///   - objectID: what was made, such as a medium.
    case done(summary: String, product: String? = nil, objectID: String? = nil)
    /// It may work later; not before this much time has passed, when that was said.
    case again(String, notBefore: Duration? = nil)
    /// It never will.
    case refused(String)
}
