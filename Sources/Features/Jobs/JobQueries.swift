import Contract
import Core
import Relational

/// The SQL of jobs.
enum JobQueries {
    static let columns: Query = """
        organization_id, id, brand_id, kind, user_id, key_id, status, progress, step, input, result, error_code, error_message, \
        provider, credits_reserved, credits_charged, wake_at, attempts, fencing_token, created_at, started_at, finished_at, \
        updated_at, version
        """

    static func decode(_ row: any ResultRow) throws -> Job {
        Job(
            id: row.id(1), organizationID: row.id(0), brandID: row.id(2), kind: try row.value(3), userID: row.id(4),
            keyID: row.id(5), status: try row.value(6), progress: row.real(7), step: row.optionalText(8), input: row.text(9),
            result: row.optionalText(10).map { RawJSON($0) },
            error: row.optionalText(11).map { JobFailure($0, row.text(12)) }, provider: row.optionalText(13),
            creditsReserved: row.int(14), creditsCharged: row.optionalInt(15), wakeAt: row.optionalInstant(16),
            attempts: Int(row.int(17)), fencingToken: row.int(18), createdAt: row.instant(19),
            startedAt: row.optionalInstant(20), finishedAt: row.optionalInstant(21), updatedAt: row.instant(22),
            version: row.int(23))
    }

    static func find(_ id: JobID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM job WHERE organization_id = \(organization) AND id = \(id)"
    }

    static func list(_ filter: JobFilter, for caller: Caller, _ page: PageRequest) -> Query {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", page.condition("id")]
        if !filter.statuses.isEmpty { conditions.append("status IN (\(list: filter.statuses.map(\.rawValue)))") }
        if !filter.kinds.isEmpty { conditions.append("kind IN (\(list: filter.kinds.map(\.rawValue)))") }
        if let brand = filter.brandID { conditions.append("brand_id = \(brand)") }
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        return "SELECT \(columns) FROM job WHERE \(Query.all(conditions)) \(page.tail("id"))"
    }

    /// Open jobs are those that have a time; said as a range, for else engines go over all jobs of the organization.
    static func countOpen(in organization: OrganizationID) -> Query {
        "SELECT count(*) FROM job WHERE organization_id = \(organization) AND wake_at > 0"
    }

    static func insert(_ job: Job) -> Query {
        """
        INSERT INTO job (\(columns))
        VALUES (\(job.organizationID), \(job.id), \(job.brandID), \(job.kind), \(job.userID), \(job.keyID), \(job.status),
                \(job.progress), \(job.step), \(job.input), NULL, NULL, NULL, NULL, \(job.creditsReserved), NULL,
                \(job.wakeAt), 0, 0, \(job.createdAt), NULL, NULL, \(job.updatedAt), \(job.version))
        """
    }

    static let nextWake: Query = "SELECT min(wake_at) FROM job WHERE wake_at IS NOT NULL"

    /// The due job of the organization that has the fewest running: one that asks for a hundred does not hold up the others.
    static func claim(now: Instant, leaseUntil: Instant) -> Query {
        """
        UPDATE job SET status = 'RUNNING', wake_at = \(leaseUntil), fencing_token = fencing_token + 1, attempts = attempts + 1,
            started_at = coalesce(started_at, \(now)), updated_at = \(now), version = version + 1
        WHERE (organization_id, id) IN (
            SELECT organization_id, id FROM job AS due WHERE wake_at IS NOT NULL AND wake_at <= \(now)
            ORDER BY (SELECT count(*) FROM job AS other
                      WHERE other.organization_id = due.organization_id AND other.status = 'RUNNING'), wake_at
            LIMIT 1 \(.skipLocked))
        RETURNING \(columns)
        """
    }

    /// Only while the claim holds.
    private static func held(_ job: Job) -> Query {
        """
        organization_id = \(job.organizationID) AND id = \(job.id) AND status = 'RUNNING' AND fencing_token = \(job.fencingToken)
        """
    }

    static func renew(_ job: Job, until lease: Instant) -> Query { "UPDATE job SET wake_at = \(lease) WHERE \(held(job))" }

    static func report(_ job: Job, _ progress: Double, _ step: String, now: Instant) -> Query {
        """
        UPDATE job SET progress = \(progress), step = \(step), updated_at = \(now), version = version + 1 WHERE \(held(job))
        """
    }

    static func succeed(_ job: Job, result: String, provider: String, charged: Int64, now: Instant) -> Query {
        """
        UPDATE job SET status = 'SUCCEEDED', progress = 1, step = 'Done', result = \(result), provider = \(provider),
            credits_charged = \(charged), wake_at = NULL, finished_at = \(now), updated_at = \(now), version = version + 1
        WHERE \(held(job))
        """
    }

    static func fail(_ job: Job, _ failure: JobFailure, now: Instant) -> Query {
        """
        UPDATE job SET status = 'FAILED', error_code = \(failure.code), error_message = \(failure.message), credits_charged = 0,
            wake_at = NULL, finished_at = \(now), updated_at = \(now), version = version + 1
        WHERE \(held(job))
        """
    }

    /// Back into the queue.
    /// - Parameter attempts: how many attempts now count.
    static func requeue(_ job: Job, at wake: Instant, step: String, attempts: Int, now: Instant) -> Query {
        """
        UPDATE job SET status = 'QUEUED', wake_at = \(wake), step = \(step), attempts = \(attempts), updated_at = \(now),
            version = version + 1
        WHERE \(held(job))
        """
    }

    static func cancel(_ job: Job, now: Instant) -> Query {
        """
        UPDATE job SET status = 'CANCELLED', credits_charged = 0, wake_at = NULL, finished_at = \(now), updated_at = \(now),
            version = version + 1
        WHERE organization_id = \(job.organizationID) AND id = \(job.id) AND status IN ('QUEUED', 'RUNNING')
        """
    }

    static func releaseAll(now: Instant) -> Query {
        "UPDATE job SET wake_at = \(now) WHERE status = 'RUNNING' AND wake_at > \(now)"
    }

    static func prune(before limit: Instant, count: Int) -> Query {
        """
        DELETE FROM job WHERE (organization_id, id) IN (
            SELECT organization_id, id FROM job WHERE finished_at IS NOT NULL AND finished_at < \(limit)
            ORDER BY finished_at LIMIT \(count))
        """
    }
}
