"""Posts in full, review, queues, campaigns: over HTTP, on the real binary."""
import json
import time
from concurrent.futures import ThreadPoolExecutor

from harness import EndToEndTest, Server, command, soon, until


class API(EndToEndTest):
    """One server and one organization for a class of tests."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.organization = cls.server.organization()
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]
        cls.accounts = {a["platform"]: a["id"] for a in cls.organization["socialAccounts"]}

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def call(self, method, path, body=None, status=200, key=None, **more):
        answer = self.server.call(method, path, body, key or self.key, **more)
        self.assertEqual(answer.status, status, f"{answer.request}: {answer.body}")
        return answer.json

    def post(self, expect=201, key=None, **fields):
        return self.call("POST", "/api/posts", {"brandId": self.brand, "caption": "Hello", "platforms": ["mastodon"]} | fields, expect, key)

    def events(self, kind):
        return [e["payload"]["data"] for e in self.call("GET", f"/api/events?type={kind}&limit=100")["data"]]


class Posts(API):
    def test_an_account_publishes_its_own_words(self):
        mastodon, facebook = self.accounts["mastodon"], self.accounts["facebook"]
        post = self.post(platforms=["mastodon", "facebook"], overrides=[{"socialAccountId": facebook, "caption": "Longer here"}],
                         socialAccountIds=[mastodon, facebook])
        self.assertEqual(post["overrides"][0]["caption"], "Longer here")
        done = self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})
        self.assertEqual(done["status"], "PUBLISHED", done)
        shown = lambda account: self.call("GET", f"/api/sandbox/accounts/{account}/posts")["data"][0]["text"]
        self.assertEqual((shown(mastodon), shown(facebook)), ("Hello", "Longer here"))

    def test_a_thread_and_a_first_comment_follow_the_post(self):
        post = self.post(platforms=["mastodon", "instagram"], thread=[{"caption": "Second"}, {"caption": "Third"}], firstComment="Ask us")
        self.assertEqual([w for w in post["warnings"] if "threads" in w], [
            "instagram has no threads: what follows the post is published as comments under it."])
        done = self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})
        self.assertEqual(done["status"], "PUBLISHED", done)
        publications = self.call("GET", f"/api/posts/{post['id']}/publications")["data"]
        for platform in ("mastodon", "instagram"):
            mine = [p for p in publications if p["platform"] == platform]
            self.assertEqual([(p["part"], p["state"]) for p in mine], [(n, "PUBLISHED") for n in range(4)])
            self.assertTrue(all(a["publishedAt"] <= b["publishedAt"] for a, b in zip(mine, mine[1:])))
        error = self.post(400, thread=[{"caption": "x" * 501}], firstComment="y" * 501)["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["thread[0].caption", "firstComment"])
        error = self.post(400, platforms=["instagram"], thread=[{"caption": "x", "media": [{"url": "https://cdn.example/a.jpg"}]}])["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["thread[0].media"])

    def test_what_a_person_says_of_a_post_is_shown_as_a_link_only_when_it_is_one(self):
        post = self.post()
        for url in ("javascript:alert(1)", "www.example.com", "https:///x"):
            error = self.call("POST", f"/api/posts/{post['id']}/resolve", {"live": True, "url": url}, 400)["error"]
            self.assertEqual([d["field"] for d in error["details"]], ["url"])
        self.call("POST", f"/api/posts/{post['id']}/resolve", {"live": True, "url": "https://example.com/1"}, 409)

    def test_an_override_is_judged_by_its_platform(self):
        error = self.post(400, overrides=[{"socialAccountId": self.accounts["mastodon"], "caption": "x" * 501}])["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["overrides[0].caption"])
        error = self.post(400, overrides=[{"socialAccountId": self.accounts["facebook"], "caption": "x"}])["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["overrides[0].socialAccountId"])

    def test_every_change_leaves_what_was_before(self):
        post = self.post(caption="First")
        self.call("PUT", f"/api/posts/{post['id']}", {"caption": "Second", "tags": ["a", "b", "a"]})
        self.call("PATCH", f"/api/posts/{post['id']}", {"caption": "Third"})
        revisions = self.call("GET", f"/api/posts/{post['id']}/revisions")["data"]
        self.assertEqual([(r["version"], r["post"]["caption"], r["changedFields"]) for r in revisions],
                         [(2, "Second", ["caption"]), (1, "First", ["caption", "tags"])])
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}")["tags"], ["a", "b"])

    def test_the_callers_own_id_is_unique_and_found(self):
        post = self.post(externalRef="crm-1")
        self.assertEqual(self.post(409, externalRef="crm-1")["error"]["details"][0]["field"], "externalRef")
        self.assertEqual([p["id"] for p in self.call("GET", "/api/posts?externalRef=crm-1")["data"]], [post["id"]])
        self.call("DELETE", f"/api/posts/{post['id']}")
        self.post(externalRef="crm-1")

    def test_labels_file_posts_and_must_exist(self):
        category = self.call("POST", "/api/categories", {"name": "Educational", "color": "#112233"}, 201)
        pillar = self.call("POST", "/api/pillars", {"name": "Stories", "targetPercentage": 40}, 201)
        self.call("POST", "/api/categories", {"name": "Educational"}, 409)
        post = self.post(categoryId=category["id"], pillarId=pillar["id"], tags=["50%_off"])
        for query in (f"categoryId={category['id']}", f"pillarId={pillar['id']}", "tag=50%25_off"):
            self.assertEqual([p["id"] for p in self.call("GET", f"/api/posts?{query}")["data"]], [post["id"]])
        self.assertEqual(self.call("GET", "/api/posts?tag=50%25")["data"], [])
        self.assertEqual(self.post(400, categoryId="nope")["error"]["details"][0]["field"], "categoryId")
        self.call("DELETE", f"/api/categories/{category['id']}")
        self.post(400, categoryId=category["id"])

    def test_bulk_tells_each_ones_fate_and_is_repeatable(self):
        body = {"posts": [{"brandId": self.brand, "caption": f"{n}", "platforms": ["mastodon"]} for n in range(3)] + [{"caption": "x"}, {"zz": 1}]}
        report = self.call("POST", "/api/posts/bulk", body, headers={"Idempotency-Key": "bulk-1"})
        self.assertEqual([r["status"] for r in report["results"]], [201, 201, 201, 400, 400])
        self.assertEqual({d["field"] for d in report["results"][3]["error"]["details"]}, {"brandId", "platforms"})
        again = self.call("POST", "/api/posts/bulk", body, headers={"Idempotency-Key": "bulk-1"})
        self.assertEqual(report, again)

    def test_a_csv_file_becomes_posts_or_says_which_lines_do_not(self):
        csv = ('caption,brandId,platforms,tags\n"Hello, ""world""\nagain",%s,mastodon;facebook,a;b\nno brand,,mastodon,\n'
               % self.brand).encode()
        rehearsed = self.call("POST", "/api/posts/import?dryRun=true", raw=csv, headers={"Content-Type": "text/csv"})
        self.assertEqual([(r["line"], r["status"]) for r in rehearsed["results"]], [(2, 201), (4, 400)])
        self.server.call("GET", f"/api/posts/{rehearsed['results'][0]['id']}", key=self.key)
        self.call("GET", f"/api/posts/{rehearsed['results'][0]['id']}", status=404)
        report = self.call("POST", "/api/posts/import", raw=csv, headers={"Content-Type": "text/csv"})
        post = self.call("GET", f"/api/posts/{report['results'][0]['id']}")
        self.assertEqual((post["caption"], post["platforms"], post["tags"]), ('Hello, "world"\nagain', ["mastodon", "facebook"], ["a", "b"]))
        self.call("POST", "/api/posts/import", raw=b"zz\n1\n", status=400, headers={"Content-Type": "text/csv"})
        self.call("POST", "/api/posts/import", raw=csv, status=415, headers={"Content-Type": "application/json"})

    def test_validation_says_what_creating_would_say_and_writes_nothing(self):
        count = len(self.call("GET", "/api/posts?limit=100")["data"])
        good = self.call("POST", "/api/posts/validate", {"brandId": self.brand, "caption": "x", "platforms": ["instagram"],
                                                         "status": "SCHEDULED", "scheduledFor": soon(3600)})
        self.assertTrue(good["valid"] and good["warnings"] and good["socialAccountIds"], good)
        bad = self.call("POST", "/api/posts/validate", {"brandId": self.brand, "caption": "x" * 600, "platforms": ["mastodon"]})
        self.assertEqual((bad["valid"], bad["issues"][0]["field"]), (False, "caption"))
        self.assertEqual(len(self.call("GET", "/api/posts?limit=100")["data"]), count)

    def test_a_duplicate_is_a_draft_of_its_own(self):
        post = self.post(caption="Twice", externalRef="dup", status="SCHEDULED", scheduledFor=soon(3600))
        copy = self.call("POST", f"/api/posts/{post['id']}/duplicate", status=201)
        self.assertEqual((copy["caption"], copy["status"], copy["scheduledFor"], copy["externalRef"], copy["parentPostId"]),
                         ("Twice", "DRAFT", None, None, post["id"]))

    def test_comments_stay_in_the_team(self):
        post = self.post()
        path = f"/api/posts/{post['id']}/comments"
        comment = self.call("POST", path, {"body": "Is the price right?"}, 201)
        settled = self.call("PUT", f"{path}/{comment['id']}", {"resolved": True})
        self.assertTrue(settled["resolved"])
        self.assertEqual([c["body"] for c in self.call("GET", path)["data"]], ["Is the price right?"])
        self.call("DELETE", f"{path}/{comment['id']}")
        self.assertEqual(self.call("GET", path)["data"], [])

    def test_a_queue_gives_each_post_the_next_free_slot(self):
        queue = self.call("POST", "/api/queues", {"brandId": self.brand, "name": "Daily", "timezone": "Europe/Berlin",
                                                  "slots": [{"weekday": d, "time": "09:00"} for d in range(1, 8)]}, 201)
        with ThreadPoolExecutor(8) as pool:
            posts = list(pool.map(lambda _: self.post(status="SCHEDULED", queueId=queue["id"]), range(8)))
        times = sorted(p["scheduledFor"] for p in posts)
        self.assertEqual(len(set(times)), 8)
        self.assertTrue(all(t.endswith((":00:00Z")) for t in times))
        self.call("POST", "/api/queues", {"brandId": self.brand, "name": "x", "timezone": "Nowhere/Else", "slots": [{"weekday": 1, "time": "09:00"}]}, 400)
        self.call("POST", "/api/queues", {"brandId": self.brand, "name": "x", "slots": [{"weekday": 8, "time": "25:00"}]}, 400)

    def test_a_post_that_repeats_schedules_its_next_once(self):
        post = self.post(status="SCHEDULED", scheduledFor=soon(2), recurrence={"every": "WEEK", "remaining": 1})
        until(lambda: self.call("GET", f"/api/posts/{post['id']}")["status"] == "PUBLISHED", 15, "published")
        copies = [p for p in self.call("GET", "/api/posts?limit=100")["data"] if p["parentPostId"] == post["id"]]
        self.assertEqual([(c["status"], c["recurrence"]["remaining"]) for c in copies], [("SCHEDULED", 0)])
        self.assertEqual(copies[0]["scheduledFor"][11:], post["scheduledFor"][11:])

    def test_retry_takes_only_what_failed(self):
        account = self.accounts["facebook"]
        self.call("PUT", f"/api/sandbox/accounts/{account}", {"fault": {"step": "publish", "mode": "status", "status": 400}})
        post = self.post(platforms=["mastodon", "facebook"])
        first = self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})
        self.assertEqual(first["status"], "PARTIALLY_PUBLISHED", first)
        second = self.call("POST", f"/api/posts/{post['id']}/retry", status=202, headers={"Prefer": "wait=20"})
        self.assertEqual(second["status"], "PUBLISHED", second)
        shown = self.call("GET", f"/api/sandbox/accounts/{self.accounts['mastodon']}/posts")["data"]
        self.assertEqual(len([p for p in shown if p["id"] == second["platformResults"]["mastodon"]["postId"]]), 1)
        self.call("POST", f"/api/posts/{post['id']}/retry", status=409)


class Campaigns(API):
    def test_it_starts_and_ends_once_and_on_time(self):
        campaign = self.call("POST", "/api/campaigns", {"name": "Flash", "brandId": self.brand, "startsAt": soon(2), "endsAt": soon(4)}, 201)
        self.assertEqual(campaign["status"], "SCHEDULED")
        until(lambda: self.call("GET", f"/api/campaigns/{campaign['id']}")["status"] == "ENDED", 10, "ended")
        for kind in ("campaign.started", "campaign.ended"):
            mine = [d for d in self.events(kind) if d["campaignId"] == campaign["id"]]
            self.assertEqual([d["name"] for d in mine], ["Flash"])

    def test_a_pause_holds_its_posts(self):
        campaign = self.call("POST", "/api/campaigns", {"name": "Held", "brandId": self.brand, "startsAt": "2026-01-01T00:00:00Z"}, 201)
        self.assertEqual(campaign["status"], "ACTIVE")
        early = self.post(status="SCHEDULED", scheduledFor=soon(2), campaignId=campaign["id"])
        self.call("POST", f"/api/campaigns/{campaign['id']}/pause")
        late = self.post(status="SCHEDULED", scheduledFor=soon(2), campaignId=campaign["id"])
        free = self.post(status="SCHEDULED", scheduledFor=soon(3))
        status = lambda p: self.call("GET", f"/api/posts/{p['id']}")["status"]
        until(lambda: status(free) == "PUBLISHED", 15, "the free post")
        self.assertEqual((status(early), status(late)), ("SCHEDULED", "SCHEDULED"))
        self.call("POST", f"/api/campaigns/{campaign['id']}/resume")
        until(lambda: status(early) == status(late) == "PUBLISHED", 15, "the held posts")
        summary = self.call("GET", f"/api/campaigns/{campaign['id']}/summary")
        self.assertEqual((summary["postCount"], summary["publishedCount"], summary["byPlatform"]), (2, 2, {"mastodon": 2}))
        self.assertEqual(len([d for d in self.events("campaign.started") if d["campaignId"] == campaign["id"]]), 1)

    def test_a_post_that_changes_campaigns_is_held_or_not_as_its_new_one_is(self):
        start = {"brandId": self.brand, "startsAt": "2026-01-01T00:00:00Z"}
        running = self.call("POST", "/api/campaigns", {"name": "Running"} | start, 201)
        paused = self.call("POST", "/api/campaigns", {"name": "Paused"} | start, 201)
        self.call("POST", f"/api/campaigns/{paused['id']}/pause")
        for name, campaign in (("hold", paused), ("free", running)):
            self.call("POST", "/api/automations", {
                "name": name, "trigger": {"type": "post.created"}, "conditions": {"data.title": f"To be {name}"},
                "actions": [{"type": "add_to_campaign", "campaignId": campaign["id"]}]}, 201)
        held = self.post(status="SCHEDULED", scheduledFor=soon(3), campaignId=running["id"], title="To be hold")
        free = self.post(status="SCHEDULED", scheduledFor=soon(4), campaignId=paused["id"], title="To be free")
        until(lambda: self.call("GET", f"/api/posts/{free['id']}")["status"] == "PUBLISHED", 15, "the post that left")
        self.assertEqual(self.call("GET", f"/api/posts/{held['id']}")["status"], "SCHEDULED")
        self.call("POST", f"/api/campaigns/{paused['id']}/resume")
        until(lambda: self.call("GET", f"/api/posts/{held['id']}")["status"] == "PUBLISHED", 15, "the post that came")

    def test_cancelling_takes_its_posts_off_the_schedule(self):
        campaign = self.call("POST", "/api/campaigns", {"name": "Off", "brandId": self.brand}, 201)
        post = self.post(status="SCHEDULED", scheduledFor=soon(3600), campaignId=campaign["id"])
        self.call("POST", f"/api/campaigns/{campaign['id']}/cancel")
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}")["status"], "CANCELLED")
        self.call("POST", f"/api/campaigns/{campaign['id']}/pause", status=409)
        self.call("DELETE", f"/api/campaigns/{campaign['id']}")
        self.assertIsNone(self.call("GET", f"/api/posts/{post['id']}")["campaignId"])

    def test_a_key_of_one_brand_reaches_nothing_of_another(self):
        other = self.call("POST", "/api/brands", {"name": "Other"}, 201)["id"]
        campaign = self.call("POST", "/api/campaigns", {"name": "Theirs", "brandId": other}, 201)["id"]
        limited = self.call("POST", "/api/keys", {"name": "one brand", "scope": "read-write", "brandIds": [self.brand]}, 201)["key"]
        refused = self.post(400, key=limited, campaignId=campaign)["error"]
        unknown = self.post(400, key=limited, campaignId="nobody")["error"]
        self.assertEqual(refused["details"], unknown["details"])
        mine = self.post(key=limited)
        self.call("PUT", f"/api/posts/{mine['id']}", {"campaignId": campaign}, 400, key=limited)

    def test_a_window_must_make_sense(self):
        for fields, field in [({"endsAt": soon(5)}, "startsAt"), ({"startsAt": soon(5), "endsAt": soon(4)}, "endsAt"), ({"brandId": "x"}, "brandId")]:
            error = self.call("POST", "/api/campaigns", {"name": "x", "brandId": self.brand} | fields, 400)["error"]
            self.assertEqual([d["field"] for d in error["details"]], [field])
