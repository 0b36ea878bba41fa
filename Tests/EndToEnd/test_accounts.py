"""Connecting accounts by OAuth, their health and their tokens: the real binary, and the platforms as a process of their own."""
import html
import http.client
import json
import re
import shutil
import socket
import sqlite3
import tempfile
import time
import urllib.parse

from harness import Answer, Process, Server, command, soon, until
from test_posts import API

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Platforms:
    """`audenci simulator`: its state survives a restart."""

    def __init__(self):
        self.folder, self.port = tempfile.mkdtemp(prefix="audenci-platforms-"), free_port()
        self.start()

    def start(self):
        self.process = Process("simulator", "--port", str(self.port), "--ledger", f"{self.folder}/ledger")
        self.process.wait_for(r"simulators listen on")

    def stop(self):
        self.process.stop()

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers or {})
            response = connection.getresponse()
            return Answer(f"{method} {path}", response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def person(self, platform, **who):
        assert self.call("POST", "/__sim/oauth", {"platform": platform} | who).status == 201

    def revoke(self, platform, account):
        assert self.call("POST", "/__sim/revoke", {"platform": platform, "account": account}).status == 204

    def posts(self, account):
        return [p["text"] for p in self.call("GET", "/__sim/ledger").json["posts"] if p["account"] == account]

    def url(self, platform):
        return f"http://127.0.0.1:{self.port}/{platform}"


class OwnPort(Server):
    """Knows its port before it starts: platforms send people back to it."""

    def start(self):
        self.port = self.port or free_port()
        self.env["AUDENCI_PUBLIC_URL"] = f"http://127.0.0.1:{self.port}"
        super().start()


class Connected(API):
    graph = "facebook"

    @classmethod
    def setUpClass(cls):
        cls.platforms = Platforms()
        cls.server = OwnPort(
            None, AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{cls.platforms.port}", AUDENCI_META_APP_ID="4711",
            AUDENCI_META_APP_SECRET="meta-secret-canary", AUDENCI_META_BASE_URL=cls.platforms.url(cls.graph))
        cls.organization = cls.server.organization()
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.platforms.stop()
        shutil.rmtree(cls.server.folder, ignore_errors=True)
        shutil.rmtree(cls.platforms.folder, ignore_errors=True)

    def setUp(self):
        for platform in ("mastodon", self.graph):
            self.platforms.person(platform)

    def start(self, platform="mastodon", status=200, key=None, **fields):
        where = {"baseUrl": self.platforms.url("mastodon")} if platform == "mastodon" else {}
        body = {"brandId": self.brand} | where | fields
        return self.call("POST", f"/api/social/connect/{platform}", body, status, key)

    def agree(self, start):
        """What the browser does at the platform: the path of ours that it is sent back to."""
        url = urllib.parse.urlsplit(start["url"])
        answer = self.platforms.call("GET", f"{url.path}?{url.query}")
        self.assertEqual(answer.status, 302, answer.body)
        back = urllib.parse.urlsplit(answer.headers["Location"])
        self.assertEqual(f"{back.scheme}://{back.netloc}{back.path}", f"http://127.0.0.1:{self.server.port}/oauth/callback")
        return f"{back.path}?{back.query}"

    def page(self, answer, status=200):
        self.assertEqual(answer.status, status, answer.body)
        self.assertTrue(answer.headers["content-type"].startswith("text/html"))
        text = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", answer.body.decode(), flags=re.S))
        for secret in ("oauth-access", "oauth-refresh", "oauth-user", "oauth-code", "meta-secret"):
            self.assertNotIn(secret, answer.body.decode())
        return text

    def back(self, path, status=200):
        return self.page(self.server.call("GET", path), status)

    def connect(self, platform="mastodon", **fields):
        self.assertIn("Connected", self.back(self.agree(self.start(platform, **fields))))

    def accounts(self, platform="mastodon"):
        found = self.call("GET", f"/api/social/accounts?platform={platform}&limit=100")["data"]
        return {a["externalId"]: a for a in found if not a["sandbox"]}

    def account(self, id):
        return self.call("GET", f"/api/social/accounts/{id}")

    def publish(self, account, caption):
        post = self.post(caption=caption, platforms=[account["platform"]], socialAccountIds=[account["id"]])
        return self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})

    def rows(self, sql, *values):
        database = sqlite3.connect(f"{self.server.folder}/audenci.sqlite", timeout=10)
        try:
            found = database.execute(sql, values).fetchall()
            database.commit()
            return found
        finally:
            database.close()


