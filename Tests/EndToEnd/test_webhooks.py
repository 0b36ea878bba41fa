"""Webhooks beyond the main job, through the real interface: keys, feed, replay, bins, hooks, commands, ways to authenticate."""
import base64
import csv
import hashlib
import hmac
import http.client
import http.server
import io
import json
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import standardwebhooks
import svix

from harness import Authority, BINARY, EndToEndTest, Process, Receiver, Server, events, header, soon, until
from peers import Tunnel


class WebhookTest(EndToEndTest):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()

    def start(self, **env):
        self.receiver = self.keep(Receiver(self.authority))
        self.server = self.keep(Server(
            None, AUDENCI_OUTBOUND_CA_FILE=self.authority.ca, AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{self.receiver.port}",
            AUDENCI_WEBHOOK_RETRY_SCHEDULE="1s,1s", AUDENCI_PUBLIC_URL="http://audenci.test", **env))
        self.mine = self.server.organization()
        self.key = self.mine["apiKey"]

    def call(self, method, path, body=None, status=None):
        answer = self.server.call(method, path, body, self.key)
        if status:
            self.assertEqual(answer.status, status, f"{answer.request}: {answer.body}")
        return answer.json

    def webhook(self, **fields):
        return self.call("POST", "/api/webhooks", {"url": self.receiver.url + "/hook", "events": ["post.*"]} | fields, 201)

    def trigger(self, event="post.published"):
        return self.call("POST", "/api/events/trigger", {"event": event}, 202)["id"]

    def arrivals(self, count):
        self.assertTrue(self.receiver.wait_until(lambda r: len(r) >= count), f"{len(self.receiver.received)} of {count}")
        return self.receiver.received

    def standard(self, request):
        return {n: header(request, n) for n in ("webhook-id", "webhook-timestamp", "webhook-signature")}


