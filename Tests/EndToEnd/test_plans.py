"""Content plans on the real binary: from a preview to drafts, in words, with interruptions."""
import http.client
import signal
import sqlite3
import threading
import time
from datetime import date, datetime, timedelta, timezone

from harness import Server, soon, until
from test_posts import API

PLATFORMS = ["mastodon", "instagram", "facebook"]


class Plans(API):
    def wish(self, days=30, posts=12, **more):
        first = date.today() + timedelta(days=2)
        return {"brandId": self.brand, "dateFrom": str(first), "dateTo": str(first + timedelta(days=days - 1)), "totalPosts": posts,
                "platforms": PLATFORMS} | more

    def preview(self, status=200, **more):
        return self.call("POST", "/api/plans/generate-preview", self.wish(**more), status)

    def fields(self, answer):
        return sorted(d["field"] for d in answer["error"]["details"])

    def drafts(self, plan, server=None, key=None):
        found, path = [], f"/api/posts?contentPlanId={plan}&limit=100"
        while path:
            answer = (server or self.server).call("GET", path, key=key or self.key)
            found += answer.json["data"]
            links = [link for link in answer.headers.get("link", "").split(", ") if 'rel="next"' in link]
            path = links[0].split(">")[0][1:] if links else None
        return found


class Previews(Plans):
    def test_a_preview_of_three_months_is_fast_and_keeps_nothing(self):
        before = len(self.call("GET", "/api/events?limit=100")["data"])
        begun = time.monotonic()
        preview = self.preview(days=92, posts=90)
        took = time.monotonic() - begun
        print(f"\npreview of 92 days, 90 posts on 3 platforms: {took * 1000:.0f} ms", flush=True)
        self.assertLess(took, 5)
        items = preview["items"]
        self.assertEqual((len(items), preview["provider"]), (90, "offline-template"))
        wish = self.wish(days=92)
        for item in items:
            self.assertEqual(item["status"], "proposed")
            self.assertTrue(wish["dateFrom"] <= item["scheduledFor"][:10] <= wish["dateTo"], item)
            self.assertTrue(item["topic"] and item["caption"] and item["platforms"] and item["contentType"])
        self.assertEqual(len({i["scheduledFor"] for i in items}), 90)
        self.assertEqual(self.call("GET", "/api/plans")["data"], [])
        self.assertEqual(self.call("GET", "/api/posts")["data"], [])
        self.assertEqual(len(self.call("GET", "/api/events?limit=100")["data"]), before)
        self.assertEqual(preview, self.preview(days=92, posts=90))

    def test_counts_pillars_zones_and_instants_are_kept(self):
        pillars = [self.call("POST", "/api/pillars", {"name": f"Pillar {share}", "targetPercentage": share}, 201)["id"] for share in (50, 30, 20)]
        try:
            preview = self.preview(days=60, posts=20, typeCounts={"VIDEO": 4, "CAROUSEL": 2}, platformCounts={"mastodon": 20, "instagram": 8, "facebook": 3},
                                   timezone="America/New_York", goals=["More visitors"])
            items = preview["items"]
            count = lambda test: sum(map(test, items))
            self.assertEqual([count(lambda i: i["contentType"] == t) for t in ("VIDEO", "CAROUSEL")], [4, 2])
            self.assertEqual([count(lambda i: p in i["platforms"]) for p in PLATFORMS], [20, 8, 3])
            for pillar, share in zip(pillars, (10, 6, 4)):
                self.assertAlmostEqual(count(lambda i: i["pillarId"] == pillar), share, delta=1)
        finally:
            for pillar in pillars:
                self.call("DELETE", f"/api/pillars/{pillar}")
        bounds = {"dateFrom": soon(86400), "dateTo": soon(9 * 86400)}
        for item in self.preview(posts=9, **bounds)["items"]:
            self.assertTrue(bounds["dateFrom"] <= item["scheduledFor"] <= bounds["dateTo"], item)

    def test_posts_are_planned_for_the_hours_at_which_the_brand_did_well(self):
        # As if two dozen posts had been published and read: at three in the afternoon in Berlin people liked them, at eight not.
        world = self.server.organization(name="Measured")
        account = next(a["id"] for a in world["socialAccounts"] if a["platform"] == "mastodon")
        with sqlite3.connect(f"{self.server.folder}/audenci.sqlite", timeout=30) as database:
            for number in range(24):
                hour, likes = (14, 90) if number % 2 else (7, 10)
                day = datetime(2026, 1, 5) + timedelta(days=7 * (datetime.now() - datetime(2026, 1, 5)).days // 7 - number // 2 - 7)
                at = int(day.replace(hour=hour, tzinfo=timezone.utc).timestamp() * 1000)
                database.execute(
                    "INSERT INTO post_watch (organization_id, publication_id, post_id, social_account_id, brand_id, platform, platform_post_id,"
                    " published_at, failures, untold, is_sandbox, captured_at, reach, likes) VALUES (?,?,?,?,?,'mastodon',?,?,0,'{}',1,?,1000,?)",
                    (world["organizationId"], f"p{number}", f"q{number}", account, world["brandId"], f"r{number}", at, at, likes))
        wish = self.wish(days=60, posts=20, platforms=["mastodon"], brandId=world["brandId"], timezone="Etc/GMT-1")
        items = self.call("POST", "/api/plans/generate-preview", wish, key=world["apiKey"])["items"]
        self.assertEqual({i["scheduledFor"][11:13] for i in items}, {"14"})
        self.assertTrue(all("one of your best times" in i["rationale"] for i in items), [i["rationale"] for i in items])
        wish["platforms"] = ["facebook"]
        items = self.call("POST", "/api/plans/generate-preview", wish, key=world["apiKey"])["items"]
        self.assertTrue(all("no figures of your own" in i["rationale"] for i in items))

    def test_the_brands_voice_is_heard_and_its_banned_words_are_not(self):
        banned = ["look", "question", "comment"]
        self.call("PUT", f"/api/brands/{self.brand}", {"voice": {"bannedWords": banned, "hashtagSets": [["#rye", "#bread"]]}})
        try:
            plan = self.call("POST", "/api/plans", self.wish(posts=40), 201)
            revised = self.call("POST", f"/api/plans/{plan['id']}/revise", {"prompt": "more video"})
            for item in self.preview(posts=40)["items"] + plan["items"] + revised["items"]:
                text = " ".join([item["topic"], item["caption"], item["rationale"]]).lower()
                self.assertEqual([word for word in banned if word in text], [], text)
                self.assertTrue(item["caption"].endswith("#rye #bread"), item["caption"])
        finally:
            self.call("PUT", f"/api/brands/{self.brand}", {"voice": None})
            for plan in self.call("GET", "/api/plans")["data"]:
                self.call("DELETE", f"/api/plans/{plan['id']}")

    def test_bad_input_names_its_field(self):
        day = lambda n: str(date.today() + timedelta(days=n))
        for wrong, fields in [
            ({"dateTo": day(5)}, ["dateTo"]), ({"dateTo": day(120)}, ["dateTo"]), ({"dateFrom": day(-60), "dateTo": day(-30)}, ["dateTo"]),
            ({"dateFrom": "next week"}, ["dateFrom"]), ({"totalPosts": 0}, ["totalPosts"]), ({"totalPosts": 1001}, ["totalPosts"]),
            ({"platforms": []}, ["platforms"]), ({"platforms": ["myspace"]}, ["platforms[0]"]), ({"brandId": "nothing"}, ["brandId"]),
            ({"typeCounts": {"VIDEO": 13}}, ["typeCounts"]), ({"typeCounts": {"BLOG": 1}}, ["typeCounts.BLOG"]),
            ({"platformCounts": {"mastodon": 12}}, ["platformCounts.facebook", "platformCounts.instagram"]),
            ({"categoryIds": ["nothing"]}, ["categoryIds"]), ({"pillarIds": ["nothing"]}, ["pillarIds"]),
            ({"socialAccountIds": ["nothing"]}, ["socialAccountIds"]), ({"timezone": "Mars/Olympus"}, ["timezone"]),
            ({"goals": 3}, ["goals"]), ({"goal": "x"}, ["goal"]), ({"dateFrom": None}, ["dateFrom"]),
        ]:
            with self.subTest(wrong):
                self.assertEqual(self.fields(self.preview(400, **wrong)), fields)
                self.assertEqual(self.fields(self.call("POST", "/api/plans", self.wish(**wrong), 400)), fields)

    def test_accounts_stand_for_their_platforms(self):
        wish = self.wish(posts=3)
        del wish["platforms"]
        wish["socialAccountIds"] = [self.accounts["mastodon"]]
        items = self.call("POST", "/api/plans/generate-preview", wish)["items"]
        self.assertEqual({tuple(i["platforms"]) for i in items}, {("mastodon",)})


class Life(Plans):
    def test_a_plan_is_revised_in_words_and_becomes_drafts_once(self):
        plan = self.call("POST", "/api/plans", self.wish(posts=40, name="Spring"), 201)
        self.assertEqual((plan["status"], plan["name"], len(plan["items"])), ("PLAN_READY", "Spring", 40))
        generated = self.events("plan.generated")
        self.assertEqual([(e["planId"], e["itemCount"]) for e in generated], [(plan["id"], 40)])
        revised = self.call("POST", f"/api/plans/{plan['id']}/revise", {"prompt": "No posts on weekends, more glitter"})
        self.assertEqual(len(revised["notUnderstood"]), 1, revised["notUnderstood"])
        self.assertIn("glitter", revised["notUnderstood"][0])
        self.assertEqual(len(revised["applied"]), 1)
        self.assertTrue(all(datetime.fromisoformat(i["scheduledFor"]).weekday() < 5 for i in revised["items"]))
        self.assertEqual({i["id"] for i in revised["items"]}, {i["id"] for i in plan["items"]})
        self.assertEqual([p["prompt"] for p in revised["promptHistory"]], ["No posts on weekends, more glitter"])
        first, second = revised["items"][:2]
        self.call("PUT", f"/api/plans/{plan['id']}", {"items": [
            {"id": first["id"], "status": "rejected"}, {"id": second["id"], "status": "accepted", "caption": "My own words"}]})
        repeat = {"Idempotency-Key": "approve-once"}
        done = self.call("POST", f"/api/plans/{plan['id']}/approve", headers=repeat)
        self.assertEqual(done["status"], "COMPLETED")
        self.assertEqual(self.call("POST", f"/api/plans/{plan['id']}/approve", headers=repeat)["status"], "COMPLETED")
        self.assertEqual(self.call("POST", f"/api/plans/{plan['id']}/approve", status=409)["error"]["code"], "invalid_transition")
        drafts = self.drafts(plan["id"])
        self.assertEqual(len(drafts), 39)
        self.assertEqual({d["status"] for d in drafts}, {"DRAFT"})
        self.assertEqual({d["planItemId"] for d in drafts}, {i["id"] for i in revised["items"][1:]})
        self.assertIn("My own words", [d["caption"] for d in drafts])
        self.assertEqual([e["postCount"] for e in self.events("plan.completed")], [39])
        self.assertEqual(self.call("POST", f"/api/plans/{plan['id']}/cancel", status=409)["error"]["code"], "invalid_transition")
        copy = self.call("POST", f"/api/posts/{drafts[0]['id']}/duplicate", status=201)
        self.assertIsNone(copy["planItemId"])
        self.call("DELETE", f"/api/plans/{plan['id']}")
        self.call("GET", f"/api/plans/{plan['id']}", status=404)
        self.assertEqual(len(self.drafts(plan["id"])), 39)

    def test_lists_filters_versions_and_rehearsals(self):
        plan = self.call("POST", "/api/plans", self.wish(posts=3), 201)
        listed = self.call("GET", f"/api/plans?status=PLAN_READY&brandId={self.brand}")["data"]
        self.assertIn(plan["id"], [p["id"] for p in listed])
        self.assertNotIn("items", listed[0])
        self.assertEqual(self.call("GET", "/api/plans?status=FAILED")["data"], [])
        self.call("GET", "/api/plans?status=NEW", status=400)
        renamed = self.call("PUT", f"/api/plans/{plan['id']}", {"name": "Other"}, headers={"If-Match": f'"{plan["version"]}"'})
        self.assertEqual(renamed["name"], "Other")
        self.call("PUT", f"/api/plans/{plan['id']}", {"name": "x"}, 412, headers={"If-Match": f'"{plan["version"]}"'})
        self.assertEqual(self.call("POST", f"/api/plans/{plan['id']}/approve?dryRun=true")["status"], "APPROVED")
        self.assertEqual(self.call("GET", f"/api/plans/{plan['id']}")["status"], "PLAN_READY")
        self.assertEqual(self.call("POST", f"/api/plans/{plan['id']}/cancel")["status"], "CANCELLED")
        self.call("POST", f"/api/plans/{plan['id']}/revise", {"prompt": "fewer videos"}, 409)
        self.call("POST", f"/api/plans/{plan['id']}/revise", {"prompt": ""}, 400)
        self.call("POST", f"/api/plans/{plan['id']}/revise", {}, 400)


class Interrupted(Plans):
    def test_kill_while_posts_are_made_leaves_each_once(self):
        server = self.keep(Server())
        mine = server.organization()
        key, brand = mine["apiKey"], mine["brandId"]
        plan = server.call("POST", "/api/plans", self.wish(days=90, posts=600) | {"brandId": brand}, key).json
        repeat = {"Idempotency-Key": "approve-through-a-kill"}
        threading.Thread(target=lambda: self.silently(server, plan["id"], key, repeat), daemon=True).start()
        status = lambda: server.call("GET", f"/api/plans/{plan['id']}?fields=status", key=key).json["status"]
        until(lambda: status() != "PLAN_READY", 20, "the approval begins")
        server.stop(signal.SIGKILL)
        server.start()
        again = server.call("POST", f"/api/plans/{plan['id']}/approve", None, key, headers=repeat)
        self.assertEqual(again.status, 200, again.body)
        print(f"\nkilled while posts were made: {again.json['status']} when asked again", flush=True)
        until(lambda: status() == "COMPLETED", 60, "the plan is completed")
        found = self.drafts(plan["id"], server, key)
        self.assertEqual((len(found), len({p["planItemId"] for p in found})), (600, 600))

    @staticmethod
    def silently(server, plan, key, headers):
        try:
            server.call("POST", f"/api/plans/{plan}/approve", None, key, headers=headers)
        except OSError:
            """The server is killed while it answers: that is the test."""
        except http.client.HTTPException:
            """The same, in the middle of a line."""