class Mastodon(Connected):
    def test_the_whole_round(self):
        self.platforms.person("mastodon", account="501")
        start = self.start(redirectTo="/settings?tab=accounts")
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(start["url"]).query))
        self.assertEqual((asked["state"], asked["code_challenge_method"], asked["response_type"]), (start["state"], "S256", "code"))
        self.assertEqual(len(asked["code_challenge"]), 43)
        answer = self.server.call("GET", self.agree(start))
        self.assertIn("Acme can publish as", " ".join(self.page(answer).split()))
        self.assertIn('href="/settings?tab=accounts"', answer.body.decode())
        account = self.accounts()["501"]
        self.assertEqual(
            (account["status"], account["username"], account["accountType"], account["followerCount"], account["tokenExpiresAt"]),
            ("ACTIVE", "501", "PROFILE", 0, None))
        self.assertEqual(account["scopes"], ["read", "write:media", "write:statuses"])
        self.assertTrue(account["profileUrl"] and account["avatarUrl"] and account["lastVerifiedAt"])
        self.assertIn(account["id"], [e["socialAccountId"] for e in self.events("account.connected")])
        self.assertEqual(self.publish(account, "By OAuth")["status"], "PUBLISHED")
        self.assertEqual(self.platforms.posts("501"), ["By OAuth"])
        # One app for the instance, and nothing secret that can be read in the file.
        self.connect()
        self.assertEqual(self.rows("SELECT count(*) FROM oauth_app"), [(1,)])
        for name in ("audenci.sqlite", "audenci.sqlite-wal"):
            with open(f"{self.server.folder}/{name}", "rb") as file:
                bytes_ = file.read()
            for secret in (b"oauth-access", b"oauth-secret", b"oauth-code", start["state"].encode()):
                self.assertNotIn(secret, bytes_)

    def test_connecting_again_keeps_the_id(self):
        self.platforms.person("mastodon", account="502")
        self.connect()
        first = self.accounts()["502"]
        self.connect()
        self.connect(reconnect=first["id"])
        self.assertEqual(self.accounts()["502"]["id"], first["id"])

    def test_who_says_no_changes_nothing(self):
        self.platforms.person("mastodon", account="503", denies=True)
        path = self.agree(self.start(redirectTo="/back"))
        self.assertIn("error=access_denied", path)
        answer = self.server.call("GET", path)
        self.assertIn("permission was not given", self.page(answer, 403))
        self.assertIn('href="/back"', answer.body.decode())
        self.assertIn("is over", self.back(path, 409))
        self.assertNotIn("503", self.accounts())

    def test_a_state_works_once_and_for_ten_minutes(self):
        self.platforms.person("mastodon", account="504")
        path = self.agree(self.start())
        self.back(path)
        self.assertIn("is over", self.back(path, 409))
        late = self.agree(self.start())
        self.rows("UPDATE account_connection SET expires_at = 1 WHERE used_at IS NULL")
        self.assertIn("expired", self.back(late, 404))
        self.assertIn("not known", self.back("/oauth/callback?state=zzz&code=1", 404))
        self.back("/oauth/callback?code=1", 400)
        self.back("/oauth/callback", 400)
        self.back(f"/oauth/callback?state={self.start()['state']}", 400)

    def test_a_code_is_of_no_use_in_another_attempt(self):
        self.platforms.person("mastodon", account="505")
        mine, other = self.start(), self.start()
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.agree(other)).query))["code"]
        self.assertIn("does not accept", self.back(f"/oauth/callback?state={mine['state']}&code={code}", 400))
        self.assertNotIn("505", self.accounts())

    def test_only_whoever_may_can_begin(self):
        data = ("--data", self.server.folder, "--organization", self.organization["organizationId"])
        writer = command("keys", "create", *data, "--name", "w", "--scope", "read-write").split()[0]
        self.start(status=403, key=writer)
        developer = command("keys", "create", *data, "--name", "d", "--scope", "admin", "--development").split()[0]
        self.start(status=403, key=developer)
        other = self.server.organization(name="Other")
        self.assertEqual(self.start(status=400, brandId=other["brandId"])["error"]["details"][0]["field"], "brandId")
        theirs = other["socialAccounts"][0]["id"]
        self.assertEqual(self.start(status=400, reconnect=theirs)["error"]["details"][0]["field"], "reconnect")
        self.call("POST", "/api/social/connect/nonsense", {"brandId": self.brand}, 404)
        self.assertEqual(self.start("tiktok", 400)["error"]["details"][0]["field"], "platform")
        for path in ("//evil.example", "https://evil.example", "/\\evil.example", "settings", "/a b"):
            self.assertEqual(self.start(status=400, redirectTo=path)["error"]["details"][0]["field"], "redirectTo")
        for url in ("ftp://x.example", "https://user@x.example", "http://127.0.0.1:1/mastodon", "https://10.0.0.1"):
            self.assertEqual(self.start(status=400, baseUrl=url)["error"]["details"][0]["field"], "baseUrl", url)
        self.call("POST", "/api/social/connect/mastodon", {"brandId": self.brand}, 400)
        named = lambda answer: {d["field"] for d in answer["error"]["details"]}
        wrong = {"brandId": 1, "baseUrl": 1, "redirectTo": 1, "reconnect": 1, "zz": 1}
        self.assertEqual(named(self.call("POST", "/api/social/connect/mastodon", wrong, 400)), set(wrong))
        self.assertEqual(named(self.call("POST", "/api/social/connect/mastodon?zz=1", {"brandId": self.brand}, 400)), {"zz"})
        self.assertEqual(self.server.call("POST", "/api/social/connect/mastodon", {"brandId": self.brand}).status, 401)
        for method in ("GET", "PUT", "DELETE"):
            self.assertEqual(self.server.call(method, "/api/social/connect/mastodon", key=self.key).status, 405)
        self.call("POST", f"/api/social/accounts/{theirs}/verify", status=404)
        mine = self.organization["socialAccounts"][0]["id"]
        viewer = command("keys", "create", *data, "--name", "v", "--scope", "read-only").split()[0]
        self.call("POST", f"/api/social/accounts/{mine}/verify", status=403, key=viewer)
        self.call("POST", f"/api/social/accounts/{mine}/verify", status=412, headers={"If-Match": '"999"'})


