"""What the tests of all endpoints share: the served document, keys of every kind, and objects of every kind."""
import base64
import http.client
import json
import os
import re
import sqlite3
import urllib.parse

from harness import Answer, Server, soon, until

UNKNOWN = "cmb2k7q0x4f8w1z6r9t3y5u7a"
ROLES = ["VIEWER", "CREATOR", "MANAGER", "ADMIN", "OWNER"]
SCOPES = ["read-only", "read-write", "admin"]
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
# Paths whose objects are those of another path.
ALIASES = {"/api/hooks/{id}": "/api/webhooks/{id}", "/api/sandbox/accounts/{id}": "/api/social/accounts/{id}",
           "/api/analytics/accounts/{id}": "/api/social/accounts/{id}", "/api/analytics/posts/{id}": "/api/posts/{id}"}
PREFIX = re.compile(r"^.*\{\w+\}")


class Operation:
    """One operation of the document."""

    def __init__(self, method, path, item):
        self.method, self.path, self.item = method.upper(), path, item
        self.id = item["operationId"]

    def __repr__(self):
        return f"{self.method} {self.path}"

    @property
    def bodies(self):
        return self.item.get("requestBody", {}).get("content", {})

    @property
    def takes_json(self):
        return "application/json" in self.bodies

    @property
    def prefix(self):
        """The path up to its last parameter; None when it has none."""
        match = PREFIX.match(self.path)
        return match.group() if match else None

    @property
    def is_stream(self):
        return "text/event-stream" in self.success.get("content", {})

    @property
    def success(self):
        return next(r for s, r in self.item["responses"].items() if s.startswith("2"))

    @property
    def statuses(self):
        """Of success."""
        return [int(s) for s in self.item["responses"] if s.startswith("2")]

    @property
    def is_list(self):
        schema = self.success.get("content", {}).get("application/json", {}).get("schema", {})
        return self.method == "GET" and "pagination" in schema.get("properties", {})

    @property
    def headers(self):
        """Those that must be there, by their examples."""
        return {p["name"]: str(p["example"]) for p in self.item["parameters"] if p.get("required") and p["in"] == "header"}

    @property
    def can_rehearse(self):
        return self.item.get("x-dry-run", False)

    def at(self, place=None):
        """The path with real ids: `place` for its beginning, an unknown id for what is left."""
        path = self.path if place is None else place + self.path[len(self.prefix):]
        return re.sub(r"\{\w+\}", UNKNOWN, path)

    def sample(self):
        """The body of the document's example, and its content type."""
        if not self.bodies:
            return None, None
        kind, content = next(iter(self.bodies.items()))
        if kind == "application/json":
            return json.dumps(content["example"]).encode(), kind
        if kind == "multipart/form-data":
            part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
            return part + PIXEL + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"
        return content["example"].encode(), kind.replace("/*", "/png")


