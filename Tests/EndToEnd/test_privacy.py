"""Exports and erasure on the real binary: everything is in the archive, and nothing is left after an erasure."""
import io
import json
import sqlite3
import subprocess
import tempfile
import zipfile
from pathlib import Path

from harness import Server, soon, until
from test_media import png
from test_team import Team

PICTURE = png(30, 20)


def tables_of(folder):
    """Every table with an organization_id, and how many rows each organization has."""
    with sqlite3.connect(next(Path(folder).glob("*.sqlite"))) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {n: [c[1] for c in database.execute(f"PRAGMA table_info({n})")] for n in names}
        return {
            n: dict(database.execute(f"SELECT organization_id, count(*) FROM {n} GROUP BY organization_id"))
            for n in names if "organization_id" in columns[n]
        }


class Privacy(Team):
    def archive(self, **body):
        answer = self.server.call("POST", "/api/exports", body, self.key)
        self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(answer.headers["location"], f"/api/exports/{answer.json['id']}")
        path = answer.headers["location"]
        done = until(lambda: (e := self.call("GET", path))["status"] in ("SUCCEEDED", "FAILED") and e, 40, "the export ends")
        self.assertEqual(done["status"], "SUCCEEDED", done)
        content = self.server.call("GET", done["contentUrl"], key=self.key)
        self.assertEqual((content.status, content.headers["content-type"]), (200, "application/zip"))
        self.assertEqual(len(content.body), done["sizeBytes"])
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(content.body)
            file.flush()
            subprocess.run(["unzip", "-tq", file.name], check=True, capture_output=True)
        opened = zipfile.ZipFile(io.BytesIO(content.body))
        self.assertIsNone(opened.testzip())
        return done, opened

    def rows(self, archive, name):
        return [json.loads(line) for line in archive.read(f"data/{name}.ndjson").splitlines()]