class Signing(WebhookTest):
    def test_during_a_rotation_old_and_new_verify_and_after_promotion_the_new_one_leads(self):
        """G2."""
        self.start()
        hook = self.webhook()
        rotated = self.call("POST", f"/api/webhooks/{hook['id']}/secret/rotate", {"overlapSeconds": 3600}, 200)
        self.assertEqual(rotated["secret"], hook["secret"])
        self.trigger()
        during = self.arrivals(1)[0]
        for secret in (hook["secret"], rotated["nextSecret"]):
            for library in (standardwebhooks, svix):
                library.Webhook(secret).verify(during["body"], self.standard(during))
        promoted = self.call("POST", f"/api/webhooks/{hook['id']}/secret/promote", status=200)
        self.assertEqual((promoted["secret"], promoted["nextSecret"]), (rotated["nextSecret"], None))
        self.call("POST", f"/api/webhooks/{hook['id']}/secret/promote", status=409)
        immediate = self.call("POST", f"/api/webhooks/{hook['id']}/secret/rotate", {"mode": "immediate"}, 200)
        self.trigger()
        after = until(lambda: [r for r in self.receiver.received if r is not during], 20, "the second delivery")[0]
        standardwebhooks.Webhook(immediate["secret"]).verify(after["body"], self.standard(after))
        for old in (hook["secret"], rotated["nextSecret"]):
            with self.assertRaises(standardwebhooks.WebhookVerificationError):
                standardwebhooks.Webhook(old).verify(after["body"], self.standard(after))

    def test_at_most_five_keys_sign(self):
        """G2."""
        self.start()
        hook = self.webhook()
        for _ in range(4):
            self.call("POST", f"/api/webhooks/{hook['id']}/secret/rotate", {}, 200)
        answer = self.call("POST", f"/api/webhooks/{hook['id']}/secret/rotate", {}, 409)
        self.assertIn("5 keys", answer["error"]["message"])

    def test_an_ed25519_signature_verifies_with_the_published_key(self):
        """G3, by openssl."""
        self.start()
        self.webhook(ed25519=True)
        self.trigger()
        request = self.arrivals(1)[0]
        key = self.server.call("GET", "/.well-known/audenci-webhook-keys.json").json["keys"][0]
        raw = base64.urlsafe_b64decode(key["x"] + "==")
        self.assertEqual(key["publicKey"], "whpk_" + base64.b64encode(raw).decode())
        signature = next(s for s in header(request, "webhook-signature").split() if s.startswith("v1a,"))[4:]
        signed = f"{header(request, 'webhook-id')}.{header(request, 'webhook-timestamp')}.".encode() + request["body"]
        with tempfile.TemporaryDirectory() as folder:
            def write(name, data):
                Path(folder, name).write_bytes(data)
                return f"{folder}/{name}"

            public = write("key.der", bytes.fromhex("302a300506032b6570032100") + raw)
            files = [write("signed", signed), write("signature", base64.b64decode(signature))]
            verify = lambda data: subprocess.run(
                ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", public, "-in", data,
                 "-sigfile", files[1]], capture_output=True).returncode
            self.assertEqual(verify(files[0]), 0)
            self.assertNotEqual(verify(write("forged", signed + b" ")), 0)

    def test_signature_formats_and_bodies_with_every_kind_of_text(self):
        """G4, G5."""
        self.start()
        plain, prefixed, coded = (self.webhook(signatureFormat=f, events=["post.created"], retry={"schedule": ["2s"]})
                                  for f in ("hex", "sha256=hex", "base64"))
        caption = 'Größe "quoted" \\ back / слово 🎉\u2028 end'
        failures = {plain["id"]}
        self.receiver.answer = lambda r: (500, {}, b"") if header(r, "X-Audenci-Webhook-Id") in failures and not failures.clear() else (204, {}, b"")
        self.call("POST", "/api/posts", {"brandId": self.mine["brandId"], "caption": caption, "platforms": ["mastodon"]}, 201)
        for request in self.arrivals(4):
            made = {plain["id"]: plain, prefixed["id"]: prefixed, coded["id"]: coded}[header(request, "X-Audenci-Webhook-Id")]
            mac = hmac.new(made["secret"].encode(), request["body"], hashlib.sha256)
            expected = {"hex": mac.hexdigest(), "sha256=hex": "sha256=" + mac.hexdigest(), "base64": base64.b64encode(mac.digest()).decode()}
            self.assertEqual(header(request, "X-Audenci-Signature"), expected[made["signatureFormat"]])
            self.assertTrue(json.loads(request["body"])["data"]["title"].startswith('Größe "quoted" \\ back'))
        first, second = [r for r in self.receiver.received if header(r, "X-Audenci-Webhook-Id") == plain["id"]]
        self.assertEqual(header(first, "webhook-id"), header(second, "webhook-id"))
        self.assertNotEqual(header(first, "webhook-timestamp"), header(second, "webhook-timestamp"))
        self.assertEqual([header(r, "X-Audenci-Attempt") for r in (first, second)], ["1", "2"])


