import Relational

enum ContentPlanMigrations {
    /// `wish` is what was asked for, as JSON. `work_at` is when a plan that the server itself works on is taken up again: null
    /// when nothing happens by itself. A proposal becomes one post at most: `post_plan_item` is the proof.
    static let first = Migration(
        "content-plans-1",
        """
        CREATE TABLE content_plan (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            brand_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('GENERATING_PLAN', 'PLAN_READY', 'APPROVED', 'CREATING_POSTS', 'COMPLETED',
                'FAILED', 'CANCELLED')),
            wish TEXT NOT NULL,
            provider TEXT,
            notes TEXT NOT NULL,
            prompts TEXT NOT NULL,
            failure TEXT,
            generated_at BIGINT,
            approved_at BIGINT,
            approved_by TEXT,
            is_development BOOLEAN NOT NULL,
            completed_at BIGINT,
            work_at BIGINT,
            attempts BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            deleted_at BIGINT,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, brand_id) REFERENCES brand (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX content_plan_work ON content_plan (work_at) WHERE work_at IS NOT NULL;
        CREATE TABLE plan_item (
            organization_id TEXT NOT NULL,
            plan_id TEXT NOT NULL,
            id TEXT NOT NULL,
            topic TEXT NOT NULL,
            caption TEXT NOT NULL,
            platforms TEXT NOT NULL,
            scheduled_for BIGINT NOT NULL,
            content_type TEXT NOT NULL,
            category_id TEXT,
            pillar_id TEXT,
            rationale TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected', 'converted')),
            post_id TEXT,
            issue TEXT,
            PRIMARY KEY (organization_id, plan_id, id),
            FOREIGN KEY (organization_id, plan_id) REFERENCES content_plan (organization_id, id),
            CHECK ((post_id IS NOT NULL) = (status = 'converted'))
        ) \(.clusteredByPrimaryKey);
        ALTER TABLE post ADD COLUMN content_plan_id TEXT;
        ALTER TABLE post ADD COLUMN plan_item_id TEXT;
        CREATE UNIQUE INDEX post_plan_item ON post (organization_id, plan_item_id) WHERE plan_item_id IS NOT NULL;
        CREATE INDEX post_plan ON post (organization_id, content_plan_id, id) WHERE content_plan_id IS NOT NULL;
        """)
}