class Exports(Privacy):
    def test_everything_is_in_the_archive_and_no_secret(self):
        posts = [self.post(caption=f"Grüße {n} \"quoted\"\n🌍", tags=["a", "b"])["id"] for n in range(450)]
        medium = self.server.call("POST", "/api/media?filename=..sign%3F.png", key=self.key, raw=PICTURE, headers={"Content-Type": "image/png"})
        self.assertEqual(medium.status, 201, medium.body)
        webhook = self.server.call("POST", "/api/webhooks", {"url": "https://example.com/h", "events": ["*"], "headers": {"X-Own": "top-secret-header"}}, self.key).json
        done, archive = self.archive(media=True)
        exported = self.rows(archive, "post")
        self.assertEqual({p["id"] for p in exported}, set(posts))
        self.assertTrue(all(p["organizationId"] == self.organization["organizationId"] and p["tags"] == ["a", "b"] for p in exported))
        self.assertIn("Grüße 3 \"quoted\"\n🌍", [p["caption"] for p in exported])
        self.assertRegex(exported[0]["createdAt"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        for name in ("organization", "app_user", "member", "brand", "social_account", "api_key", "webhook", "event", "audit_entry", "media"):
            self.assertTrue(self.rows(archive, name), name)
        manifest = json.loads(archive.read("manifest.json"))
        self.assertEqual(sum(t["rows"] for t in manifest["tables"]), done["rows"])
        self.assertEqual((manifest["mediaFiles"], manifest["missingMedia"]), (1, []))
        everything = b"".join(archive.read(n) for n in archive.namelist())
        for secret in (self.key, webhook["secret"], "top-secret-header", "sandbox:mastodon"):
            self.assertNotIn(secret.encode(), everything)
        for name in archive.namelist():
            self.assertFalse(name.startswith("/") or ".." in name.split("/"), name)
        files = [n for n in archive.namelist() if n.startswith("media/")]
        self.assertEqual([n.split("/")[1] for n in files], [medium.json["id"]])

    def test_one_person_gets_what_is_theirs(self):
        key = self.join("CREATOR", "grace@acme.test", "Grace")
        mine, theirs = self.post(key=key, caption="Mine"), self.post(caption="Theirs")
        user = self.member(key)["userId"]
        _, archive = self.archive(userId=user)
        self.assertEqual([p["id"] for p in self.rows(archive, "post")], [mine["id"]])
        self.assertEqual([(u["id"], u["email"], u["name"]) for u in self.rows(archive, "app_user")], [(user, "grace@acme.test", "Grace")])
        self.assertTrue(all(line["userId"] == user for line in self.rows(archive, "audit_entry")))
        self.assertNotIn(theirs["id"].encode(), archive.read("data/post.ndjson"))

    def test_who_may_and_what_is_wrong(self):
        creator = self.join("CREATOR", "no@acme.test", "No")
        self.call("POST", "/api/exports", {}, 403, key=creator)
        limited = self.call("POST", "/api/keys", {"name": "part", "scope": "admin", "brandIds": [self.brand]}, 201)["key"]
        self.assertEqual(self.call("POST", "/api/exports", {}, 403, key=limited)["error"]["code"], "forbidden")
        for body, field in [({"userId": "nobody"}, "userId"), ({"userId": self.organization["userId"], "media": True}, "media"), ({"all": True}, "all"), ({"media": "yes"}, "media")]:
            error = self.call("POST", "/api/exports", body, 400)["error"]
            self.assertEqual([d["field"] for d in error["details"]], [field])
        self.call("GET", "/api/exports/cmb2k7q0x4f8w1z6r9t3y5u7a/content", status=404)
        self.assertTrue(self.call("GET", "/api/exports?limit=1"))
        other = self.server.organization(name="Other")
        done, _ = self.archive()
        self.call("GET", f"/api/exports/{done['id']}", status=404, key=other["apiKey"])
        self.call("GET", f"/api/exports/{done['id']}/content", status=404, key=other["apiKey"])


class Erasure(Privacy):
    def test_a_person_is_erased_to_an_id(self):
        key = self.join("MANAGER", "ada@acme.test", "Ada Lovelace")
        post = self.post(key=key)
        user = self.member(key)["userId"]
        before, _ = self.archive()
        erased = self.call("POST", f"/api/members/{user}/erase")
        self.assertEqual((erased["userId"], erased["accountErased"]), (user, True))
        self.assertEqual(self.server.call("GET", "/api/posts", key=key).status, 401)
        self.assertNotIn(user, [m["userId"] for m in self.call("GET", "/api/members?limit=100")["data"]])
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}")["userId"], user)
        until(lambda: self.call("GET", f"/api/exports/{before['id']}")["status"] == "EXPIRED", 40, "the old archive goes")
        self.call("GET", f"/api/exports/{before['id']}/content", status=404)
        _, archive = self.archive()
        everything = b"".join(archive.read(n) for n in archive.namelist())
        for trace in (b"ada@acme.test", b"Ada Lovelace"):
            self.assertNotIn(trace, everything)
        self.assertTrue(self.call("GET", "/api/audit/verify")["intact"])
        owner = self.organization["userId"]
        self.assertEqual(self.call("POST", f"/api/members/{owner}/erase", status=409)["error"]["code"], "conflict")
        self.call("POST", "/api/members/nobody/erase", status=404)

    def test_nothing_of_an_organization_is_left_and_nothing_of_others_is_touched(self):
        server = self.keep(Server())
        mine, other = server.organization(name="Mine"), server.organization(name="Other")
        for who in (mine, other):
            key, brand = who["apiKey"], who["brandId"]
            send = lambda method, path, body=None, **more: server.call(method, path, body, key, **more)
            post = send("POST", "/api/posts", {"brandId": brand, "caption": "Hello", "platforms": ["mastodon", "instagram"]}).json
            bin_ = send("POST", "/api/bins", {}).json
            self.assertEqual(send("POST", "/api/webhooks", {"url": bin_["url"].replace("http:", "https:"), "events": ["*"]}).status in (201, 400), True)
            published = send("POST", f"/api/posts/{post['id']}/publish", headers={"Prefer": "wait=20", "Idempotency-Key": "once"})
            self.assertEqual(published.json["status"], "PUBLISHED", published.body)
            send("POST", f"/api/posts/{post['id']}/comments", {"body": "Nice"})
            send("POST", "/api/posts", {"brandId": brand, "caption": "Later", "platforms": ["mastodon"], "status": "SCHEDULED", "scheduledFor": soon(3600)})
            send("POST", "/api/campaigns", {"name": "Sale", "brandId": brand})
            send("POST", "/api/pillars", {"name": "Craft", "targetPercentage": 50})
            send("POST", "/api/queues", {"name": "Q", "brandId": brand, "slots": [{"weekday": 1, "time": "09:00"}]})
            send("POST", "/api/invites", {"email": f"guest-{who['brandId']}@acme.test", "role": "VIEWER"})
            self.assertEqual(server.call("POST", "/api/media?filename=a.png", key=key, raw=PICTURE, headers={"Content-Type": "image/png"}).status, 201)
            plan = send("POST", "/api/plans", {"brandId": brand, "dateFrom": soon(86400)[:10], "dateTo": soon(14 * 86400)[:10], "totalPosts": 5, "platforms": ["mastodon"]})
            self.assertEqual(send("POST", f"/api/plans/{plan.json['id']}/approve").json["status"], "COMPLETED")
            export = send("POST", "/api/exports", {"media": True}).json["id"]
            until(lambda: send("GET", f"/api/exports/{export}").json["status"] == "SUCCEEDED", 40, "the export is there")
        gone, kept = mine["organizationId"], other["organizationId"]
        before = {name: rows.get(kept, 0) for name, rows in tables_of(server.folder).items()}
        files = lambda organization: [p for p in Path(server.folder).rglob("*") if p.is_file() and organization in str(p)]
        self.assertTrue(files(gone))
        key = mine["apiKey"]
        erase = lambda body, status: self.assertEqual(server.call("DELETE", "/api/organization", body, key).status, status)
        erase({"confirm": "mine"}, 400)
        erase({}, 400)
        manager = server.call("POST", "/api/keys", {"name": "x", "scope": "read-write"}, key).json["key"]
        self.assertEqual(server.call("DELETE", "/api/organization", {"confirm": "Mine"}, manager).status, 403)
        erase({"confirm": "Mine"}, 200)
        self.assertEqual(server.call("GET", "/api/posts", key=key).status, 401)
        # Receipts apart: they say that there was an organization, and nothing of it.
        left = lambda: {name: rows[gone] for name, rows in tables_of(server.folder).items() if gone in rows and name != "erasure"}
        until(lambda: not left(), 40, "every row is gone")
        with sqlite3.connect(next(Path(server.folder).glob("*.sqlite"))) as database:
            until(lambda: database.execute("SELECT finished_at FROM erasure").fetchone()[0], 20, "the receipt is written")
            lines, head, users = database.execute("SELECT audit_lines, audit_head, user_ids FROM erasure WHERE organization_id = ?", (gone,)).fetchone()
            self.assertTrue(lines > 10 and len(head) == 64 and users == "[]")
            self.assertEqual(database.execute("SELECT count(*) FROM organization").fetchone()[0], 1)
            self.assertEqual(database.execute("SELECT count(*) FROM app_user WHERE id = ?", (mine["userId"],)).fetchone()[0], 0)
            for table in ("bin_request", "sandbox_post", "sandbox_state"):
                for row in database.execute(f"SELECT * FROM {table}"):
                    self.assertNotIn(gone, str(row))
            accounts = [a["id"] for a in mine["socialAccounts"]]
            visible = [row[0] for row in database.execute("SELECT account FROM sandbox_post")]
            self.assertTrue(visible and not any(a in v for a in accounts for v in visible))
        self.assertEqual(files(gone), [])
        after = {name: rows.get(kept, 0) for name, rows in tables_of(server.folder).items()}
        # Followers of others are counted meanwhile.
        self.assertEqual({n: c for n, c in after.items() if c != before.get(n) and n != "account_snapshot"}, {})
        self.assertEqual(server.call("GET", "/api/posts", key=other["apiKey"]).status, 200)


class Brands(Team):
    def test_a_deleted_brand_publishes_nothing_more(self):
        brand = self.call("POST", "/api/brands", {"name": "Second"}, 201)["id"]
        account = self.call("POST", "/api/social/accounts", {"brandId": brand, "platform": "mastodon", "sandbox": True}, 201)["id"]
        post = self.post(brandId=brand, status="SCHEDULED", scheduledFor=soon(3600))
        self.call("DELETE", f"/api/brands/{brand}", status=412, headers={"If-Match": '"9"'})
        self.call("DELETE", f"/api/brands/{brand}")
        self.call("GET", f"/api/brands/{brand}", status=404)
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}")["status"], "CANCELLED")
        self.call("GET", f"/api/social/accounts/{account}", status=404)
        self.post(400, brandId=brand)
        self.call("POST", "/api/brands", {"name": "Second"}, 201)
