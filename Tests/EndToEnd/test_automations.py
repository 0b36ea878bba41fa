"""Automations: from the event to the action, over HTTP, on the real binary."""
import hashlib
import hmac
import json
import re
import signal
import sqlite3
import time

import jsonschema

from harness import Authority, Receiver, Server, header, until
from test_posts import API


class Automations(API):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()
        cls.receiver = Receiver(cls.authority)
        cls.server = Server(
            None, AUDENCI_OUTBOUND_CA_FILE=cls.authority.ca, AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{cls.receiver.port}")
        cls.organization = cls.server.organization()
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.receiver.stop()

    def automate(self, trigger, actions, conditions=None, **more):
        trigger = trigger if isinstance(trigger, dict) else {"type": trigger}
        body = {"name": "Test", "trigger": trigger, "actions": actions, "conditions": conditions} | more
        made = self.call("POST", "/api/automations", body, 201)
        self.addCleanup(lambda: self.server.call("DELETE", f"/api/automations/{made['id']}", key=self.key))
        return made

    def runs(self, automation, count=1, query=""):
        path = f"/api/automations/{automation['id']}/runs?limit=100{query}"
        over = lambda runs: len(runs) >= count and all(r["status"] != "RUNNING" for r in runs)
        return until(lambda: (lambda r: r if over(r) else None)(self.call("GET", path)["data"]), 30, f"{count} runs")

    def issues(self, **fields):
        body = {"name": "Test", "trigger": {"type": "post.created"}, "actions": [{"type": "add_tags", "tags": ["x"]}]} | fields
        return [d["field"] for d in self.call("POST", "/api/automations", body, 400)["error"]["details"]]

    def test_a_promotional_post_joins_the_campaign(self):
        promotional = self.call("POST", "/api/categories", {"name": "Promotional"}, 201)["id"]
        campaign = self.call("POST", "/api/campaigns", {"name": "Q1", "brandId": self.brand}, 201)["id"]
        automation = self.automate(
            "post.created", [{"type": "add_to_campaign", "campaignId": campaign}, {"type": "add_tags", "tags": ["q1"]}],
            {"post.category": "Promotional"})
        other = self.post()
        post = self.post(categoryId=promotional)
        self.assertIsNone(post["campaignId"])
        runs = {r["triggerEventId"]: r for r in self.runs(automation, 2)}
        self.assertEqual(len(runs), 2)
        shown = self.call("GET", f"/api/posts/{post['id']}")
        self.assertEqual((shown["campaignId"], shown["tags"]), (campaign, ["q1"]))
        self.assertIsNone(self.call("GET", f"/api/posts/{other['id']}")["campaignId"])
        by_status = {r["status"]: r for r in runs.values()}
        done, skipped = by_status["SUCCEEDED"], by_status["SKIPPED"]
        self.assertEqual([a["status"] for a in done["actionResults"]], ["DONE", "DONE"])
        self.assertIn('"Q1"', done["actionResults"][0]["summary"])
        self.assertEqual((skipped["code"], skipped["depth"]), ("conditions", 0))
        self.assertIn("conditions.post.category $eq", skipped["reason"])
        self.assertEqual(len(self.runs(automation, 1, "&status=SUCCEEDED")), 1)
        self.assertIsNotNone(self.call("GET", f"/api/automations/{automation['id']}")["lastRunAt"])

    def test_a_dry_run_says_what_would_happen_and_keeps_nothing(self):
        self.post(caption="Dry")
        automation = self.automate(
            "post.created",
            [{"type": "create_draft_post", "caption": "Again: {{data.title}}"},
             {"type": "webhook_call", "url": self.receiver.url + "/dry", "secret": "a secret of mine"},
             {"type": "send_notification", "title": "New: {{data.title}}"}],
            {"data.title": "Dry"}, enabled=False)
        posts = len(self.call("GET", "/api/posts?limit=100")["data"])
        answer = self.call("POST", f"/api/automations/{automation['id']}/dry-run", {"limit": 20})
        tried = next(r for r in answer["results"] if r["matches"])
        self.assertEqual([a["status"] for a in tried["actionResults"]], ["WOULD_DO"] * 3)
        self.assertEqual(tried["actionResults"][0]["summary"], 'Draft "Again: Dry".')
        self.assertTrue(tried["wouldRun"])
        one = self.call("POST", f"/api/automations/{automation['id']}/dry-run", {"eventId": tried["eventId"]})["results"]
        self.assertEqual([r["eventId"] for r in one], [tried["eventId"]])
        self.call("POST", f"/api/automations/{automation['id']}/dry-run", {"eventId": "nothing"}, 404)
        self.assertEqual(len(self.call("GET", "/api/posts?limit=100")["data"]), posts)
        self.assertEqual(self.call("GET", f"/api/automations/{automation['id']}/runs")["data"], [])
        self.assertFalse([r for r in self.receiver.received if r["path"] == "/dry"])
        self.assertFalse([n for n in self.call("GET", "/api/notifications")["data"] if n["automationId"] == automation["id"]])

    def test_a_failed_request_is_sent_again_under_the_same_id_signed(self):
        seen = []
        def answer(request):
            if request["path"] != "/call":
                return 204, {}, b""
            seen.append(request)
            return (500 if len(seen) == 1 else 204), {}, b""
        self.receiver.answer = answer
        automation = self.automate(
            "campaign.started",
            [{"type": "webhook_call", "url": self.receiver.url + "/call", "secret": "a secret of mine",
              "body": '{"text":"{{data.name}} began"}'}])
        self.assertEqual(automation["actions"][0]["secret"], "••••mine")
        self.call("POST", "/api/campaigns", {"name": 'The "big" one', "brandId": self.brand, "startsAt": "2020-01-01T00:00:00Z"}, 201)
        run = self.runs(automation)[0]
        self.assertEqual((run["status"], run["actionResults"][0]["attempts"]), ("SUCCEEDED", 2), run)
        self.assertEqual(json.loads(seen[1]["body"]), {"text": 'The "big" one began'})
        self.assertEqual(*[header(r, "webhook-id") for r in seen])
        mine = hmac.new(b"a secret of mine", seen[1]["body"], hashlib.sha256).hexdigest()
        self.assertEqual(header(seen[1], "X-Audenci-Signature"), mine)
        self.assertEqual([header(r, "X-Audenci-Attempt") for r in seen], ["1", "2"])
        # What was shown may be sent back whole.
        kept = self.call("PUT", f"/api/automations/{automation['id']}", {"actions": automation["actions"]})
        self.assertEqual(kept["actions"], automation["actions"])
        database = sqlite3.connect(f"{self.server.folder}/audenci.sqlite")
        self.addCleanup(database.close)
        self.assertNotIn("a secret of mine", "\n".join(database.iterdump()))

    def test_notifications_are_read_by_whom_they_are_for(self):
        automation = self.automate("campaign.started", [{"type": "send_notification", "title": "{{data.name}} began"}])
        self.call("POST", "/api/campaigns", {"name": "Notified", "brandId": self.brand, "startsAt": "2020-01-01T00:00:00Z"}, 201)
        self.runs(automation)
        mine = [n for n in self.call("GET", "/api/notifications?unread=true")["data"] if n["automationId"] == automation["id"]]
        self.assertEqual([n["title"] for n in mine], ["Notified began"])
        read = self.call("POST", f"/api/notifications/{mine[0]['id']}/read")
        self.assertEqual(self.call("POST", f"/api/notifications/{mine[0]['id']}/read")["readAt"], read["readAt"])
        self.assertNotIn(mine[0]["id"], [n["id"] for n in self.call("GET", "/api/notifications?unread=true")["data"]])
        self.call("POST", "/api/notifications/nothing/read", status=404)
        other = self.server.organization(name="Other")["apiKey"]
        self.call("POST", f"/api/notifications/{mine[0]['id']}/read", status=404, key=other)

    def test_a_loop_ends_and_says_so(self):
        automation = self.automate("post.created", [{"type": "create_draft_post", "caption": "Loop"}], {"data.title": "Loop"})
        self.post(caption="Loop")
        runs = sorted((r for r in self.runs(automation, 7) if r["code"] != "conditions"), key=lambda r: r["depth"])
        self.assertEqual([(r["depth"], r["status"]) for r in runs], [(d, "SUCCEEDED") for d in range(6)] + [(6, "SKIPPED")])
        self.assertEqual(runs[-1]["code"], "depth_limit")

    def test_what_fails_changes_nothing_and_says_why(self):
        campaign = self.call("POST", "/api/campaigns", {"name": "Gone", "brandId": self.brand}, 201)["id"]
        automation = self.automate(
            "post.created",
            [{"type": "add_tags", "tags": ["undone"]}, {"type": "add_to_campaign", "campaignId": campaign},
             {"type": "send_notification", "title": "never"}], {"data.title": "Fails"})
        self.call("DELETE", f"/api/campaigns/{campaign}")
        post = self.post(caption="Fails")
        run = next(r for r in self.runs(automation) if r["status"] == "FAILED")
        self.assertEqual([a["status"] for a in run["actionResults"]], ["UNDONE", "FAILED", "NOT_RUN"])
        self.assertIn("actions[1] (add_to_campaign)", run["reason"])
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}")["tags"], [])

    def test_words_and_pictures_are_generated_for_their_price(self):
        spent = lambda: sum(b["spent"] for b in self.call("GET", "/api/credits")["batches"])
        before = spent()
        automation = self.automate(
            "post.created",
            [{"type": "generate_content", "prompt": "Our new rye bread", "platforms": ["mastodon"]},
             {"type": "generate_image", "prompt": "Rye bread at dawn", "brandId": self.brand}], {"data.title": "Generate"})
        self.post(caption="Generate")
        run = next(r for r in self.runs(automation) if r["status"] != "SKIPPED")
        self.assertEqual(run["status"], "SUCCEEDED", run)
        drafts = [p for p in self.call("GET", "/api/posts?status=DRAFT&limit=100")["data"] if p["caption"] and p["caption"] != "Generate"]
        self.assertTrue(any("rye" in p["caption"].lower() for p in drafts), [p["caption"] for p in drafts])
        pictures = self.call("GET", "/api/media?limit=100")["data"]
        self.assertEqual([m["aiPrompt"] for m in pictures if m["source"] == "AI"], ["Rye bread at dawn"])
        # A caption is one, a picture four.
        self.assertEqual(spent() - before, 5)
        self.assertEqual({j["status"] for j in self.call("GET", "/api/jobs")["data"]}, {"SUCCEEDED"})

    def test_bad_input_is_refused_by_its_field(self):
        cases = {
            "name": {"name": ""}, "trigger.type": {"trigger": {"type": "post.exploded"}},
            "trigger.params.cron": {"trigger": {"type": "schedule", "params": {"cron": "61 * * * *"}}},
            "trigger.params.timezone": {"trigger": {"type": "schedule", "params": {"cron": "* * * * *", "timezone": "Mars/Base"}}},
            "trigger.params": {"trigger": {"type": "post.created", "params": {"cron": "* * * * *"}}},
            "conditions.data.title.$like": {"conditions": {"data.title": {"$like": "x"}}}, "actions": {"actions": []},
            "actions[0].type": {"actions": [{"type": "explode"}]},
            "actions[0].colour": {"actions": [{"type": "add_tags", "tags": ["x"], "colour": "red"}]},
            "actions[0].campaignId": {"actions": [{"type": "add_to_campaign", "campaignId": "nothing"}]},
            "actions[0].caption": {"actions": [{"type": "create_draft_post", "caption": "{{>partial}}"}]},
            "actions[0].status": {"actions": [{"type": "update_post_status", "status": "PUBLISHED"}]},
            "actions[0].delayMinutes": {"actions": [{"type": "schedule_post"}]},
            "actions[0].to": {"actions": [{"type": "send_email", "to": ["nobody"], "subject": "x", "text": "x"}]},
            "actions[1].url": {"actions": [{"type": "add_tags", "tags": ["x"]}, {"type": "webhook_call", "url": "http://example.com/"}]},
            "actions[0].userIds[0]": {"actions": [{"type": "send_notification", "title": "x", "userIds": ["nobody"]}]},
            "brandIds[0]": {"brandIds": ["nothing"]}, "cooldownSeconds": {"cooldownSeconds": -1},
            "maxRunsPerHour": {"maxRunsPerHour": 0},
        }
        for field, fields in cases.items():
            with self.subTest(field):
                self.assertEqual(self.issues(**fields), [field])
        error = self.call("POST", "/api/automations", {"enabled": True}, 400)["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["name", "trigger", "actions"])

    def test_it_is_kept_changed_and_deleted_like_everything(self):
        automation = self.automate({"type": "schedule", "params": {"cron": "0 9 1 1 *", "timezone": "Europe/Berlin"}},
                                   [{"type": "send_notification", "title": "Happy new year"}])
        self.assertTrue(automation["nextRunAt"].endswith("-01-01T08:00:00Z"))
        path = f"/api/automations/{automation['id']}"
        off = self.call("PUT", path, {"enabled": False}, headers={"If-Match": '"1"'})
        self.assertEqual((off["nextRunAt"], off["name"], off["version"]), (None, "Test", 2))
        self.call("PUT", path, {"enabled": True}, 412, headers={"If-Match": '"1"'})
        other = self.server.organization(name="Other")["apiKey"]
        for method, at, body in [("GET", path, None), ("PUT", path, {"name": "x"}), ("DELETE", path, None),
                                 ("GET", path + "/runs", None), ("POST", path + "/dry-run", {})]:
            self.call(method, at, body, 404, key=other)
        self.assertIn(automation["id"], [a["id"] for a in self.call("GET", "/api/automations")["data"]])
        self.call("DELETE", path)
        self.call("GET", path, status=404)
        writer = self.call("POST", "/api/keys", {"name": "w", "scope": "read-write"}, 201)["key"]
        self.call("POST", "/api/automations", {}, 403, key=writer)
        self.call("GET", "/api/automations", key=writer)

    def test_answers_follow_the_document(self):
        document = self.server.call("GET", "/api/openapi.json").json
        automation = self.automate(
            "post.created", [{"type": "send_notification", "title": "x"},
                             {"type": "webhook_call", "url": self.receiver.url + "/shape", "secret": "a secret of mine"}],
            {"data.title": {"$neq": "nobody"}})
        self.post(caption="Shape")
        self.runs(automation)
        path = f"/api/automations/{automation['id']}"
        for method, at in [("GET", "/api/automations"), ("GET", path), ("GET", path + "/runs"), ("POST", path + "/dry-run"),
                           ("GET", "/api/notifications")]:
            operation = document["paths"][re.sub(automation["id"], "{id}", at)][method.lower()]
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            answer = self.call(method, at, {} if method == "POST" else None)
            jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer)

    def test_a_killed_server_neither_loses_nor_doubles_a_run(self):
        automation = self.automate(
            "post.created", [{"type": "create_draft_post", "caption": "Copy of {{data.title}}"}],
            {"data.title": {"$startsWith": "Origin"}}, maxRunsPerHour=3600)
        count = 150
        fields = {"brandId": self.brand, "platforms": ["mastodon"]}
        bulk = {"posts": [fields | {"caption": f"Origin {n}"} for n in range(count)]}
        report = self.call("POST", "/api/posts/bulk", bulk)
        self.assertEqual({r["status"] for r in report["results"]}, {201})
        for _ in range(3):
            time.sleep(0.15)
            self.server.stop(signal.SIGKILL)
            self.server.start()
        database = sqlite3.connect(f"{self.server.folder}/audenci.sqlite")
        self.addCleanup(database.close)
        copies = lambda: [r[0] for r in database.execute("SELECT caption FROM post WHERE caption LIKE 'Copy of %'")]
        until(lambda: len(copies()) >= count, 60, "a copy of each post")
        until(lambda: database.execute("SELECT count(*) FROM automation_run WHERE automation_id = ? AND code = 'conditions'",
                                       (automation["id"],)).fetchone()[0] >= count, 60, "a look at each copy")
        self.assertEqual(sorted(copies()), sorted(f"Copy of Origin {n}" for n in range(count)))


if __name__ == "__main__":
    import unittest

    unittest.main()