class Client:
    """Requests on one connection that is kept, many times as fast as a new one for each."""

    def __init__(self, port):
        self.port, self.connection = port, None

    def call(self, method, path, key=None, body=None, kind=None, headers=None, head_only=False):
        sent = {"Authorization": f"Bearer {key}"} if key else {}
        if kind:
            sent["Content-Type"] = kind
        sent |= headers or {}
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
            try:
                self.connection.request(method, path, body, sent)
                response = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()
                if attempt == 2:
                    raise
        fields = {k.lower(): v for k, v in response.getheaders()}
        if head_only and response.status < 300:
            self.close()
            return Answer(f"{method} {path}", response.status, fields, b"")
        return Answer(f"{method} {path}", response.status, fields, response.read())

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class World:
    """A server with two organizations that have one object of every kind, and keys of every kind to the first."""

    def __init__(self):
        self.server = Server()
        self.client = Client(self.server.port)
        try:
            self.prepare()
        except BaseException:
            self.stop()
            raise

    def prepare(self):
        self.mine = self.server.organization(requests_per_hour=1_000_000)
        self.other = self.server.organization(requests_per_hour=1_000_000, name="Other")
        self.key = self.mine["apiKey"]
        self.document = self.call("GET", "/api/openapi.json").json
        self.operations = [
            Operation(method, path, item) for path, items in self.document["paths"].items() for method, item in items.items()
        ]
        self.keys = self.keys_of_all_roles_and_scopes()
        self.populate(self.mine)
        self.populate(self.other)
        self.ours, self.theirs = self.crawl(self.key), self.crawl(self.other["apiKey"])

    def call(self, method, path, body=None, key=None, **more):
        if body is not None and not isinstance(body, bytes):
            body, more["kind"] = json.dumps(body).encode(), "application/json"
        return self.client.call(method, path, key, body, **more)

    def stop(self):
        self.client.close()
        self.server.stop()

    def make(self, path, body, key, status=201):
        answer = self.call("POST", path, body, key)
        if answer.status != status:
            raise AssertionError(f"{answer.request}: {answer.status} {answer.body}")
        return answer.json

    # Keys

    def keys_of_all_roles_and_scopes(self):
        """One key for each pair. No member could make most of them, so they change hands in the database."""
        users = {"OWNER": self.mine["userId"]}
        for role in ROLES[:-1]:
            email = f"{role.lower()}-{os.urandom(3).hex()}@acme.test"
            invite = self.make("/api/invites", {"email": email, "role": role}, self.key)
            form = f"name={role}".encode()
            page = self.call(
                "POST", urllib.parse.urlsplit(invite["url"]).path, form, kind="application/x-www-form-urlencoded")
            key = re.search(rb"sk_prod_\w+", page.body).group().decode()
            users[role] = self.call("GET", "/api/me", key=key).json["id"]
        made = {(r, s): self.make("/api/keys", {"name": f"{r} {s}", "scope": s}, self.key) for r in ROLES for s in SCOPES}
        database = sqlite3.connect(f"{self.server.folder}/audenci.sqlite", timeout=20)
        with database:
            for (role, _), key in made.items():
                owner = users[role]
                if role != "OWNER":
                    owner = database.execute("SELECT user_id FROM api_key WHERE id = ?", (owner,)).fetchone()[0]
                database.execute("UPDATE api_key SET user_id = ? WHERE id = ?", (owner, key["id"]))
        database.close()
        return {pair: key["key"] for pair, key in made.items()}

    # Objects

    def populate(self, organization):
        """One object of every kind. What a new kind needs beyond its own example goes here."""
        key, brand = organization["apiKey"], organization["brandId"]
        self.make("/api/automations", {"name": "Tell", "enabled": True, "trigger": {"type": "post.created"},
                                       "actions": [{"type": "send_notification", "title": "A post"}]}, key)
        self.make("/api/plans", {"brandId": brand, "dateFrom": soon(86400)[:10], "dateTo": soon(14 * 86400)[:10], "totalPosts": 2,
                                 "platforms": ["mastodon"]}, key)
        published = self.make("/api/posts", {"brandId": brand, "caption": "Hello", "platforms": ["mastodon"]}, key)["id"]
        self.call("POST", f"/api/posts/{published}/publish", None, key, headers={"Prefer": "wait=20"})
        organization["postId"] = published
        until(lambda: self.call("GET", "/api/notifications?limit=1", key=key).json["data"], 10, "a notification")
        post = self.make(
            "/api/posts", {"brandId": brand, "caption": "Hello", "platforms": ["mastodon"], "scheduledFor": "2031-01-01T00:00:00Z",
                           "status": "SCHEDULED"}, key)["id"]
        webhook = self.make("/api/webhooks", {"url": "https://example.com/h", "events": ["*"]}, key)["id"]
        self.call("PUT", f"/api/posts/{post}", {"caption": "Hello again", "status": "DRAFT"}, key)
        self.make(f"/api/posts/{post}/comments", {"body": "Shorter"}, key)
        replay = self.make(f"/api/webhooks/{webhook}/replay", {"since": soon(-3600)}, key, 202)
        organization["places"] = [f"/api/webhook-replays/{replay['id']}"]
        organization["eventId"] = self.call("GET", "/api/events?limit=1", key=key).json["data"][0]["id"]
        deliveries = f"/api/webhooks/{webhook}/deliveries?limit=1"
        until(lambda: self.call("GET", deliveries, key=key).json["data"], 10, "a delivery")
        self.call("POST", "/api/media?filename=a.png", PIXEL, key, kind="image/png")
        account = next(a["id"] for a in organization["socialAccounts"] if a["platform"] == "mastodon")
        self.make(f"/api/sandbox/accounts/{account}/mentions", {"author": "joe", "text": "Thanks to @acme"}, key)
        until(lambda: self.call("GET", "/api/inbox?limit=1", key=key).json["data"], 10, "an inbox item")
        for operation in self.operations:
            if operation.method == "POST" and {201, 202} & {*operation.statuses} and operation.takes_json and not operation.prefix:
                example = self.fitted(json.loads(operation.sample()[0]), organization)
                if operation.id not in ("posts.create", "webhooks.create", "accounts.create"):
                    answer = self.call("POST", operation.path, example, key)
                    organization["places"].append(answer.headers.get("location", ""))

    @staticmethod
    def fitted(example, organization):
        """An example with ids that exist."""
        real = {"eventId": organization["eventId"], "brandId": organization["brandId"], "email": f"x{os.urandom(3).hex()}@acme.test",
                "socialAccountId": organization["socialAccounts"][0]["id"], "postId": organization["postId"]}
        fitted = {name: real.get(name, value) for name, value in example.items()}
        for name in ("socialAccountIds", "brandIds", "categoryIds", "pillarIds", "campaignId", "categoryId", "pillarId", "folderId"):
            fitted.pop(name, None)
        return fitted

    def crawl(self, key):
        """Everything that lists and answers lead to: path with parameters -> [(real path, object)]."""
        found = {}
        organization = self.mine if key == self.key else self.other

        def note(prefix, place, thing):
            found.setdefault(prefix, []).append((place, thing))

        prefixes = {o.prefix for o in self.operations if o.prefix}
        for place in organization["places"]:
            for prefix in prefixes:
                if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", prefix), place):
                    note(prefix, place, {})
        lists = sorted((o for o in self.operations if o.is_list or o.id == "events.list"), key=lambda o: o.path.count("{"))
        for operation in lists:
            parents = dict.fromkeys(place for place, _ in found.get(operation.prefix, []))
            places = [operation.at(p) for p in list(parents)[:5]] if operation.prefix else [operation.path]
            for place in places:
                answer = self.call("GET", place + "?limit=3", key=key)
                for thing in answer.json.get("data", []) if answer.status == 200 else []:
                    name = thing.get("id") or thing.get("userId")
                    last = "/api/" + operation.path.rsplit("/", 1)[-1]
                    for begin, real in ((operation.path, place), (last, last)):
                        for prefix in prefixes:
                            if name and re.fullmatch(re.escape(begin) + r"/\{\w+\}", prefix):
                                note(prefix, f"{real}/{name}", thing)
        for alias, prefix in ALIASES.items():
            for place, thing in found.get(prefix, []):
                note(alias, alias.split("{")[0] + place.rsplit("/", 1)[-1], thing)
        return found
