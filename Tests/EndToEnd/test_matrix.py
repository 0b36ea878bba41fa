"""Every endpoint of the served document against every rule: what is declared is what is answered."""
import json
import re
import unittest

import jsonschema

from harness import EndToEndTest, Server, command, soon

UNKNOWN = "cmb2k7q0x4f8w1z6r9t3y5u7a"


class EndpointMatrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.mine, cls.other = cls.server.organization(), cls.server.organization(name="Other")
        cls.key = cls.mine["apiKey"]
        cls.document = cls.server.call("GET", "/api/openapi.json").json
        make = lambda scope: command(
            "keys", "create", "--data", cls.server.folder, "--organization", cls.mine["organizationId"], "--name", scope,
            "--scope", scope).split()[0]
        cls.keys = {"read-only": make("read-only"), "read-write": make("read-write"), "admin": cls.key}
        cls.operations = [
            (method.upper(), path, operation)
            for path, item in cls.document["paths"].items()
            for method, operation in item.items()
        ]

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def each(self, accept=lambda operation: True):
        chosen = [(m, re.sub(r"\{\w+\}", UNKNOWN, p), o) for m, p, o in self.operations if accept(o)]
        self.assertTrue(chosen)
        return chosen

    def body_of(self, operation):
        if "requestBody" not in operation:
            return None
        return operation["requestBody"]["content"]["application/json"]["example"]

    def assert_error(self, answer, status, code):
        self.assertEqual((answer.status, answer.error["code"]), (status, code), f"{answer.request}: {answer.body}")
        jsonschema.validate(answer.json, self.document["components"]["schemas"]["Error"])
        self.assertIn(code, answer.error["docUrl"])
        self.assertEqual(answer.headers["x-request-id"], answer.error["requestId"])

    def test_without_a_key_it_is_401(self):
        for method, path, operation in self.each():
            answer = self.server.call(method, path, self.body_of(operation))
            self.assert_error(answer, 401, "unauthorized")
            self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"))

    def test_a_mistyped_key_is_401(self):
        for method, path, operation in self.each():
            self.assert_error(self.server.call(method, path, self.body_of(operation), self.key[:-1] + "!"), 401, "unauthorized")

    def test_a_lesser_scope_is_403(self):
        lesser = {"read-write": ["read-only"], "admin": ["read-only", "read-write"], "read-only": []}
        for method, path, operation in self.each(lambda o: o["x-scope"] != "read-only"):
            for scope in lesser[operation["x-scope"]]:
                answer = self.server.call(method, path, self.body_of(operation), self.keys[scope])
                self.assert_error(answer, 403, "insufficient_scope")
                self.assertIn(operation["x-scope"], answer.error["message"])

    def test_malformed_json_is_400(self):
        for method, path, _ in self.each(lambda o: "requestBody" in o):
            for raw in [b'{"a":', b"[1,]", b'{"a":1,"a":2}', b"\xff"]:
                self.assert_error(self.server.call(method, path, key=self.key, raw=raw), 400, "invalid_json")

    def test_unknown_and_mistyped_fields_are_named(self):
        for method, path, operation in self.each(lambda o: "requestBody" in o):
            schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
            properties = self.document["components"]["schemas"][schema]["properties"]
            wrong = {name: {"not": ["this", "type"]} for name in properties} | {"zzUnknown": 1}
            answer = self.server.call(method, path, wrong, self.key)
            self.assert_error(answer, 400, "invalid_request")
            named = {detail["field"].split(".")[0].split("[")[0] for detail in answer.error["details"]}
            # A field whose type is an object, or any JSON, may accept this one until it is judged as a whole.
            loose = {n for n, p in properties.items()
                     if "$ref" in json.dumps(p) or p.get("type") in ("object", ["object", "null"]) or "type" not in p and "enum" not in p}
            self.assertLessEqual(set(wrong) - loose, named)

    def test_an_unknown_query_parameter_is_named(self):
        for method, path, operation in self.each():
            answer = self.server.call(method, path + "?zzUnknown=1", self.body_of(operation), self.key)
            self.assert_error(answer, 400, "invalid_request")
            self.assertIn("zzUnknown", [d["field"] for d in answer.error["details"]])

    def test_what_is_not_there_and_what_is_foreign_look_the_same(self):
        post = self.server.call(
            "POST", "/api/posts", {"brandId": self.other["brandId"], "caption": "x", "platforms": ["mastodon"]}, self.other["apiKey"]
        ).json["id"]
        webhook = self.server.call(
            "POST", "/api/webhooks", {"url": "https://example.com/hook", "events": ["*"]}, self.other["apiKey"]).json["id"]
        theirs = {
            "posts": post, "webhooks": webhook, "brands": self.other["brandId"],
            "social": self.other["socialAccounts"][0]["id"], "sandbox": self.other["socialAccounts"][0]["id"],
            "keys": self.server.call("GET", "/api/keys", key=self.other["apiKey"]).json["data"][0]["id"],
        }
        strip = lambda answer: {k: v for k, v in answer.error.items() if k != "requestId"}
        for method, path, operation in self.each(lambda o: any("404" == s for s in o["responses"])):
            kind = path.split("/")[2]
            body = self.body_of(operation)
            if isinstance(body, dict):
                body.pop("url", None)
            unknown = self.server.call(method, path, body, self.key)
            self.assert_error(unknown, 404, "not_found")
            if kind in theirs:
                foreign = self.server.call(method, path.replace(UNKNOWN, theirs[kind]), body, self.key)
                self.assertEqual((foreign.status, strip(foreign)), (404, strip(unknown)))

    def test_a_body_over_the_limit_is_413(self):
        for method, path, _ in self.each(lambda o: "requestBody" in o):
            raw = b'{"a":"' + b"x" * (1 << 20) + b'"}'
            self.assert_error(self.server.call(method, path, key=self.key, raw=raw), 413, "payload_too_large")

    def test_another_method_is_405(self):
        for method, path, _ in self.each():
            answer = self.server.call("TRACE", path, key=self.key)
            self.assert_error(answer, 405, "method_not_allowed")
            self.assertIn(method, [m.strip() for m in answer.headers["allow"].split(",")])

    def test_successful_answers_follow_their_schema(self):
        key, brand = self.key, self.mine["brandId"]
        post = self.server.call(
            "POST", "/api/posts", {"brandId": brand, "caption": "x", "platforms": ["mastodon"], "scheduledFor": "2031-01-01T00:00:00Z",
            "status": "SCHEDULED"}, key).json["id"]
        webhook = self.server.call("POST", "/api/webhooks", {"url": "https://example.com/h", "events": ["*"]}, key).json["id"]
        made = self.server.call("POST", "/api/keys", {"name": "x"}, key).json["id"]
        self.server.call("PUT", f"/api/posts/{post}", {"caption": "y", "status": "CANCELLED"}, key)
        delivery = None
        self.server.call("POST", "/api/posts", {"brandId": brand, "caption": "z", "platforms": ["mastodon"]}, key)
        delivery = self.server.call("GET", f"/api/webhooks/{webhook}/deliveries", key=key).json["data"][0]["id"]
        ids = {"posts": post, "webhooks": webhook, "brands": brand, "keys": made, "deliveries": delivery,
               "bins": self.server.call("POST", "/api/bins", {}, key).json["id"],
               "webhook-replays": self.server.call(
                   "POST", f"/api/webhooks/{webhook}/replay", {"since": soon(-3600)}, key).json["id"],
               "plans": self.server.call("POST", "/api/plans", {
                   "brandId": brand, "dateFrom": soon(86400)[:10], "dateTo": soon(14 * 86400)[:10], "totalPosts": 2,
                   "platforms": ["mastodon"]}, key).json["id"],
               "members": self.mine["userId"],
               "exports": self.server.call("POST", "/api/exports", {}, key).json["id"],
               "events": self.server.call("GET", "/api/events", key=key).json["data"][0]["id"],
               "social": self.mine["socialAccounts"][0]["id"], "sandbox": self.mine["socialAccounts"][0]["id"]}
        seen = 0
        for method, path, operation in self.each():
            content = operation["responses"].get("200", {}).get("content", {})
            if method != "GET" or "application/json" not in content:
                continue
            real = path.replace(UNKNOWN, ids.get(path.split("/")[2], UNKNOWN)).replace("/samples/" + UNKNOWN, "/samples/post.created")
            answer = self.server.call("GET", real, key=key)
            self.assertEqual(answer.status, 200, f"{answer.request}: {answer.body}")
            schema = content["application/json"]["schema"]
            jsonschema.Draft202012Validator({**schema, "components": self.document["components"]}).validate(answer.json)
            for name in ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"):
                self.assertTrue(answer.headers[name].isdigit(), name)
            seen += 1
        self.assertGreater(seen, 12)

    def test_samples_of_events_follow_their_schema(self):
        for name, item in self.document["webhooks"].items():
            with self.subTest(name):
                content = item["post"]["requestBody"]["content"]["application/json"]
                schema = {**content["schema"], "components": self.document["components"]}
                jsonschema.Draft202012Validator(schema).validate(content["example"])
                self.assertEqual(content["example"]["event"], name)


class RateLimit(EndToEndTest):
    def test_over_the_limit_it_is_429_and_the_count_survives_a_restart(self):
        server = self.keep(Server())
        key = server.organization(requests_per_hour=20)["apiKey"]
        answers = [server.call("GET", "/api/brands", key=key) for _ in range(15)]
        self.assertEqual([a.headers["x-ratelimit-remaining"] for a in answers], [str(19 - i) for i in range(15)])
        server.stop()
        server.start()
        statuses = [server.call("GET", "/api/brands", key=key).status for _ in range(10)]
        self.assertEqual(statuses, [200] * 5 + [429] * 5)
        refused = server.call("GET", "/api/brands", key=key)
        self.assertEqual(refused.error["code"], "rate_limited")
        self.assertGreater(int(refused.headers["retry-after"]), 0)
        self.assertEqual(refused.headers["x-ratelimit-remaining"], "0")


if __name__ == "__main__":
    unittest.main()