class Feed(WebhookTest):
    def test_the_feed_misses_nothing_and_a_long_poll_returns_as_soon_as_something_happens(self):
        self.start()
        cursor = self.call("GET", "/api/events?from=end", status=200)["pagination"]["nextCursor"]
        ids = [self.trigger() for _ in range(7)]
        seen = []
        while True:
            page = self.call("GET", f"/api/events?limit=3&cursor={cursor}", status=200)
            seen += [e["id"] for e in page["data"]]
            cursor = page["pagination"]["nextCursor"]
            if not page["pagination"]["hasMore"]:
                break
        self.assertEqual(seen, ids)
        threading.Timer(0.5, self.trigger).start()
        woken = self.call("GET", f"/api/events?cursor={cursor}&wait=30", status=200)
        self.assertEqual([e["type"] for e in woken["data"]], ["post.published"])
        self.assertTrue(woken["data"][0]["test"])
        one = self.call("GET", f"/api/events/{ids[0]}", status=200)
        self.assertEqual(one["payload"]["event"], "post.published")
        self.call("GET", "/api/events?cursor=zz", status=400)

    def test_what_a_reader_does_not_want_is_passed_over_once(self):
        self.start()
        wanted = self.trigger("campaign.ended")
        for _ in range(5):
            self.trigger()
        end = self.call("GET", "/api/events?from=end", status=200)["pagination"]["nextCursor"]
        for since in ("", "&wait=1"):
            page = self.call("GET", f"/api/events?type=campaign.ended{since}", status=200)
            self.assertEqual(([e["id"] for e in page["data"]], page["pagination"]["nextCursor"]), ([wanted], end))
        nothing = self.call("GET", f"/api/events?type=campaign.started&wait=1&cursor={end}", status=200)["pagination"]["nextCursor"]
        self.assertEqual(nothing, end)
        self.trigger("campaign.started")
        found = self.call("GET", f"/api/events?type=campaign.started&cursor={nothing}", status=200)["data"]
        self.assertEqual([e["type"] for e in found], ["campaign.started"])

    def test_the_stream_goes_on_where_it_stopped(self):
        self.start()
        ids = [self.trigger(e) for e in ("post.published", "post.failed")]

        def read(count, **headers):
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
            connection.request("GET", "/api/events/stream?type=post.published,post.failed", headers={"Authorization": f"Bearer {self.key}"} | headers)
            response = connection.getresponse()
            self.assertEqual((response.status, response.getheader("content-type")), (200, "text/event-stream"))
            messages, current = [], {}
            while len(messages) < count:
                line = response.readline().decode().rstrip("\n")
                if not line and "data" in current:
                    messages.append(current)
                if not line:
                    current = {}
                elif ":" in line and not line.startswith(":"):
                    name, value = line.split(": ", 1)
                    current[name] = value
            connection.close()
            return messages

        first = read(2, **{"Last-Event-ID": "30"})
        self.assertEqual([json.loads(m["data"])["id"] for m in first], ids)
        self.assertEqual([m["event"] for m in first], ["post.published", "post.failed"])
        again = read(1, **{"Last-Event-ID": first[0]["id"]})
        self.assertEqual(json.loads(again[0]["data"])["id"], ids[1])
        # A server that stops does not wait for its readers.
        self.assertEqual(self.server.stop(), 0)

    def test_a_stream_ends_with_its_key(self):
        self.start()
        made = self.call("POST", "/api/keys", {"name": "reader"}, 201)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/events/stream?type=post.published", headers={"Authorization": f"Bearer {made['key']}"})
        response = connection.getresponse()
        while response.readline() != b"\n":
            pass
        self.trigger()
        while not response.readline().startswith(b"data: "):
            pass
        self.call("DELETE", f"/api/keys/{made['id']}", status=200)
        self.trigger()
        self.assertNotIn(b"data: ", response.read())

    def test_a_long_poll_ends_with_its_key(self):
        self.start()
        made = self.call("POST", "/api/keys", {"name": "reader"}, 201)
        threading.Timer(0.5, self.call, ("DELETE", f"/api/keys/{made['id']}")).start()
        threading.Timer(2.5, self.trigger).start()
        answer = self.server.call("GET", "/api/events?type=post.published&wait=10", key=made["key"])
        self.assertEqual((answer.status, answer.error["code"]), (401, "unauthorized"))

    def test_listen_forwards_signed_events_and_trigger_sends_them(self):
        self.start()
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        environment = {"AUDENCI_API_KEY": self.key}
        base = f"http://127.0.0.1:{self.server.port}"
        received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                received.append({"headers": list(handler.headers.items()), "body": body})
                handler.send_response(200)
                handler.end_headers()

            def log_message(self, *_):
                pass

        local = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=local.serve_forever, daemon=True).start()
        self.addCleanup(local.shutdown)
        listener = Process("listen", "--forward", f"http://127.0.0.1:{local.server_address[1]}/x", "--server", base, "--count", "2",
                           "--secret", secret, env=environment)
        self.addCleanup(listener.stop)
        listener.wait_for("Forwarding events")
        for event in ("post.published", "campaign.ended"):
            done = subprocess.run([str(BINARY), "trigger", event, "--server", base], env=os.environ | environment, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(listener.process.wait(30), 0)
        self.assertEqual(events(received), ["post.published", "campaign.ended"])
        for request in received:
            standardwebhooks.Webhook(secret).verify(request["body"], self.standard(request))
        wrong = subprocess.run([str(BINARY), "trigger", "post.exploded", "--server", base], env=os.environ | environment, capture_output=True, text=True)
        self.assertNotEqual(wrong.returncode, 0)
        self.assertIn("must be one of post.created", wrong.stderr)


class Tools(WebhookTest):
    def test_a_bin_rehearses_a_failure_and_shows_what_came(self):
        self.start()
        made = self.call("POST", "/api/bins", {"status": 503, "failures": 2}, 201)
        hook = self.webhook(url=made["url"], events=["post.failed"])
        self.trigger("post.failed")
        done = lambda: [d for d in self.call("GET", f"/api/webhooks/{hook['id']}/deliveries")["data"] if d["state"] == "succeeded"]
        delivery = until(done, 20, "the success after two failures")[0]
        attempts = self.call("GET", f"/api/deliveries/{delivery['id']}/attempts")["data"]
        self.assertEqual([a["statusCode"] for a in attempts], [503, 503, 200])
        taken = self.call("GET", f"/api/bins/{made['id']}/requests")["data"]
        self.assertEqual([r["number"] for r in taken], [3, 2, 1])
        self.assertEqual(taken[0]["headers"]["X-Audenci-Attempt"], "3")
        standardwebhooks.Webhook(hook["secret"]).verify(
            taken[0]["body"], {n: taken[0]["headers"][n] for n in ("webhook-id", "webhook-timestamp", "webhook-signature")})
        for behavior, error in [("hang", "timeout"), ("garbage", "invalid_response"), ("reset", "connection_reset")]:
            self.call("PUT", f"/api/bins/{made['id']}", {"behavior": behavior, "failures": None}, 200)
            self.call("PATCH", f"/api/webhooks/{hook['id']}", {"timeoutSeconds": 1}, 200)
            result = self.call("POST", f"/api/webhooks/{hook['id']}/test", {}, 200)
            self.assertEqual((result["success"], result["attempt"]["errorClass"]), (False, error))
        # Over HTTP, as any tool would.
        self.call("PUT", f"/api/bins/{made['id']}", {"behavior": "answer", "status": 418}, 200)
        self.assertEqual(self.server.call("POST", f"/bin/{made['id']}?a=1", raw=b"hello").status, 418)
        self.assertEqual(self.call("GET", f"/api/bins/{made['id']}/requests")["data"][0]["path"], f"/bin/{made['id']}?a=1")
        self.call("DELETE", f"/api/bins/{made['id']}", status=200)
        self.assertEqual(self.server.call("GET", f"/bin/{made['id']}").status, 404)

    def test_a_zap_subscribes_samples_and_unsubscribes(self):
        self.start()
        hook = self.call("POST", "/api/hooks", {"event": "post.published", "hookUrl": self.receiver.url + "/zap"}, 201)
        samples = self.server.call("GET", "/api/hooks/samples/post.published", key=self.key)
        self.assertEqual([list(s)[:2] for s in samples.json], [["id", "type"]])
        self.trigger()
        request = self.arrivals(1)[0]
        body = json.loads(request["body"])
        self.assertEqual((body["type"], body["id"]), ("post.published", header(request, "webhook-id")))
        self.assertEqual(self.server.call("GET", "/api/hooks/samples/post.published", key=self.key).json[0]["id"], body["id"])
        self.call("DELETE", f"/api/hooks/{hook['id']}", status=200)
        self.call("DELETE", f"/api/hooks/{hook['id']}", status=404)
        self.call("GET", "/api/hooks/samples/post.exploded", status=404)

    def test_replay_explain_gaps_stats_and_export_agree_on_what_happened(self):
        self.start()
        hook = self.webhook(filter={"platforms": ["mastodon"]}, retry={"schedule": []}, events=["post.created"])
        self.receiver.answer = lambda r: (500, {}, b"no")
        post = lambda platform: self.call("POST", "/api/posts", {"brandId": self.mine["brandId"], "caption": "=1+1", "platforms": [platform]}, 201)
        for _ in range(3):
            post("mastodon")
        post("instagram")
        path = f"/api/webhooks/{hook['id']}"
        until(lambda: self.call("GET", path + "/stats")["states"].get("failed") == 3, 20, "three failures")
        self.assertEqual(self.call("GET", path + "/stats")["filtered"], 1)
        self.assertEqual(len(self.call("GET", path + "/gaps?received=2")["missing"]), 2)
        filtered = self.call("GET", path + "/filtered")["data"][0]
        why = self.call("POST", path + "/filter/explain", {"eventId": filtered["eventId"]}, 200)
        self.assertEqual((why["matches"], why["filter"][0]["part"]), (False, "platforms"))
        self.receiver.answer = lambda r: (204, {}, b"")
        window = {"since": soon(-60), "states": ["failed"]}
        self.assertEqual(self.call("POST", path + "/replay", window | {"dryRun": True}, 202)["total"], 3)
        replay = self.call("POST", path + "/replay", window, 202)
        until(lambda: self.call("GET", f"/api/webhook-replays/{replay['id']}")["state"] == "COMPLETED", 20, "the replay")
        until(lambda: self.call("GET", path + "/stats")["states"].get("succeeded") == 3, 20, "three successes")
        rows = list(csv.DictReader(io.StringIO(self.server.call("GET", path + "/deliveries/export?format=csv", key=self.key).body.decode())))
        self.assertEqual([(r["sequence"], r["state"], r["attempts"]) for r in rows], [(str(n), "succeeded", "2") for n in (1, 2, 3)])
        lines = self.server.call("GET", path + "/deliveries/export?state=succeeded", key=self.key).body.decode().splitlines()
        self.assertEqual([json.loads(line)["sequence"] for line in lines], [1, 2, 3])
        self.call("POST", path + "/replay", {"since": "2020-01-01T00:00:00Z"}, 400)

    def test_what_contradicts_itself_is_refused_and_named(self):
        self.start()
        hook = self.webhook()
        for body, field in [
            ({"ordering": "strict", "batch": {"seconds": 5}}, "batch"), ({"filter": {"where": {"a": {"$regex": "x"}}}}, "filter.where.a.$regex"),
            ({"format": "telegram"}, "formatOptions.chatId"), ({"format": "template", "formatOptions": {"template": "{{>x}}"}}, "formatOptions.template"),
            ({"ratePerSecond": 0}, "ratePerSecond"), ({"concurrency": 65}, "concurrency"), ({"finalStatuses": [200]}, "finalStatuses"),
            ({"authentication": {"type": "basic", "username": "x"}}, "authentication.password"), ({"retry": {"preset": "x"}}, "retry.preset"),
            ({"authentication": {"type": "oauth2", "tokenUrl": "https://10.0.0.1/t", "clientId": "x", "clientSecret": "y"}}, "authentication.tokenUrl"),
            ({"authentication": {"type": "certificate", "certificate": "x", "privateKey": "y"}}, "authentication.certificate"),
            ({"authentication": {"type": "bearer", "token": "t"}, "headers": {"Authorization": "x"}}, "headers"), ({"retry": {}}, "retry.schedule"),
        ]:
            answer = self.call("PATCH", f"/api/webhooks/{hook['id']}", body, 400)
            self.assertIn(field, [d["field"] for d in answer["error"]["details"]], answer)


class Manners(WebhookTest):
    def test_a_receiver_that_answers_429_is_called_less_and_holds_up_nobody(self):
        """D13."""
        self.start()
        self.receiver.answer = lambda r: (429, {}, b"") if r["path"] == "/busy" else (204, {}, b"")
        busy = self.webhook(url=self.receiver.url + "/busy", retry={"schedule": ["1h"]})
        self.webhook(url=self.receiver.url + "/quick")
        for _ in range(40):
            self.trigger()
        count = lambda path: sum(r["path"] == path for r in self.receiver.received)
        until(lambda: count("/quick") == 40, 20, "all of the other's")
        self.assertLessEqual(count("/busy"), 20)
        waiting = [d for d in self.call("GET", f"/api/webhooks/{busy['id']}/deliveries?limit=100")["data"] if d["attempts"] == 0]
        self.assertGreaterEqual(len(waiting), 20)

    def test_a_batch_arrives_as_one_signed_array(self):
        self.start()
        hook = self.webhook(batch={"seconds": 2, "maximumEvents": 100}, payloadVersion="standard")
        ids = {self.trigger() for _ in range(12)}
        until(lambda: self.call("GET", f"/api/webhooks/{hook['id']}/stats")["states"].get("succeeded") == 12, 20, "the batches")
        seen = set()
        for request in self.receiver.received:
            standardwebhooks.Webhook(hook["secret"]).verify(request["body"], self.standard(request))
            items = json.loads(request["body"])
            self.assertEqual(header(request, "X-Audenci-Batch") or "1", str(len(items) if isinstance(items, list) else 1))
            seen |= {i["id"] for i in (items if isinstance(items, list) else [items])}
        self.assertEqual(seen, ids)
        self.assertLess(len(self.receiver.received), 12)


class Resending(WebhookTest):
    def test_two_resends_are_two_attempts_and_one_key_is_one(self):
        """R5."""
        self.start()
        hook = self.webhook()
        self.trigger()
        path = f"/api/webhooks/{hook['id']}/deliveries"
        settled = lambda attempts: until(
            lambda: [d for d in self.call("GET", path)["data"] if (d["state"], d["attempts"]) == ("succeeded", attempts)], 20,
            f"{attempts} attempts")[0]["id"]
        delivery = settled(1)
        for attempts, key in [(2, "a"), (2, "a"), (3, "b"), (4, None), (5, None)]:
            answer = self.server.call("POST", f"/api/deliveries/{delivery}/resend", key=self.key, headers={"Idempotency-Key": key} if key else {})
            self.assertEqual(answer.status, 202, answer.body)
            settled(attempts)
        self.assertEqual(len(self.receiver.received), 5)
        self.assertEqual(len({header(r, "webhook-id") for r in self.receiver.received}), 1)
        answer = self.server.call("POST", f"/api/deliveries/{delivery}/resend", key=self.key, headers={"Idempotency-Key": "x" * 201})
        self.assertEqual(answer.status, 400)

    def test_a_test_has_no_rehearsal_for_it_sends(self):
        self.start()
        id = self.webhook()["id"]
        refused = self.call("POST", f"/api/webhooks/{id}/test?dryRun=true", {}, 400)["error"]
        self.assertEqual([d["field"] for d in refused["details"]], ["dryRun"])
        self.assertTrue(self.call("POST", f"/api/webhooks/{id}/test", {}, 200)["success"])
        self.assertEqual(len(self.receiver.received), 1)

    def test_who_looked_at_the_keys_is_on_record(self):
        self.start()
        hook = self.webhook()
        self.call("GET", f"/api/webhooks/{hook['id']}/secret", status=200)
        self.call("POST", f"/api/webhooks/{hook['id']}/secret/rotate", {}, 200)
        told = self.call("GET", "/api/events?type=webhook.secret_revealed")["data"]
        self.assertEqual([e["payload"]["data"]["action"] for e in told], ["shown", "rotated"])
        self.assertEqual({e["payload"]["userId"] for e in told}, {self.mine["userId"]})
        self.assertNotIn("whsec_", json.dumps(told))


class Tracing(WebhookTest):
    def test_a_collector_gets_the_spans_that_receivers_are_told_of(self):
        taken = []

        class Collector(http.server.BaseHTTPRequestHandler):
            def do_POST(handler):
                taken.append((handler.path, json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))))
                handler.send_response(200)
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            def log_message(self, *_):
                pass

        collector = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        self.addCleanup(collector.shutdown)
        self.start(AUDENCI_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_address[1]}")
        self.webhook()
        self.trigger()
        _, trace, span, flags = header(self.arrivals(1)[0], "traceparent").split("-")
        spans = lambda: [s for _, body in taken for r in body["resourceSpans"] for scope in r["scopeSpans"] for s in scope["spans"]]
        until(lambda: len(spans()) == 2, 15, "two spans")
        attempt, queue = sorted(spans(), key=lambda s: s["name"])
        self.assertEqual((attempt["traceId"], attempt["spanId"], flags), (trace, span, "01"))
        self.assertEqual((queue["traceId"], queue["spanId"], queue["name"]), (trace, attempt["parentSpanId"], "webhook.queue"))
        self.assertEqual({p for p, _ in taken}, {"/v1/traces"})
        self.assertLessEqual(int(queue["startTimeUnixNano"]), int(attempt["startTimeUnixNano"]))


