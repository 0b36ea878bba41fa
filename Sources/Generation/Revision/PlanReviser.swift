package struct PlanReviser { package init(_ r: PlanRequest) throws(GenerationIssue) {}
 package func revise(_ p: PlanProposal, as i: String) throws(GenerationIssue) -> PlanRevision { throw .notSupported("") } }