class Tokens(Connected):
    def test_tokens_that_end_are_renewed_and_publishing_goes_on(self):
        self.platforms.person("mastodon", account="601", expiresIn=6)
        self.connect()
        first = self.accounts()["601"]
        later = until(lambda: (a := self.account(first["id"]))["tokenExpiresAt"] > first["tokenExpiresAt"] and a, 20, "a renewal")
        self.assertEqual((later["status"], later["lastErrorCode"]), ("ACTIVE", None))
        time.sleep(7)
        self.assertEqual(self.publish(later, "After the end")["status"], "PUBLISHED")
        self.assertGreater(self.rows("SELECT token_generation FROM social_account WHERE id = ?", first["id"])[0][0], 2)
        self.assertNotIn(first["id"], [e["socialAccountId"] for e in self.events("account.token_expiring")])
        self.call("DELETE", f"/api/social/accounts/{first['id']}")

    def test_a_platform_that_is_away_is_waited_for(self):
        self.platforms.person("mastodon", account="602", expiresIn=8)
        self.connect()
        account = self.accounts()["602"]
        self.platforms.stop()
        try:
            warned = until(lambda: (a := self.account(account["id"]))["status"] == "EXPIRING" and a, 20, "a warning")
            self.assertIn(warned["lastErrorCode"], ("platform_unreachable", "connection_lost"))
            time.sleep(4)
            self.assertEqual(self.account(account["id"])["status"], "EXPIRING")
            told = [e for e in self.events("account.token_expiring") if e["socialAccountId"] == account["id"]]
            self.assertEqual([e["expiresAt"] for e in told], [warned["tokenExpiresAt"]])
            post = self.post(caption="Waited for", socialAccountIds=[account["id"]])
            self.call("POST", f"/api/posts/{post['id']}/publish", status=202)
        finally:
            self.platforms.start()
        until(lambda: self.account(account["id"])["status"] == "ACTIVE", 20, "a renewal after all")
        until(lambda: self.call("GET", f"/api/posts/{post['id']}")["status"] == "PUBLISHED", 40, "the post")
        self.assertEqual(self.platforms.posts("602"), ["Waited for"])
        self.call("DELETE", f"/api/social/accounts/{account['id']}")

    def test_a_revoked_account_waits_for_a_person_and_comes_back_with_its_id(self):
        self.platforms.person("mastodon", account="603")
        self.connect()
        account = self.accounts()["603"]
        well = self.call("POST", f"/api/social/accounts/{account['id']}/verify")
        self.assertEqual((well["status"], well["lastErrorCode"]), ("ACTIVE", None))
        self.platforms.revoke("mastodon", "603")
        ill = self.call("POST", f"/api/social/accounts/{account['id']}/verify")
        self.assertEqual((ill["status"], ill["lastErrorCode"]), ("NEEDS_RECONNECT", "token_rejected"))
        self.assertIn("Connect the account again", ill["lastError"])
        told = [e for e in self.events("account.disconnected") if e["socialAccountId"] == account["id"]]
        self.assertEqual([(e["status"], e["reason"]) for e in told], [("NEEDS_RECONNECT", ill["lastError"])])
        refused = self.post(400, socialAccountIds=[account["id"]])["error"]
        self.assertEqual(refused["details"][0]["field"], "socialAccountIds")
        # Somebody else's profile is not this account.
        self.platforms.person("mastodon", account="604")
        self.assertIn("another profile", self.back(self.agree(self.start(reconnect=account["id"])), 409))
        self.platforms.person("mastodon", account="603")
        self.connect(reconnect=account["id"])
        again = self.account(account["id"])
        self.assertEqual((again["status"], again["lastError"], again["externalId"]), ("ACTIVE", None, "603"))
        self.assertEqual(len([e for e in self.events("account.connected") if e["socialAccountId"] == account["id"]]), 2)
        self.assertEqual(self.publish(again, "Back again")["status"], "PUBLISHED")

    def test_a_revoked_renewable_account_is_found_when_it_publishes(self):
        self.platforms.person("mastodon", account="605", expiresIn=3600)
        self.connect()
        account = self.accounts()["605"]
        self.platforms.revoke("mastodon", "605")
        self.assertEqual(self.publish(account, "Never seen")["status"], "FAILED")
        self.assertEqual(self.account(account["id"])["status"], "NEEDS_RECONNECT")
        self.assertEqual(self.platforms.posts("605"), [])

    def test_a_disconnected_account_keeps_nothing_and_its_posts_say_so(self):
        self.platforms.person("mastodon", account="606", expiresIn=3600)
        self.connect()
        account = self.accounts()["606"]
        post = self.post(status="SCHEDULED", scheduledFor=soon(3), socialAccountIds=[account["id"]])
        self.call("DELETE", f"/api/social/accounts/{account['id']}")
        self.call("GET", f"/api/social/accounts/{account['id']}", status=404)
        self.call("POST", f"/api/social/accounts/{account['id']}/verify", status=404)
        self.assertEqual(
            self.rows("SELECT token_sealed, refresh_sealed, next_check_at FROM social_account WHERE id = ?", account["id"]),
            [("", None, None)])
        self.assertIn("DISCONNECTED", [
            e["status"] for e in self.events("account.disconnected") if e["socialAccountId"] == account["id"]])
        failed = until(lambda: (p := self.call("GET", f"/api/posts/{post['id']}"))["status"] == "FAILED" and p, 20, "the failure")
        publication = self.call("GET", f"/api/posts/{post['id']}/publications")["data"][0]
        self.assertIn("DISCONNECTED", json.dumps(publication))
        self.assertIn("account_not_active", json.dumps([failed, publication]))


