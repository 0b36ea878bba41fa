"""Numbers of posts and accounts: read, told, summed up and exported, on the real binary."""
import csv
import hashlib
import hmac
import io
import json
import os
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

import pyarrow
import pyarrow.parquet

from harness import Authority, EndToEndTest, Receiver, Server, events, header, soon, until

METRICS = ["impressions", "views", "reach", "likes", "comments", "shares", "saves", "clicks", "videoViews", "watchTimeMs", "follows"]


class Analytics(EndToEndTest):
    @classmethod
    def setUpClass(cls):
        authority = Authority()
        cls.receiver = Receiver(authority)
        cls.server = Server(None, AUDENCI_OUTBOUND_CA_FILE=authority.ca, AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{cls.receiver.port}")
        cls.organization = cls.server.organization()
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]
        cls.accounts = {a["platform"]: a["id"] for a in cls.organization["socialAccounts"]}
        cls.secret = cls.server.call("POST", "/api/webhooks", {
            "url": cls.receiver.url + "/hook", "events": ["analytics.updated", "follower.milestone"]}, cls.key).json["secret"]

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.receiver.stop()

    def call(self, method, path, body=None, status=200, key=None):
        answer = self.server.call(method, path, body, key or self.key)
        self.assertEqual(answer.status, status, f"{answer.request}: {answer.body[:2000]}")
        return answer.json

    def published(self, *platforms):
        post = self.call("POST", "/api/posts", {"brandId": self.brand, "caption": "Hello", "platforms": list(platforms)}, 201)["id"]
        self.call("POST", f"/api/posts/{post}/publish", status=202)
        until(lambda: self.call("GET", f"/api/posts/{post}")["status"] == "PUBLISHED", 20, "published")
        return post

    def inject(self, platform, status=200, **body):
        return self.call("PUT", f"/api/sandbox/accounts/{self.accounts[platform]}", body, status)

    def told(self, kind, wanted, since, seconds=2):
        """The data of the first event of that kind for which `wanted` holds; within the time, and signed."""
        matching = lambda received: [r for r in received if json.loads(r["body"])["event"] == kind and wanted(json.loads(r["body"])["data"])]
        self.assertTrue(self.receiver.wait_until(matching, seconds + 10), events(self.receiver.received))
        request = matching(self.receiver.received)[0]
        self.assertLess(request["at"] - since, seconds)
        expected = hmac.new(self.secret.encode(), request["body"], hashlib.sha256).hexdigest()
        self.assertEqual(header(request, "X-Audenci-Signature"), expected)
        body = json.loads(request["body"])
        self.assertEqual(list(body), ["event", "timestamp", "data", "organizationId", "brandId", "userId"])
        self.assertEqual((body["organizationId"], body["brandId"], body["userId"]),
                         tuple(self.organization[k] for k in ("organizationId", "brandId", "userId")))
        return body["data"]

    def test_both_events_arrive_signed_within_two_seconds(self):
        post = self.published("instagram")
        since = time.time()
        self.inject("instagram", metrics={"likes": 96, "comments": 4, "saves": None, "reach": 1200})
        data = self.told("analytics.updated", lambda d: d["postId"] == post and d["metrics"].get("likes") == 96, since)
        self.assertEqual(data["platform"], "instagram")
        self.assertNotIn("saves", data["metrics"])
        self.assertLessEqual({"likes", "comments", "reach"}, set(data["changedMetrics"]))
        since = time.time()
        self.inject("instagram", followerCount=1003)
        data = self.told("follower.milestone", lambda d: d["milestone"] == 1000, since)
        self.assertEqual((data["socialAccountId"], data["followerCount"]), (self.accounts["instagram"], 1003))
        # A count that wobbles tells nothing again; the next threshold does.
        for count in (990, 1003, 999, 1000, 2001):
            self.inject("instagram", followerCount=count)
            time.sleep(0.2)
        self.told("follower.milestone", lambda d: d["milestone"] == 2000, time.time())
        milestones = [json.loads(r["body"])["data"]["milestone"] for r in self.receiver.received if b'"follower.milestone"' in r["body"]]
        self.assertEqual(sorted(milestones), [100, 200, 500, 1000, 2000])
        account = self.call("GET", f"/api/analytics/accounts/{self.accounts['instagram']}")
        self.assertEqual([m["threshold"] for m in account["milestones"]], [2000, 1000, 500, 200, 100])
        self.assertEqual(account["followers"], 2001)

    def test_the_figures_add_up(self):
        first, second = self.published("facebook", "mastodon"), self.published("facebook")
        self.inject("facebook", metrics={"likes": 10, "comments": 2, "shares": 1, "reach": 100, "clicks": 5})
        self.inject("mastodon", metrics={first: {"likes": 7, "comments": 0, "shares": 3}})
        of = lambda post: self.call("GET", f"/api/analytics/posts/{post}")
        until(lambda: of(first)["metrics"]["likes"] == 17 and of(second)["metrics"]["likes"] == 10, 10, "read")
        seen = of(first)
        self.assertEqual((seen["metrics"]["comments"], seen["metrics"]["reach"], seen["metrics"]["impressions"], seen["interactions"]),
                         (2, 100, None, 23))
        self.assertEqual(seen["engagementRate"], {"value": 0.13, "base": "reach"})
        query = f"socialAccountId={self.accounts['facebook']}&from={soon(-3600)}&to={soon(60)}&timezone=Asia/Kolkata&granularity=hour&compare=previous"
        report = self.call("GET", "/api/analytics?" + query)
        self.assertEqual((report["totals"]["metrics"]["likes"], report["totals"]["metrics"]["saves"], report["totals"]["posts"]), (20, None, 2))
        for metric in METRICS:
            steps = [p["metrics"][metric] for p in report["series"] if p["metrics"][metric] is not None]
            self.assertEqual(sum(steps) if steps else None, report["totals"]["metrics"][metric], metric)
        self.assertEqual(report["totals"]["engagementRate"], {"value": 0.13, "base": "reach"})
        self.assertEqual([p["platform"] for p in report["byPlatform"]], ["facebook"])
        self.assertEqual({p["postId"] for p in report["topPosts"]}, {first, second})
        self.assertEqual((report["coverage"]["reported"]["reach"], report["coverage"]["notReported"]["views"]), (2, 2))
        self.assertEqual((report["comparison"]["totals"]["posts"], report["comparison"]["changes"]["posts"]), (0, None))
        # What a platform takes back is taken off.
        self.inject("facebook", metrics={"likes": 6})
        until(lambda: of(second)["metrics"]["likes"] == 6, 10, "corrected")
        until(lambda: self.call("GET", "/api/analytics?" + query)["totals"]["metrics"]["likes"] == 12, 5, "the correction counts")
        gains = [s["gained"]["likes"] for s in of(second)["publications"][0]["snapshots"]]
        self.assertEqual(sum(gains), 6)
        self.assertIn(-4, gains)

    def test_campaigns_and_pillars_have_their_own(self):
        pillar = self.call("POST", "/api/pillars", {"name": "Stories", "targetPercentage": 40}, 201)["id"]
        campaign = self.call("POST", "/api/campaigns", {"name": "Sale", "brandId": self.brand}, 201)["id"]
        post = self.call("POST", "/api/posts", {"brandId": self.brand, "caption": "x", "platforms": ["mastodon"], "pillarId": pillar,
                                                "campaignId": campaign}, 201)["id"]
        self.call("POST", f"/api/posts/{post}/publish", status=202)
        until(lambda: self.call("GET", f"/api/posts/{post}")["status"] == "PUBLISHED", 20, "published")
        self.inject("mastodon", metrics={post: {"likes": 3}})
        for filter in (f"pillarId={pillar}", f"campaignId={campaign}", f"postId={post}"):
            report = until(lambda: (r := self.call("GET", "/api/analytics?" + filter))["totals"]["metrics"]["likes"] == 3 and r, 10, filter)
            self.assertEqual(report["totals"]["posts"], 1)
            share = next(p for p in report["pillars"] if p["pillarId"] == pillar)
            self.assertEqual((share["posts"], share["percentage"], share["targetPercentage"]), (1, 100, 40))

    def test_a_refresh_is_a_job_that_ends(self):
        post = self.published("mastodon")
        job = self.call("POST", "/api/analytics/refresh", {"postId": post}, 202)
        self.assertEqual((job["kind"], job["total"]), ("analytics.refresh", 1))
        done = until(lambda: (j := self.call("GET", f"/api/analytics/refresh/{job['id']}"))["status"] == "SUCCEEDED" and j, 10, "done")
        self.assertEqual(done["progress"], 100)
        self.told("analytics.updated", lambda d: d["postId"] == post, time.time() - 5, 10)
        job = self.call("POST", "/api/analytics/refresh", {"socialAccountId": self.accounts["mastodon"]}, 202)
        self.assertGreaterEqual(job["total"], 2)
        draft = self.call("POST", "/api/posts", {"brandId": self.brand, "caption": "x", "platforms": ["mastodon"]}, 201)["id"]
        self.call("POST", "/api/analytics/refresh", {"postId": draft}, 409)
        self.call("POST", "/api/analytics/refresh", {"postId": "nothing"}, 400)
        self.call("POST", "/api/analytics/refresh", {"socialAccountId": "nothing"}, 400)
        for bad in ({}, {"postId": post, "socialAccountId": "x"}, {"post": post}):
            self.call("POST", "/api/analytics/refresh", bad, 400)

    def export(self, form, **query):
        answer = self.server.call("GET", "/api/analytics/export?" + urllib.parse.urlencode({"format": form} | query), key=self.key)
        self.assertEqual(answer.status, 200, answer.body[:500])
        return answer

    def test_three_forms_hold_the_same(self):
        post = self.published("instagram", "mastodon")
        self.inject("instagram", metrics={post: {"likes": 0, "saves": None}})
        until(lambda: len(self.export("ndjson", postId=post).body.splitlines()) >= 1, 10, "rows")
        answer = self.export("ndjson")
        cursor = answer.headers["x-next-cursor"]
        self.assertIn("X-Next-Cursor", answer.headers["access-control-expose-headers"].split(", "))
        rows = [json.loads(line) for line in answer.body.splitlines()]
        self.assertEqual(list(rows[0]), ["sequence", "capturedAt", "postId", "publicationId", "socialAccountId", "platform", *METRICS])
        last = max(r["sequence"] for r in rows)
        upto = lambda rows: [r for r in rows if r["sequence"] <= last]
        table = csv.DictReader(io.StringIO(self.export("csv").body.decode(), newline=""))
        number = lambda text: int(text) if text else None
        read = [{k: number(v) if k in METRICS or k == "sequence" else v or None for k, v in row.items()} for row in table]
        self.assertEqual(upto(read), rows)
        file = self.export("parquet")
        self.assertEqual(file.headers["content-type"], "application/vnd.apache.parquet")
        columns = pyarrow.parquet.read_table(io.BytesIO(file.body))
        self.assertEqual(columns.schema.field("capturedAt").type, pyarrow.timestamp("ms", tz="UTC"))
        self.assertEqual({columns.schema.field(m).type for m in METRICS}, {pyarrow.int64()})
        stamped = [r | {"capturedAt": r["capturedAt"].strftime("%Y-%m-%dT%H:%M:%SZ")} for r in columns.to_pylist()]
        self.assertEqual(upto(stamped), rows)
        self.assertTrue(any(r["likes"] == 0 and r["saves"] is None for r in rows))
        # What came since, and nothing else.
        self.inject("instagram", metrics={post: {"likes": 5}})
        news = until(lambda: self.export("ndjson", cursor=cursor).body, 10, "a new row").splitlines()
        self.assertTrue(all(json.loads(line)["sequence"] > last for line in news))
        self.assertEqual(len({json.loads(line)["sequence"] for line in news}), len(news))
        self.assertEqual(self.export("ndjson", updatedSince=soon(60)).body, b"")
        self.assertEqual(pyarrow.parquet.read_table(io.BytesIO(self.export("parquet", updatedSince=soon(60)).body)).num_rows, 0)

    def test_the_cron_line_of_the_docs_keeps_each_row_once(self):
        """Run three times on one day, the second time by a machine that died before it had kept the cursor."""
        text = (Path(__file__).parents[2] / "docs/analytics.md").read_text()
        line = next(l for l in text.splitlines() if l.startswith("15 3 * * *")).split("*", 3)[3].replace("\\%", "%")
        with tempfile.TemporaryDirectory() as folder:
            def run():
                line_here = line.replace("/var/lib/warehouse", folder).replace("https://app.example.com", f"http://127.0.0.1:{self.server.port}")
                subprocess.run(["sh", "-c", line_here], check=True, env=os.environ | {"AUDENCI_KEY": self.key})
            rows = lambda: sorted(n for p in Path(folder).glob("*.parquet") for n in pyarrow.parquet.read_table(p)["sequence"].to_pylist())
            kept = Path(folder) / "cursor"
            for died in (False, True, False):
                post = self.published("mastodon")
                self.inject("mastodon", metrics={post: {"likes": 1}})
                until(lambda: self.call("GET", f"/api/analytics/posts/{post}")["metrics"]["likes"] == 1, 10, "read")
                before = kept.read_text() if kept.exists() else ""
                run()
                if died: kept.write_text(before)
            self.assertGreater(len(rows()), 2)
            self.assertEqual(rows(), list(range(1, max(rows()) + 1)))

    def test_the_hours_of_a_week_are_labelled_while_posts_are_few(self):
        times = self.call("GET", "/api/analytics/best-times?timezone=Europe/Berlin")
        self.assertEqual((times["basis"], len(times["buckets"]), len(times["best"])), ("general", 168, 5))
        self.assertEqual([(b["weekday"], b["hour"]) for b in times["buckets"][:2]], [(1, 0), (1, 1)])
        scores = [b["score"] for b in times["best"]]
        self.assertEqual(scores, sorted(scores, reverse=True))

    def test_what_cannot_be_answered_is_400(self):
        for query in ("from=yesterday", f"from={soon(0)}&to={soon(-60)}", f"from={soon(-86400 * 800)}", "granularity=minute",
                      f"granularity=hour&from={soon(-86400 * 40)}", "timezone=Mars/Olympus", "compare=next", "platform=myspace", "post=x"):
            answer = self.server.call("GET", "/api/analytics?" + query, key=self.key)
            self.assertEqual((answer.status, answer.error["code"]), (400, "invalid_request"), query)
            self.assertIn(answer.error["details"][0]["field"], query)
        for query in ("format=xls", "cursor=zz", "updatedSince=now"):
            self.assertEqual(self.server.call("GET", "/api/analytics/export?" + query, key=self.key).status, 400, query)
        for body in ({"metrics": {"likes": -1}}, {"metrics": {"hearts": 1}}, {"metrics": {"nothing": {"likes": 1}}}, {"metrics": 5},
                     {"followerCount": -1}, {"followerCount": 1.5}):
            self.inject("instagram", 400, **body)
        for values in ([], [0], ["many"], list(range(1, 102))):
            self.call("PUT", "/api/analytics/settings", {"followerThresholds": values}, 400)

    def test_thresholds_can_be_chosen(self):
        other = self.server.organization(name="Other")
        key, account = other["apiKey"], other["socialAccounts"][0]["id"]
        settings = self.call("PUT", "/api/analytics/settings", {"followerThresholds": [42, 7]}, key=key)
        self.assertEqual((settings["followerThresholds"], settings["isStandard"]), ([7, 42], False))
        self.call("PUT", f"/api/sandbox/accounts/{account}", {"followerCount": 50}, key=key)
        seen = until(lambda: (a := self.call("GET", f"/api/analytics/accounts/{account}", key=key))["followers"] == 50 and a, 10, "read")
        self.assertEqual([m["threshold"] for m in seen["milestones"]], [42, 7])
        self.call("GET", f"/api/analytics/accounts/{account}", status=404)
        self.assertTrue(self.call("PUT", "/api/analytics/settings", {"followerThresholds": None}, key=key)["isStandard"])
