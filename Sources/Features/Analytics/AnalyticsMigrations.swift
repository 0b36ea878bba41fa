import Core
import Relational

enum AnalyticsMigrations {
    /// Watches say what is read next and hold the newest values; snapshots are only ever added.
    ///
    /// Snapshots are stored by quarter of an hour and account, which is how they are summed up, and have a number that grows
    /// with them in each organization, which is how they are exported. Quarters never go back while numbers go up
    /// (`analytics_clock` sees to it), so that a number is a place in the table too.
    static let first = Migration(
        "analytics-1",
        """
        CREATE TABLE post_watch (
            organization_id TEXT NOT NULL,
            publication_id TEXT NOT NULL,
            post_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            brand_id TEXT NOT NULL,
            platform TEXT NOT NULL,
            platform_post_id TEXT NOT NULL,
            published_at BIGINT NOT NULL,
            due_at BIGINT,
            failures BIGINT NOT NULL,
            last_error TEXT,
            requested_at BIGINT,
            requested_by TEXT,
            refresh_id TEXT,
            captured_at BIGINT,
            told_at BIGINT,
            untold TEXT NOT NULL,
            is_sandbox BOOLEAN NOT NULL,
            impressions BIGINT, views BIGINT, reach BIGINT, likes BIGINT, comments BIGINT, shares BIGINT, saves BIGINT,
            clicks BIGINT, video_views BIGINT, watch_time_ms BIGINT, follows BIGINT,
            PRIMARY KEY (organization_id, publication_id),
            FOREIGN KEY (organization_id, publication_id) REFERENCES publication (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX post_watch_due ON post_watch (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX post_watch_post ON post_watch (organization_id, post_id);
        CREATE INDEX post_watch_account ON post_watch (organization_id, social_account_id, published_at);
        CREATE INDEX post_watch_published ON post_watch (organization_id, published_at);
        CREATE INDEX post_watch_refresh ON post_watch (organization_id, refresh_id) WHERE refresh_id IS NOT NULL;
        CREATE TABLE post_snapshot (
            organization_id TEXT NOT NULL,
            quarter BIGINT NOT NULL,
            social_account_id TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            publication_id TEXT NOT NULL,
            post_id TEXT NOT NULL,
            captured_at BIGINT NOT NULL,
            impressions BIGINT, views BIGINT, reach BIGINT, likes BIGINT, comments BIGINT, shares BIGINT, saves BIGINT,
            clicks BIGINT, video_views BIGINT, watch_time_ms BIGINT, follows BIGINT,
            gained_impressions BIGINT, gained_views BIGINT, gained_reach BIGINT, gained_likes BIGINT,
            gained_comments BIGINT, gained_shares BIGINT, gained_saves BIGINT, gained_clicks BIGINT,
            gained_video_views BIGINT, gained_watch_time_ms BIGINT, gained_follows BIGINT,
            PRIMARY KEY (organization_id, quarter, social_account_id, sequence)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX post_snapshot_publication ON post_snapshot (organization_id, publication_id, sequence);
        CREATE TABLE analytics_clock (
            organization_id TEXT PRIMARY KEY NOT NULL,
            sequence BIGINT NOT NULL,
            at BIGINT NOT NULL
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE account_watch (
            organization_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            due_at BIGINT,
            failures BIGINT NOT NULL,
            last_error TEXT,
            requested_at BIGINT,
            requested_by TEXT,
            refresh_id TEXT,
            captured_at BIGINT,
            followers BIGINT,
            following BIGINT,
            posts BIGINT,
            highest BIGINT,
            PRIMARY KEY (organization_id, social_account_id),
            FOREIGN KEY (organization_id, social_account_id) REFERENCES social_account (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX account_watch_due ON account_watch (due_at) WHERE due_at IS NOT NULL;
        CREATE TABLE account_snapshot (
            organization_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            captured_at BIGINT NOT NULL,
            followers BIGINT,
            following BIGINT,
            posts BIGINT,
            PRIMARY KEY (organization_id, social_account_id, captured_at)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE follower_milestone (
            organization_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            threshold BIGINT NOT NULL,
            reached_at BIGINT NOT NULL,
            followers BIGINT NOT NULL,
            PRIMARY KEY (organization_id, social_account_id, threshold)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE insight_budget (
            organization_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            window_start BIGINT NOT NULL,
            used BIGINT NOT NULL,
            blocked_until BIGINT,
            PRIMARY KEY (organization_id, social_account_id)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE analytics_refresh (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            total BIGINT NOT NULL,
            failed BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE analytics_setting (
            organization_id TEXT PRIMARY KEY NOT NULL REFERENCES organization (id),
            follower_thresholds TEXT,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL
        ) \(.clusteredByPrimaryKey);
        INSERT INTO post_watch (organization_id, publication_id, post_id, social_account_id, brand_id, platform,
            platform_post_id, published_at, due_at, failures, untold, is_sandbox)
        SELECT publication.organization_id, publication.id, post.id, publication.social_account_id, post.brand_id,
            publication.platform, publication.platform_post_id, publication.published_at, publication.published_at, 0, '[]',
            social_account.is_sandbox
        FROM publication JOIN post ON post.organization_id = publication.organization_id AND post.id = publication.post_id
        JOIN social_account ON social_account.organization_id = publication.organization_id
            AND social_account.id = publication.social_account_id
        WHERE publication.state = 'PUBLISHED' AND publication.platform_post_id IS NOT NULL
            AND publication.published_at IS NOT NULL;
        INSERT INTO account_watch (organization_id, social_account_id, due_at, failures)
        SELECT organization_id, id, created_at, 0 FROM social_account WHERE status <> 'DISCONNECTED';
        """)

    /// What a refresh still waits for, so that several can wait for the same reading.
    static let refreshItems = Migration(
        "analytics-2",
        """
        CREATE TABLE analytics_refresh_item (
            organization_id TEXT NOT NULL,
            target_id TEXT NOT NULL,
            refresh_id TEXT NOT NULL,
            requested_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, target_id, refresh_id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX analytics_refresh_item_refresh ON analytics_refresh_item (organization_id, refresh_id);
        INSERT INTO analytics_refresh_item (organization_id, target_id, refresh_id, requested_at)
        SELECT organization_id, publication_id, refresh_id, requested_at FROM post_watch
        WHERE refresh_id IS NOT NULL AND requested_at IS NOT NULL;
        INSERT INTO analytics_refresh_item (organization_id, target_id, refresh_id, requested_at)
        SELECT organization_id, social_account_id, refresh_id, requested_at FROM account_watch
        WHERE refresh_id IS NOT NULL AND requested_at IS NOT NULL;
        DROP INDEX post_watch_refresh;
        ALTER TABLE post_watch DROP COLUMN refresh_id;
        ALTER TABLE account_watch DROP COLUMN refresh_id;
        """)
}
