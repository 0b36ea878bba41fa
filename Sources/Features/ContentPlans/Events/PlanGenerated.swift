package import Contract
package import Core

/// A content plan was generated.
package struct PlanGenerated: Event {
    package var planID: String
    package var itemCount: Int
    package var dateFrom: Instant
    package var dateTo: Instant

    package init(planID: String, itemCount: Int, dateFrom: Instant, dateTo: Instant) {
        self.planID = planID
        self.itemCount = itemCount
        self.dateFrom = dateFrom
        self.dateTo = dateTo
    }

    package static let type = "plan.generated"
    package static let name = "PlanGeneratedEvent"
    package static let summary = "Content plan generated"
    package static let isComing = true
    package static let properties: [Property<Self>] = [
        Property("planId", "The plan's id.") { $0.planID },
        Property("itemCount", "How many posts it proposes.") { $0.itemCount },
        Property("dateFrom", "Its first day.") { $0.dateFrom },
        Property("dateTo", "Its last day.") { $0.dateTo },
    ]
    package static let example = PlanGenerated(
        planID: "cmb2k7q0x0000000000000014", itemCount: 12, dateFrom: Instant(seconds: 1_770_114_600),
        dateTo: Instant(seconds: 1_772_533_800))
}
