"""The main job: a scheduled post is published and its signed webhooks arrive, verified by others' libraries."""
import hashlib
import hmac
import json
import subprocess
import unittest

import standardwebhooks
import svix

from harness import BINARY, Authority, EndToEndTest, Receiver, Server, events, header, soon, until


class MainJob(EndToEndTest):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()

    def start(self, **flags):
        self.receiver = self.keep(Receiver(self.authority))
        self.server = self.keep(
            Server(None, AUDENCI_OUTBOUND_CA_FILE=self.authority.ca, AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{self.receiver.port}",
                   AUDENCI_WEBHOOK_RETRY_SCHEDULE="1s,1s,2s"))
        self.mine = self.server.organization()
        self.key = self.mine["apiKey"]

    def webhook(self, **fields):
        body = {"url": self.receiver.url + "/webhook", "events": ["*"]} | fields
        answer = self.server.call("POST", "/api/webhooks", body, self.key)
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(answer.headers["location"], "/api/webhooks/" + answer.json["id"])
        return answer.json

    def post(self, **fields):
        body = {"brandId": self.mine["brandId"], "caption": "Check out our new product!", "platforms": ["instagram", "facebook"],
                "scheduledFor": soon(2), "status": "SCHEDULED"} | fields
        return self.server.call("POST", "/api/posts", body, self.key)

    def verify(self, request, secret):
        body = request["body"]
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        self.assertEqual(header(request, "X-Audenci-Signature"), expected)
        standard = {n: header(request, n) for n in ("webhook-id", "webhook-timestamp", "webhook-signature")}
        self.assertEqual(standardwebhooks.Webhook(secret).verify(body, standard), json.loads(body))
        svix.Webhook(secret).verify(body, standard)
        for verifier, error in [(standardwebhooks.Webhook(secret), standardwebhooks.WebhookVerificationError),
                                (svix.Webhook(secret), svix.WebhookVerificationError)]:
            with self.assertRaises(error):
                verifier.verify(body + b" ", standard)

    def test_the_seeds_post_goes_the_whole_way(self):
        self.start()
        failures = [1]
        self.receiver.answer = lambda _: (500, {}, b"not now") if failures and failures.pop() else (204, {}, b"")
        webhook = self.webhook(headers={"Authorization": "Bearer canary-header-value"})
        created = self.post()
        self.assertEqual(created.status, 201, created.body)
        post = created.json["id"]
        self.assertEqual(created.headers["location"], f"/api/posts/{post}")
        self.assertTrue(any("instagram" in w for w in created.json["warnings"]))
        self.assertTrue(self.receiver.wait_until(lambda r: "post.published" in events(r) and len(r) >= 6))
        for request in self.receiver.received:
            self.verify(request, webhook["secret"])
            self.assertEqual(header(request, "Authorization"), "Bearer canary-header-value")
            names = [n for n, _ in request["headers"]]
            self.assertEqual(names[:4], ["Host", "Content-Type", "User-Agent", "X-Audenci-Signature"])
            self.assertEqual(header(request, "X-Audenci-Event"), json.loads(request["body"])["event"])
        by_event = {}
        for request in self.receiver.received:
            by_event.setdefault(header(request, "webhook-id"), []).append(request)
        self.assertEqual(len(by_event), 5)
        for copies in by_event.values():
            self.assertEqual(len({c["body"] for c in copies}), 1)
        published = json.loads(next(r for r in self.receiver.received if b'"post.published"' in r["body"])["body"])
        self.assertEqual(list(published), ["event", "timestamp", "data", "organizationId", "brandId"])
        self.assertEqual(list(published["data"]), ["postId", "title", "platforms", "scheduledFor", "platformResults"])
        self.assertEqual(published["data"]["postId"], post)
        self.assertTrue(all(r["success"] for r in published["data"]["platformResults"].values()))
        self.check_log(webhook["id"])
        self.check_published(post, published)

    def check_log(self, webhook):
        path = f"/api/webhooks/{webhook}/deliveries"
        done = lambda: (d := self.server.call("GET", path, key=self.key).json["data"]) and all(x["state"] == "succeeded" for x in d) and d
        deliveries = until(done, 10, "all deliveries succeed")
        self.assertEqual(sorted(d["sequence"] for d in deliveries), [1, 2, 3, 4, 5])
        retried = [d for d in deliveries if d["attempts"] > 1]
        self.assertEqual(len(retried), 1)
        attempts = self.server.call("GET", f"/api/deliveries/{retried[0]['id']}/attempts", key=self.key).json["data"]
        self.assertEqual([a["statusCode"] for a in attempts], [500, 204])
        self.assertEqual(attempts[0]["response"]["body"], "not now")
        self.assertEqual(attempts[0]["request"]["headers"]["Authorization"], "[redacted]")
        self.assertGreater(attempts[0]["phases"]["tls"], 0)

    def check_published(self, post, published):
        now = self.server.call("GET", f"/api/posts/{post}", key=self.key).json
        self.assertEqual((now["status"], now["platformResults"]), ("PUBLISHED", published["data"]["platformResults"]))
        for publication in self.server.call("GET", f"/api/posts/{post}/publications", key=self.key).json["data"]:
            self.assertEqual([e["state"] for e in publication["journal"]], ["ARMED", "CONFIRMED"])
        account = next(a["id"] for a in self.mine["socialAccounts"] if a["platform"] == "instagram")
        visible = self.server.call("GET", f"/api/sandbox/accounts/{account}/posts", key=self.key).json["data"]
        self.assertEqual([(v["text"], v["mediaCount"]) for v in visible], [("Check out our new product!", 1)])

    def test_posts_can_be_listed_by_every_filter(self):
        self.start()
        campaigns = [self.server.call(
            "POST", "/api/campaigns", {"name": f"Campaign {n}", "brandId": self.mine["brandId"]}, self.key).json["id"] for n in range(5)]
        ids = [self.post(caption=f"Post {n} 100%_sure", platforms=["mastodon"], scheduledFor=f"203{n}-01-01T00:00:00Z",
                         campaignId=campaigns[n]).json["id"] for n in range(5)]
        listed = lambda query: [p["id"] for p in self.server.call("GET", "/api/posts?" + query, key=self.key).json["data"]]
        self.assertEqual(listed("status=SCHEDULED&limit=100"), ids[::-1])
        self.assertEqual(listed("status=DRAFT"), [])
        self.assertEqual(listed("platform=mastodon&status=DRAFT,SCHEDULED"), ids[::-1])
        self.assertEqual(listed("platform=facebook"), [])
        self.assertEqual(listed(f"campaignId={campaigns[3]}"), [ids[3]])
        self.assertEqual(listed("scheduledFrom=2031-01-01T00:00:00Z&scheduledTo=2033-01-01T01:00:00%2B01:00"), ids[2:0:-1])
        self.assertEqual(listed("text=post%202"), [ids[2]])
        self.assertEqual(listed("text=100%25_"), ids[::-1])
        self.assertEqual(listed("text=%25%25"), [])
        self.assertEqual(listed(f"brandId={self.mine['brandId']}&limit=100"), ids[::-1])
        seen, path = [], "/api/posts?limit=2"
        while path:
            answer = self.server.call("GET", path, key=self.key)
            seen += [p["id"] for p in answer.json["data"]]
            path = answer.next_page
            self.assertEqual(answer.json["pagination"]["hasMore"], path is not None)
        self.assertEqual(seen, ids[::-1])

    def test_a_post_can_be_changed_and_deleted_until_it_is_published(self):
        self.start()
        post = self.post(platforms=["mastodon"], scheduledFor="2031-01-01T00:00:00Z").json
        path = f"/api/posts/{post['id']}"
        changed = self.server.call("PUT", path, {"caption": "New", "title": "T"}, self.key).json
        self.assertEqual((changed["caption"], changed["title"], changed["scheduledFor"], changed["version"]),
                         ("New", "T", "2031-01-01T00:00:00Z", 2))
        self.assertIsNone(self.server.call("PATCH", path, {"title": None}, self.key).json["title"])
        draft = self.server.call("PUT", path, {"status": "DRAFT"}, self.key)
        self.assertEqual(draft.json["status"], "DRAFT")
        refused = self.server.call("PUT", path, {"status": "PUBLISHED"}, self.key)
        self.assertEqual((refused.status, refused.error["details"][0]["field"]), (400, "status"))
        published = self.server.call("POST", path + "/publish", key=self.key)
        self.assertEqual((published.status, published.json["status"]), (202, "PUBLISHING"))
        until(lambda: self.server.call("GET", path, key=self.key).json["status"] == "PUBLISHED", 15, "published")
        again = self.server.call("POST", path + "/publish", key=self.key)
        self.assertEqual((again.status, again.error["code"]), (409, "invalid_transition"))
        self.assertEqual(self.server.call("PUT", path, {"caption": "Late"}, self.key).status, 409)
        self.assertEqual(self.server.call("DELETE", path, key=self.key).json, {"id": post["id"], "deleted": True})
        self.assertEqual(self.server.call("GET", path, key=self.key).status, 404)

    def test_bad_posts_name_their_fields(self):
        self.start()
        cases = [
            ({"scheduledFor": "2020-01-01T00:00:00Z"}, "scheduledFor"), ({"scheduledFor": "tomorrow"}, "scheduledFor"),
            ({"platforms": ["myspace"]}, "platforms[0]"), ({"platforms": ["tiktok"]}, "platforms"), ({"platforms": []}, "platforms"),
            ({"caption": "x" * 2201, "platforms": ["instagram", "facebook"]}, "caption"), ({"caption": 7}, "caption"),
            ({"brandId": "nobody"}, "brandId"), ({"status": "PUBLISHED"}, "status"), ({"socialAccountIds": ["x"]}, "socialAccountIds"),
            ({"media": [{"url": "http://x/y.jpg"}]}, "media[0].url"), ({"media": [{"altText": "x"}]}, "media[0].url"),
            ({"media": [{"url": f"https://x/{n}.jpg"} for n in range(5)], "platforms": ["mastodon"]}, "media"),
            ({"captoin": "typo"}, "captoin"), ({"visibility": "friends"}, "visibility"), ({"link": "ftp://x"}, "link"),
        ]
        for fields, named in cases:
            answer = self.post(**fields)
            self.assertEqual(answer.status, 400, (fields, answer.body))
            self.assertIn(named, [d["field"] for d in answer.error["details"]], fields)
        self.server.call("PUT", f"/api/brands/{self.mine['brandId']}", {"brandCards": False}, self.key)
        refused = self.post()
        self.assertEqual((refused.status, refused.error["details"][0]["field"]), (400, "media"))
        self.assertIn("instagram", refused.error["details"][0]["issue"])

    def test_bad_webhook_urls_are_refused_with_a_reason(self):
        self.start()
        cases = {
            "http://example.com/x": "webhook_url_not_https", "https://user:pw@example.com/": "webhook_url_refused",
            "https://127.0.0.1/": "webhook_url_refused", "https://169.254.169.254/": "webhook_url_refused",
            "https://10.0.0.1/": "webhook_url_refused", "https://[::1]/": "webhook_url_refused",
            "https://localhost/": "webhook_url_refused", "https://example.com:22/": "webhook_url_refused",
            "https://2130706433/": "invalid_request", "https://example.com/#part": "invalid_request", "nonsense": "invalid_request",
        }
        for url, code in cases.items():
            answer = self.server.call("POST", "/api/webhooks", {"url": url, "events": ["*"]}, self.key)
            self.assertEqual((answer.status, answer.error["code"]), (400, code), (url, answer.body))
            self.assertEqual(answer.error["details"][0]["field"], "url")
        for events_, named in [(["post.exploded"], "events[0]"), ([], "events"), ("*", "events")]:
            answer = self.server.call("POST", "/api/webhooks", {"url": "https://example.com/", "events": events_}, self.key)
            self.assertEqual((answer.status, answer.error["details"][0]["field"]), (400, named))
        for headers in [{"Host": "x"}, {"X-Audenci-Event": "x"}, {"A": "b\r\nC: d"}, {"a b": "c"}, {"A": "x" * 4097}]:
            answer = self.server.call(
                "POST", "/api/webhooks", {"url": "https://example.com/", "events": ["*"], "headers": headers}, self.key)
            self.assertEqual((answer.status, answer.error["details"][0]["field"]), (400, "headers"), headers)

    def test_a_receiver_that_nobody_vouches_for_is_refused_clearly(self):
        self.start()
        stranger = self.keep(Receiver(Authority()))
        self.server.stop()
        self.server.env["AUDENCI_OUTBOUND_ALLOW"] = "127.0.0.1"
        self.server.start()
        webhook = self.webhook(url=stranger.url + "/x")
        tested = self.server.call("POST", f"/api/webhooks/{webhook['id']}/test", {"event": "post.published"}, self.key).json
        self.assertFalse(tested["success"])
        self.assertEqual(tested["attempt"]["errorClass"], "tls_untrusted")
        self.assertIn("certificate", tested["attempt"]["error"])
        self.assertEqual(stranger.received, [])

    def test_a_test_is_signed_and_logged(self):
        self.start()
        webhook = self.webhook(events=["post.failed"])
        tested = self.server.call("POST", f"/api/webhooks/{webhook['id']}/test", key=self.key).json
        self.assertTrue(tested["success"], tested)
        self.assertEqual(events(self.receiver.received), ["webhook.test"])
        self.verify(self.receiver.received[0], webhook["secret"])
        self.assertEqual(header(self.receiver.received[0], "X-Audenci-Test"), "true")

    def test_a_disabled_webhook_loses_nothing(self):
        self.start()
        webhook = self.webhook(enabled=False, events=["post.created"])
        for n in range(3):
            self.assertEqual(self.post(status="DRAFT", caption=f"Post {n}").status, 201)
        states = lambda: [d["state"] for d in self.server.call("GET", f"/api/webhooks/{webhook['id']}/deliveries", key=self.key).json["data"]]
        self.assertEqual(states(), ["held"] * 3)
        self.server.call("POST", f"/api/webhooks/{webhook['id']}/enable", key=self.key)
        self.assertTrue(self.receiver.wait_until(lambda r: len(r) == 3))
        until(lambda: states() == ["succeeded"] * 3, 10, "all succeed")
        self.assertEqual([header(r, "X-Audenci-Sequence") for r in sorted(self.receiver.received, key=lambda r: int(header(r, "X-Audenci-Sequence")))],
                         ["1", "2", "3"])

    def test_gone_disables_and_redirects_are_not_followed(self):
        self.start()
        self.receiver.answer = lambda r: (302, {"Location": self.receiver.url + "/elsewhere"}, b"") if r["path"] == "/moved" else (410, {}, b"")
        moved = self.webhook(url=self.receiver.url + "/moved", events=["post.created"], retry={"schedule": []})
        gone = self.webhook(url=self.receiver.url + "/gone", events=["post.created"])
        self.post(status="DRAFT")
        state = lambda w: [d["state"] for d in self.server.call("GET", f"/api/webhooks/{w['id']}/deliveries", key=self.key).json["data"]]
        until(lambda: state(moved) == ["failed"] and state(gone) == ["failed"], 10, "both fail")
        self.assertNotIn("/elsewhere", [r["path"] for r in self.receiver.received])
        self.assertFalse(self.server.call("GET", f"/api/webhooks/{gone['id']}", key=self.key).json["enabled"])
        self.assertIn("410", self.server.call("GET", f"/api/webhooks/{gone['id']}", key=self.key).json["disabledReason"])
        self.assertTrue(self.server.call("GET", f"/api/webhooks/{moved['id']}", key=self.key).json["enabled"])

    def test_nothing_secret_is_in_the_log_or_the_file(self):
        self.start()
        webhook = self.webhook(headers={"Authorization": "Bearer canary-header-value"})
        account = self.server.call("POST", "/api/social/accounts", {
            "brandId": self.mine["brandId"], "platform": "mastodon", "baseUrl": "https://mastodon.invalid", "accessToken": "canary-token"},
            self.key)
        self.assertEqual(account.status, 400, account.body)
        self.post(platforms=["mastodon"], scheduledFor=soon(1))
        self.assertTrue(self.receiver.wait_until(lambda r: "post.published" in events(r)))
        self.server.call("GET", "/api/posts?text=canary-query", key=self.key)
        self.server.stop()
        log = self.server.process.text()
        files = b"".join(p.read_bytes() for p in __import__("pathlib").Path(self.server.folder).iterdir() if "sqlite" in p.name)
        for secret in [self.key, webhook["secret"], "canary-header-value", "canary-token"]:
            self.assertNotIn(secret, log)
            self.assertNotIn(secret.encode(), files)
        self.assertNotIn("canary-query", log)

    def test_the_demo_does_it_all_by_itself(self):
        done = subprocess.run([str(BINARY), "demo"], capture_output=True, text=True, timeout=90)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("All of it really happened.", done.stdout)


if __name__ == "__main__":
    unittest.main()