class Authenticating(WebhookTest):
    def test_basic_and_bearer_arrive_and_are_never_shown(self):
        """S8."""
        self.start()
        basic = self.webhook(authentication={"type": "basic", "username": "me", "password": "canary-basic-password"})
        bearer = self.webhook(authentication={"type": "bearer", "token": "canary-bearer-token"})
        self.trigger()
        got = {header(r, "X-Audenci-Webhook-Id"): header(r, "Authorization") for r in self.arrivals(2)}
        self.assertEqual(got[basic["id"]], "Basic " + base64.b64encode(b"me:canary-basic-password").decode())
        self.assertEqual(got[bearer["id"]], "Bearer canary-bearer-token")
        shown = [self.server.call("GET", "/api/webhooks", key=self.key).body.decode(), self.server.process.text()]
        for hook in (basic, bearer):
            for delivery in self.call("GET", f"/api/webhooks/{hook['id']}/deliveries")["data"]:
                shown.append(self.server.call("GET", f"/api/deliveries/{delivery['id']}/attempts", key=self.key).body.decode())
            shown.append(self.server.call("POST", f"/api/webhooks/{hook['id']}/preview", {}, self.key).body.decode())
        for text in shown:
            self.assertNotIn("canary", text)
            self.assertNotIn(base64.b64encode(b"me:canary-basic-password").decode(), text)

    def test_oauth2_fetches_one_token_for_all_and_a_new_one_after_a_401(self):
        self.start()
        tokens, refused = [], {"token-1"}

        def answer(request):
            if request["path"] == "/token":
                tokens.append(request)
                return 200, {"Content-Type": "application/json"}, json.dumps(
                    {"access_token": f"token-{len(tokens)}", "token_type": "Bearer", "expires_in": 3600}).encode()
            return (401, {}, b"") if header(request, "Authorization")[7:] in refused else (204, {}, b"")

        self.receiver.answer = answer
        hook = self.webhook(authentication={"type": "oauth2", "tokenUrl": self.receiver.url + "/token", "clientId": "id&1",
                                            "clientSecret": "canary secret", "scope": "a b"})
        for _ in range(5):
            self.trigger()
        until(lambda: self.call("GET", f"/api/webhooks/{hook['id']}/stats")["states"].get("succeeded") == 5, 20, "five deliveries")
        self.assertEqual(len(tokens), 2)
        self.assertEqual(tokens[0]["body"], b"grant_type=client_credentials&scope=a%20b")
        self.assertEqual(header(tokens[0], "Authorization"), "Basic " + base64.b64encode(b"id%261:canary%20secret").decode())
        # None of it is a failed attempt.
        self.assertEqual(self.call("GET", f"/api/webhooks/{hook['id']}/stats")["attempts"], 5)

    def test_a_receiver_that_demands_a_certificate_gets_one(self):
        self.start()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority.chain, self.authority.key)
        context.load_verify_locations(self.authority.ca)
        context.verify_mode = ssl.CERT_REQUIRED
        self.receiver.server.socket = context.wrap_socket(
            socket.socket(fileno=self.receiver.server.socket.detach()), server_side=True, do_handshake_on_connect=False)
        pem = {"certificate": Path(self.authority.chain).read_text(), "privateKey": Path(self.authority.key).read_text()}
        without = self.webhook(events=["post.created"])
        result = self.call("POST", f"/api/webhooks/{without['id']}/test", {}, 200)
        self.assertEqual((result["success"], result["attempt"]["errorClass"]), (False, "tls_error"), result["attempt"]["error"])
        hook = self.webhook(authentication={"type": "certificate"} | pem)
        self.assertNotIn("PRIVATE KEY", json.dumps(hook))
        result = self.call("POST", f"/api/webhooks/{hook['id']}/test", {}, 200)
        self.assertTrue(result["success"], result["attempt"]["error"])

    def test_deliveries_leave_through_the_proxy_by_address(self):
        for kind, credentials in [("connect", None), ("connect", ("user", "canary-pass")), ("socks5", None), ("socks5", ("user", "canary-pass"))]:
            with self.subTest(kind=kind, credentials=bool(credentials)):
                proxy = Tunnel(kind, credentials)
                self.addCleanup(proxy.stop)
                self.start(AUDENCI_EGRESS_PROXY=proxy.url)
                hook = self.webhook()
                result = self.call("POST", f"/api/webhooks/{hook['id']}/test", {}, 200)
                self.assertTrue(result["success"], result["attempt"]["error"])
                self.assertEqual(set(proxy.targets), {("127.0.0.1", self.receiver.port)})
                wrong = Tunnel(kind, ("user", "other"))
                self.addCleanup(wrong.stop)
                self.start(AUDENCI_EGRESS_PROXY=wrong.url.replace("other", "canary-wrong"))
                result = self.call("POST", f"/api/webhooks/{self.webhook()['id']}/test", {}, 200)
                self.assertFalse(result["success"])
                self.assertIn("proxy", result["attempt"]["error"])
                self.assertNotIn("canary", json.dumps(result) + self.server.process.text())


if __name__ == "__main__":
    unittest.main()