class Facebook(Connected):
    def choose(self, page, *profiles, status=200):
        choice = re.search(r'name=choice value="(\w+)"', page.body.decode()).group(1)
        body = urllib.parse.urlencode([("choice", choice)] + [("profile", p) for p in profiles]).encode()
        return self.page(self.server.call("POST", "/oauth/callback", raw=body, headers=FORM), status)

    def test_one_page_is_connected_at_once(self):
        self.platforms.person("facebook", account="700", profiles=["701"])
        start = self.start("facebook")
        self.assertIn("/facebook/dialog/oauth?", start["url"])
        self.assertIn("pages_manage_posts", start["url"])
        self.assertNotIn("meta-secret", start["url"])
        self.back(self.agree(start))
        account = self.accounts("facebook")["701"]
        self.assertEqual((account["status"], account["accountType"], account["tokenExpiresAt"]), ("ACTIVE", "PAGE", None))
        self.assertEqual(self.publish(account, "On a page")["status"], "PUBLISHED")
        self.assertEqual(self.platforms.posts("701"), ["On a page"])

    def test_of_several_pages_the_person_chooses(self):
        self.platforms.person("facebook", account="710", profiles=["711", "712", "713"])
        page = self.server.call("GET", self.agree(self.start("facebook")))
        self.assertIn("Which profiles?", self.page(page))
        self.assertIn("Connected", self.choose(page, "711", "713"))
        self.choose(page, "712", status=404)
        known = self.accounts("facebook")
        self.assertTrue({"711", "713"} <= set(known))
        self.assertNotIn("712", known)
        other = self.server.call("GET", self.agree(self.start("facebook")))
        self.choose(other, "999", status=400)
        none = self.server.call("GET", self.agree(self.start("facebook")))
        self.choose(none, status=400)
        # Connecting one again asks nothing: it is known which.
        self.connect("facebook", reconnect=known["713"]["id"])
        self.assertEqual(self.accounts("facebook")["713"]["id"], known["713"]["id"])

    def test_a_person_without_pages_is_told(self):
        self.platforms.person("facebook", account="720", profiles=[])
        self.assertIn("You have no page", self.back(self.agree(self.start("facebook")), 400))

    def test_the_app_secret_goes_where_the_operator_said(self):
        error = self.start("facebook", 400, baseUrl="https://evil.example")["error"]
        self.assertEqual(error["details"][0]["field"], "baseUrl")

    def test_a_revoked_page_waits_for_a_person(self):
        self.platforms.person("facebook", account="730", profiles=["731"])
        self.connect("facebook")
        account = self.accounts("facebook")["731"]
        self.platforms.revoke("facebook", "730")
        self.assertEqual(self.publish(account, "Never seen")["status"], "FAILED")
        self.assertEqual(self.account(account["id"])["status"], "NEEDS_RECONNECT")
        self.connect("facebook", reconnect=account["id"])
        self.assertEqual(self.publish(self.account(account["id"]), "Seen")["status"], "PUBLISHED")


class Instagram(Connected):
    graph = "instagram"

    def test_a_profile_is_connected_through_its_page(self):
        self.platforms.person("instagram", account="800", profiles=["801"])
        self.connect("instagram")
        account = self.accounts("instagram")["801"]
        self.assertEqual((account["accountType"], account["profileUrl"]), ("BUSINESS", "https://www.instagram.com/sandbox.801/"))
        self.assertEqual(self.publish(account, "With a card")["status"], "PUBLISHED")
        self.assertEqual(self.platforms.posts("801"), ["With a card"])


class WithoutApp(API):
    def test_metas_platforms_need_an_app(self):
        error = self.call("POST", "/api/social/connect/facebook", {"brandId": self.brand}, 400)["error"]
        self.assertIn("AUDENCI_META_APP_ID", error["message"])
        sandbox = self.accounts["mastodon"]
        well = self.call("POST", f"/api/social/accounts/{sandbox}/verify")
        self.assertEqual((well["status"], well["followerCount"], well["username"]), ("ACTIVE", 0, "acme"))
