"""Comments and mentions: from the platform to a signed event, and back as a reply; over HTTP, on the real binary."""
import hashlib
import hmac
import json
import socket
import time
import urllib.request

import standardwebhooks

from harness import Authority, Process, Receiver, Server, header, until
from test_posts import API
from test_team import Team

SECRET, TOKEN = "a meta app secret", "a verify token"


class Inbox(Team):
    @classmethod
    def setUpClass(cls):
        authority = Authority()
        cls.receiver = Receiver(authority)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        cls.server = Server(
            None, AUDENCI_OUTBOUND_CA_FILE=authority.ca, AUDENCI_META_APP_SECRET=SECRET, AUDENCI_META_VERIFY_TOKEN=TOKEN,
            AUDENCI_META_BASE_URL=f"http://127.0.0.1:{port}/facebook",
            AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{cls.receiver.port},127.0.0.1:{port}")
        callback = f"http://127.0.0.1:{cls.server.port}/webhooks/meta"
        cls.simulator = Process("simulator", "--port", str(port), "--callback", callback, "--app-secret", SECRET)
        cls.simulator.wait_for("simulators listen")
        cls.simulated = f"http://127.0.0.1:{port}"
        cls.organization = cls.server.organization()
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]
        cls.accounts = {a["platform"]: a["id"] for a in cls.organization["socialAccounts"]}
        answer = cls.server.call(
            "POST", "/api/webhooks", {"url": cls.receiver.url + "/hook", "events": ["comment.received", "mention.detected"]}, cls.key)
        cls.secret = answer.json["secret"]

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.simulator.stop()
        cls.receiver.stop()

    def published(self, platform, **fields):
        post = self.post(platforms=[platform], **fields)
        done = self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})
        self.assertEqual(done["status"], "PUBLISHED", done)
        return done

    def comment(self, platform, post, text, author="jane", status=201):
        return self.call("POST", f"/api/sandbox/accounts/{self.accounts[platform]}/comments",
                         {"postId": post, "author": author, "text": text}, status)

    def item(self, text):
        return until(lambda: next(iter(self.call("GET", f"/api/inbox?text={text}")["data"]), None), 5, text)

    def told(self, text):
        return [r for r in self.receiver.received if json.loads(r["body"])["data"]["text"] == text]

    def test_what_is_said_arrives_signed_within_two_seconds(self):
        for platform in ("mastodon", "instagram", "facebook"):
            post = self.published(platform)
            start = time.time()
            remark = self.comment(platform, post["id"], f"Love it on {platform}!")
            self.call("POST", f"/api/sandbox/accounts/{self.accounts[platform]}/mentions",
                      {"author": "joe", "text": f"Thanks to @acme on {platform}"}, 201)
            texts = [f"Love it on {platform}!", f"Thanks to @acme on {platform}"]
            self.assertTrue(self.receiver.wait_until(lambda _: all(self.told(t) for t in texts), 10))
            comment, mention = (self.told(t)[0] for t in texts)
            for request in (comment, mention):
                self.assertLess(request["at"] - start, 2, platform)
                body = request["body"]
                self.assertEqual(header(request, "X-Audenci-Signature"), hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest())
                standard = {n: header(request, n) for n in ("webhook-id", "webhook-timestamp", "webhook-signature")}
                standardwebhooks.Webhook(self.secret).verify(body, standard)
                self.assertEqual(list(json.loads(body)), ["event", "timestamp", "data", "organizationId", "brandId"])
            comment, mention = json.loads(comment["body"]), json.loads(mention["body"])
            self.assertEqual((comment["event"], mention["event"]), ("comment.received", "mention.detected"))
            self.assertEqual((comment["data"]["postId"], comment["data"]["author"], comment["data"]["platform"]), (post["id"], "jane", platform))
            self.assertEqual((comment["brandId"], comment["organizationId"]), (self.brand, self.organization["organizationId"]))
            item = self.call("GET", f"/api/inbox/{comment['data']['inboxItemId']}")
            self.assertEqual((item["platformItemId"], item["kind"], item["status"]), (remark["id"], "COMMENT", "NEW"))
        self.call("POST", "/api/inbox/refresh", status=202)
        time.sleep(1)
        self.assertTrue(all(len(self.told(t)) == 1 for t in texts))

    def test_a_reply_becomes_visible_on_the_platform_and_is_no_item(self):
        for platform in ("mastodon", "instagram", "facebook"):
            post = self.published(platform)
            self.comment(platform, post["id"], f"Question-{platform}?")
            item = self.item(f"Question-{platform}")
            answered = self.call("POST", f"/api/inbox/{item['id']}/reply", {"text": "Here is the answer"}, 202,
                                 headers={"Idempotency-Key": f"reply-{platform}"})
            self.assertEqual((answered["status"], [r["state"] for r in answered["replies"]]), ("REPLIED", ["SENT"]))
            self.call("POST", f"/api/inbox/{item['id']}/reply", {"text": "Here is the answer"}, 202,
                      headers={"Idempotency-Key": f"reply-{platform}"})
            said = self.call("GET", f"/api/sandbox/accounts/{self.accounts[platform]}/comments")["data"]
            ours = [r for r in said if r["own"] and r["parentId"] == item["platformItemId"]]
            self.assertEqual([r["id"] for r in ours], [answered["replies"][0]["platformReplyId"]])
            self.assertTrue(ours[0]["text"].endswith("Here is the answer"))
            self.call("POST", "/api/inbox/refresh", status=202)
            time.sleep(0.5)
            self.assertEqual(self.call("GET", f"/api/inbox?postId={post['id']}")["data"][0]["id"], item["id"])
            self.assertEqual(len(self.call("GET", f"/api/inbox?postId={post['id']}")["data"]), 1)

    def test_items_are_filtered_assigned_and_put_away(self):
        post = self.published("facebook")
        self.comment("facebook", post["platformResults"]["facebook"]["postId"], "Filter me 100%_sure", author="Zoë")
        item = self.item("100%25_SURE")
        listed = lambda query: [i["id"] for i in self.call("GET", "/api/inbox?limit=100&" + query)["data"]]
        for query in ("kind=COMMENT", "status=NEW", "platform=facebook", f"brandId={self.brand}", f"postId={post['id']}",
                      f"socialAccountId={self.accounts['facebook']}", "text=zo%C3%AB", "since=2020-01-01T00:00:00Z", "assigned=false"):
            self.assertIn(item["id"], listed(query), query)
        for query in ("kind=MENTION", "status=ARCHIVED,HIDDEN", "platform=mastodon", "brandId=other", "text=100__sure", "since=2099-01-01T00:00:00Z",
                      "assigned=true"):
            self.assertNotIn(item["id"], listed(query), query)
        grace = self.member(self.join("CREATOR", "inbox@acme.test", "Inga"))["userId"]
        changed = self.call("PUT", f"/api/inbox/{item['id']}", {"status": "READ", "assigneeUserId": grace})
        self.assertEqual((changed["status"], changed["assigneeUserId"], changed["version"]), ("READ", grace, item["version"] + 1))
        self.assertEqual(listed(f"assigneeUserId={grace}"), [item["id"]])
        self.assertEqual(self.call("PATCH", f"/api/inbox/{item['id']}", {"assigneeUserId": None})["assigneeUserId"], None)
        self.call("PUT", f"/api/inbox/{item['id']}", {"status": "NEW"}, 412, headers={"If-Match": '"1"'})
        summary = self.call("GET", f"/api/inbox/summary?postId={post['id']}")
        self.assertEqual((summary["total"], summary["unread"], summary["byStatus"], summary["byKind"]), (1, 0, {"READ": 1}, {"COMMENT": 1}))
        self.assertTrue(all(a["checkedAt"] and not a["lastError"] for a in summary["accounts"] if a["socialAccountId"] == item["socialAccountId"]))
        hidden = self.call("POST", f"/api/inbox/{item['id']}/hide")
        self.assertEqual(hidden["status"], "HIDDEN")
        said = self.call("GET", f"/api/sandbox/accounts/{self.accounts['facebook']}/comments")["data"]
        self.assertEqual([r["hidden"] for r in said if r["id"] == item["platformItemId"]], [True])
        self.call("POST", f"/api/inbox/{item['id']}/reply", {"text": "x"}, 409)
        self.call("PUT", f"/api/inbox/{item['id']}", {"status": "NEW"}, 409)
        self.assertEqual(self.call("POST", f"/api/inbox/{item['id']}/hide", {"hidden": False})["status"], "READ")

    def test_pages_follow_each_other(self):
        account = self.accounts["instagram"]
        for number in range(5):
            self.call("POST", f"/api/sandbox/accounts/{account}/mentions", {"author": "ann", "text": f"paged {number}"}, 201)
        until(lambda: len(self.call("GET", "/api/inbox?text=paged")["data"]) == 5, 5, "five mentions")
        seen, cursor = [], ""
        while cursor is not None:
            page = self.call("GET", f"/api/inbox?text=paged&limit=2{cursor and '&cursor=' + cursor}")
            seen += [i["text"] for i in page["data"]]
            cursor = page["pagination"]["nextCursor"]
        self.assertEqual(sorted(seen), [f"paged {n}" for n in range(5)])

    def test_bad_input_says_what_is_wrong(self):
        field = lambda answer: [d["field"] for d in answer["error"]["details"]]
        post = self.published("mastodon")
        self.comment("mastodon", post["id"], "Badly asked")
        item = self.item("Badly")
        path = f"/api/inbox/{item['id']}"
        self.assertEqual(field(self.call("PUT", path, {"status": "HIDDEN"}, 400)), ["status"])
        self.assertEqual(field(self.call("PUT", path, {"status": "GONE"}, 400)), ["status"])
        self.assertEqual(field(self.call("PUT", path, {"assigneeUserId": "nobody"}, 400)), ["assigneeUserId"])
        self.assertEqual(field(self.call("PUT", path, {"text": "x"}, 400)), ["text"])
        self.assertEqual(field(self.call("POST", path + "/reply", {"text": "  "}, 400)), ["text"])
        self.assertEqual(field(self.call("POST", path + "/reply", {"text": "x" * 501}, 400)), ["text"])
        self.assertEqual(field(self.call("POST", path + "/reply", {}, 400)), ["text"])
        self.assertEqual(field(self.call("GET", "/api/inbox?kind=LETTER", status=400)), ["kind"])
        self.assertEqual(field(self.call("GET", "/api/inbox?colour=red", status=400)), ["colour"])
        self.assertIn("mastodon", self.call("POST", path + "/hide", status=409)["error"]["message"])
        self.assertEqual(field(self.comment("mastodon", "nothing", "x", status=400)), ["postId"])
        self.call("GET", "/api/inbox/unknown", status=404)
        viewer = self.join("VIEWER", "inboxviewer@acme.test", "Vera")
        self.call("GET", path, key=viewer)
        self.call("POST", path + "/reply", {"text": "x"}, 403, key=viewer)
        other = self.server.organization(name="Other")["apiKey"]
        self.call("GET", path, status=404, key=other)
        self.assertEqual(self.call("GET", "/api/inbox", key=other)["data"], [])

    # Meta's webhooks

    def notify(self, body, secret=SECRET, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        return self.server.call("POST", "/webhooks/meta", raw=raw, headers={"X-Hub-Signature-256": signature} | headers)

    def external(self, platform):
        return self.call("GET", f"/api/social/accounts/{self.accounts[platform]}")["externalId"]

    def feed(self, text, comment="900_901"):
        return {"object": "page", "entry": [{"id": self.external("facebook"), "time": int(time.time()), "changes": [
            {"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": comment, "post_id": "1_900", "parent_id": "1_900",
                                        "from": {"id": "9", "name": "Jane Doe"}, "message": text, "created_time": int(time.time())}}]}]}

    def test_meta_verifies_the_callback_once(self):
        ask = lambda token, mode="subscribe", challenge="1158201444": self.server.call(
            "GET", f"/webhooks/meta?hub.mode={mode}&hub.verify_token={token.replace(' ', '%20')}&hub.challenge={challenge}")
        answer = ask(TOKEN)
        self.assertEqual((answer.status, answer.body), (200, b"1158201444"))
        self.assertEqual(ask("wrong").status, 403)
        self.assertEqual(ask(TOKEN, mode="other").status, 403)
        self.assertEqual(ask(TOKEN, challenge="%3Cscript%3E").status, 400)

    def test_meta_is_believed_by_its_signature_alone(self):
        body = self.feed("Signed by Meta")
        self.assertEqual(self.notify(body, secret="wrong").status, 403)
        self.assertEqual(self.server.call("POST", "/webhooks/meta", body).error["code"], "forbidden")
        self.assertEqual(self.notify(body, **{"X-Hub-Signature-256": "sha256="}).status, 403)
        self.assertEqual(self.notify(b"not json").status, 400)
        self.assertEqual(self.notify(b"x" * 1_100_000).status, 413)
        self.assertEqual(self.call("GET", "/api/inbox?text=Signed")["data"], [])
        start = time.time()
        for _ in range(3):
            self.assertEqual(self.notify(body).status, 200)
        self.assertTrue(self.receiver.wait_until(lambda _: self.told("Signed by Meta"), 10))
        self.assertLess(self.told("Signed by Meta")[0]["at"] - start, 2)
        item = self.item("Signed")
        self.assertEqual((item["authorName"], item["platformItemId"], item["postId"]), ("Jane Doe", "900_901", None))
        self.assertEqual(self.notify({"object": "page", "entry": []}).status, 200)
        time.sleep(0.5)
        self.assertEqual(len(self.told("Signed by Meta")), 1)

    def test_a_mention_that_meta_only_names_is_looked_up(self):
        account = self.accounts["instagram"]
        mention = self.call("POST", f"/api/sandbox/accounts/{account}/mentions", {"author": "ann", "text": "named only"}, 201)
        body = {"object": "instagram", "entry": [{"id": self.external("instagram"), "time": int(time.time()), "changes": [
            {"field": "mentions", "value": {"media_id": mention["id"]}}]}]}
        self.assertEqual(self.notify(body).status, 200)
        self.item("named%20only")
        time.sleep(0.5)
        self.assertEqual(len(self.call("GET", "/api/inbox?text=named%20only")["data"]), 1)
        self.assertEqual(len(self.told("named only")), 1)

    def test_a_platform_in_a_process_of_its_own_is_read_and_answered(self):
        account = self.connect("mastodon", "42")
        post = self.published("mastodon", socialAccountIds=[account["id"]])
        remark, _ = self.simulator_says("comments", platform="mastodon", postId=post["platformResults"]["mastodon"]["postId"],
                                        author="jane@far.example", text="From afar")
        def seen():
            self.call("POST", "/api/inbox/refresh", {"socialAccountId": account["id"]}, 202)
            return next(iter(self.call("GET", f"/api/inbox?socialAccountId={account['id']}")["data"]), None)
        item = until(seen, 90, "the comment is read")
        self.assertEqual((item["platformItemId"], item["authorHandle"], item["postId"]), (remark["id"], "jane@far.example", post["id"]))
        answered = self.call("POST", f"/api/inbox/{item['id']}/reply", {"text": "Hello afar"}, 202)
        self.assertEqual(answered["replies"][0]["state"], "SENT")
        self.assertEqual([(r["text"], r["parentId"]) for r in self.own()], [("@jane@far.example Hello afar", remark["id"])])

    def test_a_platform_that_hangs_holds_up_nobody_else(self):
        account = self.connect("mastodon", "43")
        fault = {"platform": "mastodon", "account": "43", "step": "read", "mode": "timeout_before_effect", "count": 100}
        self.simulator_says("faults", **fault)
        self.call("POST", "/api/inbox/refresh", {"socialAccountId": account["id"]}, 202)
        post = self.published("mastodon", socialAccountIds=[self.accounts["mastodon"]])
        start = time.time()
        self.comment("mastodon", post["id"], "Meanwhile")
        self.assertTrue(self.receiver.wait_until(lambda _: self.told("Meanwhile"), 10))
        self.assertLess(self.told("Meanwhile")[0]["at"] - start, 2)

    def test_the_simulators_own_webhook_brings_a_comment_at_once(self):
        for platform, number in (("facebook", "71"), ("instagram", "72")):
            account = self.connect(platform, number)
            post = self.published(platform, socialAccountIds=[account["id"]])
            start = time.time()
            comment, told = self.simulator_says("comments", platform=platform, postId=post["platformResults"][platform]["postId"],
                                                author="jane", text=f"By webhook on {platform}")
            self.assertEqual(told, "200")
            mention, told = self.simulator_says("mentions", platform=platform, account=number, author="joe", text=f"Named on {platform}")
            self.assertEqual(told, "200")
            texts = [f"By webhook on {platform}", f"Named on {platform}"]
            self.assertTrue(self.receiver.wait_until(lambda _: all(self.told(t) for t in texts), 10))
            self.assertLess(max(self.told(t)[0]["at"] for t in texts) - start, 2)
            self.assertEqual(json.loads(self.told(texts[0])[0]["body"])["data"]["postId"], post["id"])
            ids = {i["platformItemId"] for i in self.call("GET", f"/api/inbox?socialAccountId={account['id']}")["data"]}
            self.assertEqual(ids, {comment["id"], mention["id"]})

    def connect(self, platform, number):
        return self.call("POST", "/api/social/accounts", {
            "brandId": self.brand, "platform": platform, "baseUrl": f"{self.simulated}/{platform}", "accessToken": f"sandbox:{number}",
            "externalId": number}, 201)

    def simulator_says(self, what, **body):
        request = urllib.request.Request(f"{self.simulated}/__sim/{what}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read()), answer.headers["X-Webhook-Status"]

    def own(self):
        with urllib.request.urlopen(f"{self.simulated}/__sim/remarks", timeout=10) as answer:
            return [r for r in json.loads(answer.read())["remarks"] if r["own"]]


class Killed(API):
    def test_a_kill_between_a_comment_and_its_event_loses_neither(self):
        post = self.post()
        self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})
        for number in range(5):
            self.call("POST", f"/api/sandbox/accounts/{self.accounts['mastodon']}/comments",
                      {"postId": post["id"], "author": "jane", "text": f"killed {number}"}, 201)
            self.server.stop(9)
            self.server.start()
        texts = lambda: sorted(d["text"] for d in self.events("comment.received"))
        until(lambda: texts() == [f"killed {n}" for n in range(5)], 10, "every comment is told once")
        self.assertEqual(len(self.call("GET", "/api/inbox?limit=100")["data"]), 5)
