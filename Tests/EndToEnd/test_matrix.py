"""Every endpoint of the served document against every rule: what is declared is what is answered."""
import http.client
import json
import sqlite3
import time
import unittest

import jsonschema

from harness import EndToEndTest, Server, until
from matrix import ROLES, SCOPES, UNKNOWN, World


class EndpointMatrix(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.key, cls.document = cls.world.key, cls.world.document

    @classmethod
    def tearDownClass(cls):
        cls.world.stop()

    def each(self, accept=lambda operation: True):
        chosen = [o for o in self.world.operations if accept(o)]
        self.assertTrue(chosen)
        return chosen

    def call(self, operation, key=None, path=None):
        """The operation by its example."""
        raw, kind = operation.sample()
        return self.world.client.call(
            operation.method, path or operation.at(), key, raw, kind, operation.headers, head_only=operation.is_stream)

    def assert_error(self, answer, status, code):
        self.assertEqual((answer.status, answer.error["code"]), (status, code), f"{answer.request}: {answer.body}")
        jsonschema.validate(answer.json, self.document["components"]["schemas"]["Error"])
        self.assertIn(code, answer.error["docUrl"])
        self.assertEqual(answer.headers["x-request-id"], answer.error["requestId"])

    # Who may

    def test_without_a_key_it_is_401(self):
        for operation in self.each():
            answer = self.call(operation)
            self.assert_error(answer, 401, "unauthorized")
            self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"))

    def test_a_mistyped_key_is_401(self):
        for operation in self.each():
            self.assert_error(self.call(operation, self.key[:-1] + "!"), 401, "unauthorized")

    def test_each_role_with_each_scope_may_what_is_declared(self):
        """Whoever may gets past the gate: reads are answered, and writes fail behind it, by a parameter that nobody knows."""
        done = 0
        for operation in self.each():
            needed = SCOPES.index(operation.item["x-scope"]), ROLES.index(operation.item["x-role"])
            for (role, scope), key in self.world.keys.items():
                is_read = operation.method == "GET"
                answer = self.call(operation, key, operation.at() + ("" if is_read else "?zzUnknown=1"))
                done += 1
                if SCOPES.index(scope) < needed[0]:
                    self.assert_error(answer, 403, "insufficient_scope")
                    self.assertIn(operation.item["x-scope"], answer.error["message"])
                elif ROLES.index(role) < needed[1]:
                    self.assert_error(answer, 403, "forbidden")
                    self.assertIn(operation.item["x-role"], answer.error["message"])
                elif is_read:
                    self.assertIn(answer.status, (*operation.statuses, 404), f"{answer.request}: {answer.body}")
                else:
                    self.assert_error(answer, 400, "invalid_request")
                    self.assertEqual([d["field"] for d in answer.error["details"]], ["zzUnknown"])
        self.assertEqual(done, len(self.world.operations) * len(ROLES) * len(SCOPES))

    # Whose it is

    def nowhere(self, operation, key):
        answer = self.call(operation, key)
        self.assert_error(answer, 404, "not_found")
        return self.visible(answer)

    @staticmethod
    def visible(answer):
        """All that an answer tells, but for what is another with each request."""
        volatile = ("x-request-id", "date", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset")
        headers = {n: v for n, v in answer.headers.items() if n not in volatile}
        return answer.status, headers, answer.body.replace(answer.headers["x-request-id"].encode(), b"")

    def test_an_unknown_id_is_404_and_so_is_that_of_another_organization(self):
        uncovered = []
        for operation in self.each(lambda o: o.prefix):
            unknown = self.nowhere(operation, self.key)
            theirs = self.world.theirs.get(operation.prefix)
            if theirs:
                place = theirs[0][0]
                self.assertEqual(self.visible(self.call(operation, self.key, operation.at(place))), unknown, repr(operation))
                self.assertNotEqual(self.call(operation, "x", operation.at(place)).status, 404)
            elif "/{id}" in operation.prefix or operation.prefix.endswith("Id}"):
                uncovered.append(operation.prefix)
        self.assertEqual(sorted(set(uncovered)), [], "nothing of these kinds exists: make one in matrix.World.populate")

    def test_a_key_of_another_brand_sees_nothing_of_this_one(self):
        brand = self.world.make("/api/brands", {"name": "Second"}, self.key)["id"]
        limited = self.world.make("/api/keys", {"name": "limited", "scope": "admin", "brandIds": [brand]}, self.key)["key"]
        self.hidden(limited, lambda thing: thing.get("brandId") == self.world.mine["brandId"], 12)

    def test_a_development_key_sees_sandbox_accounts_only(self):
        account = self.world.mine["socialAccounts"][-1]["id"]
        self.set_sandbox(account, 0)
        self.addCleanup(self.set_sandbox, account, 1)
        key = self.world.make("/api/keys", {"name": "dev", "scope": "admin", "development": True}, self.key)["key"]
        self.assertTrue(key.startswith("sk_dev_"))
        seen = self.world.call("GET", "/api/social/accounts?limit=100", key=key).json["data"]
        self.assertNotIn(account, [a["id"] for a in seen])
        self.assertTrue(seen)
        for operation in self.each(lambda o: o.prefix in ("/api/social/accounts/{id}", "/api/sandbox/accounts/{id}")):
            place = operation.prefix.split("{")[0] + account
            self.assertEqual(self.visible(self.call(operation, key, operation.at(place))), self.nowhere(operation, key))

    def set_sandbox(self, account, value):
        database = sqlite3.connect(f"{self.world.server.folder}/audenci.sqlite", timeout=20)
        with database:
            database.execute("UPDATE social_account SET is_sandbox = ? WHERE id = ?", (value, account))
        database.close()

    def hidden(self, key, is_hidden, least):
        """What `is_hidden` says of is, for this key, as if it were not there."""
        seen = 0
        for operation in self.each(lambda o: o.prefix):
            place = next((p for p, thing in self.world.ours.get(operation.prefix, []) if is_hidden(thing)), None)
            if place:
                unknown = self.nowhere(operation, key)
                self.assertEqual(self.visible(self.call(operation, key, operation.at(place))), unknown, repr(operation))
                seen += 1
        for operation in self.each(lambda o: o.is_list and not o.prefix):
            answer = self.call(operation, key)
            if answer.status == 200:
                self.assertFalse([t for t in answer.json["data"] if is_hidden(t)], repr(operation))
        self.assertGreaterEqual(seen, least)

    def test_a_rehearsal_answers_as_usual_and_keeps_nothing(self):
        """Each write on a real object, by its example."""
        count, answered = 0, {}
        before = self.settled()
        for operation in self.each(lambda o: o.can_rehearse):
            place = next((p for p, _ in self.world.ours.get(operation.prefix, [])), None)
            if operation.prefix and not place:
                continue
            raw, kind = operation.sample()
            if operation.takes_json:
                raw = json.dumps(self.world.fitted(json.loads(raw), self.world.mine)).encode()
            answer = self.world.client.call(operation.method, operation.at(place) + "?dryRun=true", self.key, raw, kind, operation.headers)
            self.assertIn(answer.status, (*operation.statuses, 400, 403, 409), f"{answer.request}: {answer.body}")
            count += answer.status in operation.statuses
            answered[repr(operation)] = answer.status
        self.assertEqual(self.state(), before)
        self.assertGreater(count, len(answered) * 0.6, answered)

    def settled(self):
        """The state once the work that making the objects began has ended: jobs, exports, first readings of figures."""
        last = [None]

        def quiet():
            now = self.state()
            same, last[0] = now == last[0], now
            return same or time.sleep(1)

        until(quiet, 30, "the server has nothing to do")
        return last[0]

    def state(self):
        """Everything that requests change, as rows."""
        database = sqlite3.connect(f"{self.world.server.folder}/audenci.sqlite", timeout=20)
        tables = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        # What the server does by itself meanwhile: counting, sending, noting.
        own = {"rate_window", "delivery", "attempt", "webhook", "api_key", "webhook_replay", "outgoing_mail", "mail"}
        rows = {t: database.execute(f"SELECT * FROM {t}").fetchall() for t in tables if t not in own and "attempt" not in t}
        database.close()
        return rows

    # What is wrong

    def test_malformed_json_is_400(self):
        for operation in self.each(lambda o: o.takes_json):
            for raw in [b'{"a":', b"[1,]", b'{"a":1,"a":2}', b"\xff"]:
                answer = self.world.client.call(operation.method, operation.at(), self.key, raw, "application/json", operation.headers)
                self.assert_error(answer, 400, "invalid_json")

    def test_unknown_and_mistyped_fields_are_named(self):
        for operation in self.each(lambda o: o.takes_json):
            schema = operation.bodies["application/json"]["schema"]["$ref"].split("/")[-1]
            properties = self.document["components"]["schemas"][schema]["properties"]
            wrong = {name: {"not": ["this", "type"]} for name in properties} | {"zzUnknown": 1}
            answer = self.world.call(operation.method, operation.at(), wrong, self.key)
            self.assert_error(answer, 400, "invalid_request")
            named = {detail["field"].split(".")[0].split("[")[0] for detail in answer.error["details"]}
            # A field whose type is an object, or any JSON, may accept this one until it is judged as a whole.
            loose = {n for n, p in properties.items()
                     if "$ref" in json.dumps(p) or p.get("type") in ("object", ["object", "null"]) or "type" not in p and "enum" not in p}
            self.assertLessEqual(set(wrong) - loose, named, repr(operation))

    def test_a_body_of_another_type_is_415(self):
        for operation in self.each(lambda o: o.bodies and "multipart/form-data" not in o.bodies):
            answer = self.world.client.call(operation.method, operation.at(), self.key, b"<a/>", "application/xml", operation.headers)
            self.assert_error(answer, 415, "unsupported_media_type")

    def test_a_body_over_the_limit_is_413(self):
        for operation in self.each(lambda o: o.bodies):
            connection = http.client.HTTPConnection("127.0.0.1", self.world.server.port, timeout=40)
            connection.putrequest(operation.method, operation.at())
            kind = operation.sample()[1]
            limit = operation.item.get("x-body-limit", 1 << 20)
            for name, value in (("Authorization", f"Bearer {self.key}"), ("Content-Type", kind), ("Content-Length", limit + 1)):
                connection.putheader(name, str(value))
            connection.endheaders()
            response = connection.getresponse()
            self.assertEqual((response.status, json.load(response)["error"]["code"]), (413, "payload_too_large"), repr(operation))
            connection.close()

    def test_an_unknown_query_parameter_is_400(self):
        for operation in self.each():
            answer = self.call(operation, self.key, operation.at() + "?zzUnknown=1")
            self.assert_error(answer, 400, "invalid_request")
            self.assertIn("zzUnknown", [d["field"] for d in answer.error["details"]])

    def test_another_method_is_405(self):
        for operation in self.each():
            answer = self.world.client.call("TRACE", operation.at(), self.key)
            self.assert_error(answer, 405, "method_not_allowed")
            self.assertIn(operation.method, [m.strip() for m in answer.headers["allow"].split(",")])

    # What is right

    def test_successful_answers_follow_their_schema(self):
        seen = 0
        for operation in self.each(lambda o: o.method == "GET" and "application/json" in o.success.get("content", {})):
            place = next((p for p, _ in self.world.ours.get(operation.prefix, [])), None) if operation.prefix else None
            path = operation.at(place).replace("/samples/" + UNKNOWN, "/samples/post.created")
            if UNKNOWN in path:
                continue
            answer = self.call(operation, self.key, path)
            self.assertEqual(answer.status, 200, f"{answer.request}: {answer.body}")
            schema = operation.success["content"]["application/json"]["schema"]
            jsonschema.Draft202012Validator({**schema, "components": self.document["components"]}).validate(answer.json)
            for name in ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"):
                self.assertTrue(answer.headers[name].isdigit(), name)
            seen += 1
        self.assertGreater(seen, 30)

    def test_samples_of_events_follow_their_schema(self):
        for name, item in self.document["webhooks"].items():
            with self.subTest(name):
                content = item["post"]["requestBody"]["content"]["application/json"]
                schema = {**content["schema"], "components": self.document["components"]}
                jsonschema.Draft202012Validator(schema).validate(content["example"])
                self.assertEqual(content["example"]["event"], name)

    def test_every_operation_is_documented_with_examples_that_hold(self):
        components = {"components": self.document["components"]}
        check = lambda schema, example: jsonschema.Draft202012Validator({**schema, **components}).validate(example)
        for operation in self.each():
            with self.subTest(repr(operation)):
                self.assertGreater(len(operation.item["description"]), len(operation.item["summary"]))
                for kind, content in list(operation.bodies.items()) + list(operation.success["content"].items()):
                    self.assertIn("example", content, kind)
                    if kind == "application/json":
                        check(content["schema"], content["example"])
                for parameter in operation.item["parameters"]:
                    parameter = self.resolved(parameter)
                    self.assertTrue(parameter["description"])
                    if "example" in parameter:
                        check(parameter["schema"], parameter["example"])
                for status in ("400", "401", "403", "429", "500", "503"):
                    self.assertIn(status, operation.item["responses"])
        for name, example in self.document["components"]["examples"].items():
            check(self.document["components"]["schemas"]["Error"], example["value"])
            self.assertEqual(example["value"]["error"]["code"], name)

    def resolved(self, item):
        while "$ref" in item:
            place = self.document
            for step in item["$ref"].split("/")[1:]:
                place = place[step]
            item = place
        return item


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
