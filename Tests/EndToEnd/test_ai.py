"""AI jobs and credits: offline and against providers of every kind, over HTTP, on the real binary."""
import json
import os
import re
import socket
import struct
import subprocess
import threading
import time
import unittest
import urllib.parse
import urllib.request
import zlib

from harness import ROOT, Authority, EndToEndTest, Receiver, Server, command, header, until
from peers import Provider, pictures
from test_media import png
from test_posts import API

WAIT = {"Prefer": "wait=25"}


def pixels(content):
    """Decodes a PNG of eight bits and no interlace, whole; its size and how many colours it has."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    place, data, size = 8, b"", None
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place:place + 8])
        body = content[place + 8:place + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", content[place + 8 + length:place + 12 + length])[0]
        if kind == b"IHDR":
            size, depth, color = struct.unpack(">II", body[:8]), body[8], body[9]
            assert depth == 8 and body[12] == 0
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    channels = {0: 1, 2: 3, 6: 4}[color]
    raw = zlib.decompress(data)
    assert len(raw) == size[1] * (1 + size[0] * channels)
    return size, len(set(raw))


class Credits:
    """What an organization's credits are, in a few words."""

    def credits(self):
        return self.call("GET", "/api/credits")

    def balance(self):
        credits = self.credits()
        return credits["balance"], credits["reserved"]

    def generate(self, status=200, headers=WAIT, **fields):
        return self.call("POST", "/api/images/generate", {"brandId": self.brand, "prompt": "A mountain at dawn"} | fields, status, headers=headers)

    def captions(self, status=200, headers=WAIT, **fields):
        return self.call("POST", "/api/captions/generate", {"brandId": self.brand} | fields, status, headers=headers)


class Offline(Credits, API):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.organization = cls.server.organization(plan="starter", requests_per_hour=10_000)
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]

    def test_a_picture_lands_in_the_library_and_costs_its_price(self):
        before, _ = self.balance()
        job = self.generate(platform="instagram", count=2)
        self.assertEqual((job["kind"], job["status"], job["progress"], job["provider"], job["creditsCharged"]),
                         ("IMAGE_GENERATION", "SUCCEEDED", 1, "offline-template", 8))
        self.assertEqual(len(job["result"]["images"]), 2)
        self.assertIn("without AI", job["result"]["notes"][0])
        for image in job["result"]["images"]:
            media = self.call("GET", f"/api/media/{image['mediaId']}")
            self.assertEqual((media["source"], media["aiPrompt"], media["mimeType"], media["brandId"]),
                             ("AI", "A mountain at dawn", "image/png", self.brand))
            self.assertIn("A mountain at dawn", media["altText"])
            content = self.server.call("GET", f"/api/media/{image['mediaId']}/content", key=self.key)
            size, colors = pixels(content.body)
            self.assertEqual(size, (media["width"], media["height"]))
            self.assertGreater(colors, 20)
            self.assertEqual(self.server.call("GET", urllib.parse.urlsplit(image["url"]).path).body, content.body)
        self.assertEqual(self.balance(), (before - 8, 0))
        usage = self.call("GET", "/api/organization/usage")["credits"]
        self.assertEqual(usage, {"used": 200 - self.balance()[0], "limit": 200})
        ids = {i["mediaId"] for i in job["result"]["images"]}
        told = [e for e in self.events("image.generated") if e["jobId"] == job["id"]]
        self.assertEqual({e["mediaId"] for e in told}, ids)

    def test_without_prefer_it_is_202_with_where_to_ask(self):
        answer = self.server.call("POST", "/api/images/generate", {"brandId": self.brand, "prompt": "Bread", "width": 640, "height": 320}, self.key)
        self.assertEqual((answer.status, answer.headers["location"]), (202, f"/api/jobs/{answer.json['id']}"))
        self.assertEqual(answer.headers["retry-after"], "2")
        done = self.call("GET", answer.headers["location"], headers=WAIT)
        self.assertEqual(done["status"], "SUCCEEDED", done)
        self.assertEqual((done["result"]["images"][0]["width"], done["result"]["images"][0]["height"]), (640, 320))
        self.assertIn(done["id"], [j["id"] for j in self.call("GET", f"/api/jobs?status=SUCCEEDED&brandId={self.brand}")["data"]])

    def test_captions_speak_in_the_brands_voice(self):
        self.call("PUT", f"/api/brands/{self.brand}", {"voice": {"tone": "playful", "bannedWords": ["discover"], "hashtagSets": [["#rye"]]}})
        brand = self.call("PUT", f"/api/brands/{self.brand}", {"voice": {"audience": "bakers"}})
        self.assertEqual((brand["voice"]["tone"], brand["voice"]["audience"]), ("playful", "bakers"))
        before, _ = self.balance()
        job = self.captions(topic="Our new rye bread", platforms=["x", "instagram"], count=2)
        variants = job["result"]["variants"]
        self.assertEqual([v["platform"] for v in variants], ["x", "x", "instagram", "instagram"])
        self.assertTrue(all(len(v["caption"]) <= 280 for v in variants[:2]))
        self.assertFalse([v for v in variants if "discover" in v["caption"].lower()])
        self.assertEqual((job["result"]["provider"], self.balance()[0]), ("offline-template", before - 1))
        post = self.post(caption="Fresh from the oven #bread")
        varied = self.captions(postId=post["id"])
        self.assertEqual(({v["platform"] for v in varied["result"]["variants"]}, varied["creditsCharged"]), ({"mastodon"}, 2))
        tags = self.call("POST", "/api/hashtags/generate", {"brandId": self.brand, "text": "bread from the oven"})
        self.assertIn("#bread", tags["hashtags"])
        self.assertEqual(self.balance()[0], before - 3)
        self.call("PUT", f"/api/brands/{self.brand}", {"voice": None})

    def test_a_rehearsal_and_a_repeat_cost_nothing_more(self):
        before, _ = self.balance()
        body = {"brandId": self.brand, "prompt": "Twice"}
        rehearsed = self.call("POST", "/api/images/generate?dryRun=true", body, 202, headers=WAIT)
        self.call("GET", f"/api/jobs/{rehearsed['id']}", status=404)
        self.assertEqual(self.balance(), (before, 0))
        headers = WAIT | {"Idempotency-Key": os.urandom(8).hex()}
        first = self.call("POST", "/api/images/generate", body, headers=headers)
        second = self.call("POST", "/api/images/generate", body, headers=headers)
        self.assertEqual(first, second)
        self.assertEqual(self.balance(), (before - 4, 0))

    def test_wrong_orders_are_named(self):
        def fields(path, body):
            error = self.call("POST", path, body, 400)["error"]
            return sorted(d["field"] for d in error["details"])

        image = "/api/images/generate"
        self.assertEqual(fields(image, {}), ["brandId", "prompt"])
        self.assertEqual(fields(image, {"brandId": self.brand, "prompt": "x", "count": 5}), ["count"])
        self.assertEqual(fields(image, {"brandId": self.brand, "prompt": "  "}), ["prompt"])
        self.assertEqual(fields(image, {"brandId": self.brand, "prompt": "x", "width": 100}), ["height"])
        self.assertEqual(fields(image, {"brandId": "nope", "prompt": "x"}), ["brandId"])
        self.assertEqual(fields("/api/captions/generate", {"brandId": self.brand}), ["topic"])
        self.assertEqual(fields("/api/captions/generate", {"brandId": self.brand, "topic": "x", "platforms": ["x", "x"]}), ["platforms"])
        self.assertEqual(fields("/api/captions/generate", {"brandId": self.brand, "postId": "nope"}), ["postId"])
        self.assertEqual(fields("/api/hashtags/generate", {"brandId": "nope", "text": "x"}), ["brandId"])

    def test_an_ended_job_cannot_be_cancelled_and_others_do_not_see_it(self):
        job = self.generate()
        error = self.call("POST", f"/api/jobs/{job['id']}/cancel", status=409)["error"]
        self.assertIn("SUCCEEDED", error["message"])
        other = self.server.organization(name="Other")
        self.call("GET", f"/api/jobs/{job['id']}", status=404, key=other["apiKey"])
        self.assertEqual(self.call("GET", "/api/jobs", key=other["apiKey"])["data"], [])

    def test_the_ledger_shows_every_movement_and_the_prices(self):
        self.generate()
        entries, cursor = [], ""
        while cursor is not None:
            page = self.call("GET", f"/api/credits/entries?limit=3{cursor}")
            entries += page["data"]
            cursor = page["pagination"]["nextCursor"] and f"&cursor={page['pagination']['nextCursor']}"
        self.assertEqual([e["number"] for e in entries], list(range(len(entries), 0, -1)))
        sums = {}
        for entry in entries:
            sums[entry["from"]] = sums.get(entry["from"], 0) - entry["amount"]
            sums[entry["to"]] = sums.get(entry["to"], 0) + entry["amount"]
        credits = self.credits()
        self.assertEqual((sum(sums.values()), sums["AVAILABLE"], sums["HELD"]), (0, credits["balance"], 0))
        prices = {p["action"]: p["credits"] for p in credits["prices"]}
        self.assertEqual((prices["image"], prices["caption"], prices["hashtags"], prices["video.8s"]), (4, 1, 0, 40))
        self.assertEqual((credits["plan"], credits["creditsPerMonth"]), ("STARTER", 200))


class Calls(EndToEndTest):
    """A server and an organization of the test's own."""

    def serve(self, plan, **env):
        self.server = self.keep(Server(**env))
        organization = self.server.organization(plan=plan, requests_per_hour=10_000)
        self.key, self.brand = organization["apiKey"], organization["brandId"]

    def call(self, method, path, body=None, status=200, **more):
        answer = self.server.call(method, path, body, self.key, **more)
        self.assertEqual(answer.status, status, f"{answer.request}: {answer.body}")
        return answer.json


class Exhausted(Credits, Calls):
    def test_when_credits_are_used_up_it_says_so_and_the_operator_can_grant_more(self):
        self.serve("starter")
        self.assertEqual(self.balance(), (200, 0))
        jobs = [self.generate(202, headers={}, width=64, height=64, count=4) for _ in range(12)]
        self.assertEqual(sum(self.balance()) + 16 * sum(self.call("GET", f"/api/jobs/{j['id']}")["status"] == "SUCCEEDED" for j in jobs), 200)
        for job in jobs:
            self.assertEqual(self.call("GET", f"/api/jobs/{job['id']}", headers=WAIT)["status"], "SUCCEEDED")
        self.generate(count=1, width=64, height=64)
        self.assertEqual(self.balance(), (4, 0))
        error = self.generate(403, count=2)["error"]
        self.assertEqual(error["code"], "insufficient_credits")
        self.assertIn("needs 8 credits; 4 are left", error["message"])
        self.assertEqual(self.balance(), (4, 0))
        said = command("credits", "grant", "10", "--data", self.server.folder, "--note", "Thank you")
        self.assertIn("10", said)
        self.assertEqual(self.balance(), (14, 0))
        self.generate(count=3, width=64, height=64)
        self.assertEqual(self.balance(), (2, 0))
        self.assertIn("2", command("credits", "show", "--data", self.server.folder))


class Remote(Credits, API):
    @classmethod
    def setUpClass(cls):
        cls.provider = Provider()
        cls.server = Server(OPENAI_BASE_URL=cls.provider.url + "/", OPENAI_API_KEY="sk-provider-secret", AUDENCI_AI_TEXT_MODEL="writer",
                            AUDENCI_AI_IMAGE_MODEL="painter")
        cls.organization = cls.server.organization(plan="scale", requests_per_hour=10_000)
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.provider.stop()

    def setUp(self):
        self.provider.requests.clear()

    def media_count(self):
        return len(self.call("GET", "/api/media?limit=100")["data"])

    def test_a_model_makes_pictures(self):
        self.provider.answer = lambda request: pictures(png(90, 60), png(90, 60, (1, 2, 3)))
        before, _ = self.balance()
        job = self.generate(count=2, style="woodcut", platform="x")
        self.assertEqual((job["status"], job["provider"], job["creditsCharged"]), ("SUCCEEDED", "openai-compatible (painter)", 8), job)
        asked = self.provider.requests[0]
        self.assertEqual((asked["path"], asked["key"], asked["body"]["n"], asked["body"]["size"]),
                         ("/v1/images/generations", "Bearer sk-provider-secret", 2, "1600x900"))
        self.assertEqual(self.balance(), (before - 8, 0))
        self.assertEqual(len({i["mediaId"] for i in job["result"]["images"]}), 2)

    def test_fewer_pictures_cost_less(self):
        self.provider.answer = lambda request: pictures(png(90, 60))
        before, _ = self.balance()
        job = self.generate(count=3)
        self.assertEqual((job["creditsReserved"], job["creditsCharged"], job["result"]["notes"]), (12, 4, ["1 of 3 pictures came."]))
        self.assertEqual(self.balance(), (before - 4, 0))

    def test_whatever_a_hostile_provider_answers_nothing_is_charged_and_nothing_kept(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        html, ok = {"Content-Type": "text/html"}, {"Content-Type": "application/json"}
        table = [
            ("not JSON", (200, html, b"<html>hello"), "provider_not_json"),
            ("wrong schema", (200, ok, b'{"data":"none"}'), "provider_not_an_image"),
            ("no pictures", (200, ok, b'{"data":[]}'), "provider_not_an_image"),
            ("a link", (200, ok, b'{"data":[{"url":"http://169.254.169.254/latest"}]}'), "provider_not_an_image"),
            ("SVG as an image", pictures(svg), "provider_not_an_image"),
            ("a PNG that is cut", pictures(png(400, 400)[:80]), "provider_not_an_image"),
            ("a PNG that is none", pictures(b"\x89PNG\r\n\x1a\n" + os.urandom(5_000)), "provider_not_an_image"),
            ("the second is none", pictures(png(50, 50), svg), "provider_not_an_image"),
            ("more than 10 MB", pictures(png(1, 1) + bytes(11_000_000)), "provider_answer_too_large"),
            ("30 MB", (200, ok, b'{"data":[{"b64_json":"' + b"A" * 31_457_280 + b'"}]}'), "provider_answer_too_large"),
            ("401", (401, ok, b'{"error":{"message":"bad key sk-provider-secret"}}'), "provider_refused_key"),
            ("404", (404, ok, b"{}"), "provider_not_found"),
            ("400", (400, ok, b'{"error":{"message":"size is not supported"}}'), "provider_error"),
            ("500", (500, ok, b'{"error":{"message":"sk-provider-secret"}}'), "provider_error"),
            ("429 for an hour", (429, ok | {"Retry-After": "3600"}, b"{}"), "provider_rate_limited"),
            ("redirect", (302, {"Location": "http://169.254.169.254/"}, b""), "provider_error"),
            ("deep JSON", (200, ok, b"[" * 100_000), "provider_not_json"),
        ]
        balance, kept = self.balance(), self.media_count()
        for name, answer, code in table:
            with self.subTest(name):
                self.provider.answer = lambda request: answer
                job = self.generate(count=2)
                self.assertEqual((job["status"], job["error"]["code"], job["creditsCharged"]), ("FAILED", code, 0), job)
                self.assertNotIn("sk-provider-secret", json.dumps(job))
                self.assertNotIn("result", job)
                self.assertEqual((self.balance(), self.media_count()), (balance, kept))
        self.assertIn("3600 s", [j for j in self.call("GET", "/api/jobs?status=FAILED&limit=100")["data"]
                                 if j["error"]["code"] == "provider_rate_limited"][0]["error"]["message"])
        folder = os.path.join(self.server.folder, "media")
        files = sum(len(names) for _, _, names in os.walk(folder)) if os.path.exists(folder) else 0
        known = sum(1 + len(m["renditions"]) for m in self.call("GET", "/api/media?limit=100")["data"])
        self.assertLessEqual(files - known, 2, "bytes of refused pictures are kept")

    def test_a_short_limit_is_sat_out(self):
        answers = [(429, {"Retry-After": "1"}, b"{}"), pictures(png(30, 30))]
        self.provider.answer = lambda request: answers.pop(0)
        before, _ = self.balance()
        job = self.generate()
        self.assertEqual((job["status"], job["attempts"], self.balance()), ("SUCCEEDED", 2, (before - 4, 0)), job)

    def test_captions_fall_back_to_templates_that_cost_nothing(self):
        before, _ = self.balance()
        for answer in [(200, {}, b"oh no"), (500, {}, b""), (429, {"Retry-After": "2"}, b"{}"),
                       (200, {}, json.dumps({"choices": [{"message": {"content": "{}"}}]}).encode())]:
            self.provider.answer = lambda request: answer
            job = self.captions(topic="Rye", platforms=["x"], count=1)
            self.assertEqual((job["status"], job["provider"], job["creditsCharged"]), ("SUCCEEDED", "offline-template", 0), job)
            self.assertIn("openai-compatible (writer) failed", job["result"]["notes"][0])
        self.assertEqual(self.balance(), (before, 0))
        words = json.dumps({"x": ["Rye for you."]})
        self.provider.answer = lambda request: (200, {}, json.dumps({"choices": [{"message": {"content": words}, "finish_reason": "stop"}]}).encode())
        job = self.captions(topic="Rye", platforms=["x"], count=1)
        self.assertEqual((job["result"]["variants"][0]["caption"], job["provider"], job["creditsCharged"]),
                         ("Rye for you.", "openai-compatible (writer)", 1))
        self.assertEqual(self.balance(), (before - 1, 0))

    def test_cancel_hangs_up_on_the_provider_and_gives_the_credits_back(self):
        self.provider.answer = lambda request: None
        self.provider.gone.clear()
        before, _ = self.balance()
        job = self.generate(202, headers={})
        until(lambda: self.provider.requests, 10, "the provider is asked")
        self.assertEqual(self.balance(), (before - 4, 4))
        began = time.monotonic()
        cancelled = self.call("POST", f"/api/jobs/{job['id']}/cancel")
        self.assertEqual((cancelled["status"], cancelled["creditsCharged"], self.balance()), ("CANCELLED", 0, (before, 0)))
        self.assertTrue(self.provider.gone.wait(5), "the request to the provider goes on")
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual(self.call("POST", f"/api/jobs/{job['id']}/cancel")["status"], "CANCELLED")

    def test_progress_is_followed_as_it_happens(self):
        gate = threading.Event()
        self.provider.answer = lambda request: gate.wait(20) and pictures(png(30, 30))
        job = self.generate(202, headers={})
        threading.Timer(1.5, gate.set).start()
        answer = self.server.call("GET", f"/api/jobs/{job['id']}/events", key=self.key)
        self.assertEqual(answer.headers["content-type"], "text/event-stream")
        seen = [(kind, json.loads(data)) for kind, data in re.findall(r"event: (\w+)\ndata: (.*)\n", answer.body.decode())]
        self.assertGreaterEqual(len(seen), 2)
        self.assertEqual((seen[-1][0], seen[-1][1]["status"]), ("end", "SUCCEEDED"))
        self.assertTrue(all(kind == "progress" for kind, _ in seen[:-1]))

    def test_killed_in_the_middle_it_is_done_again_and_charged_once(self):
        self.provider.answer = lambda request: None
        before, _ = self.balance()
        job = self.generate(202, headers={})
        until(lambda: self.provider.requests, 10, "the provider is asked")
        self.server.stop(9)
        self.provider.answer = lambda request: pictures(png(30, 30))
        self.server.start()
        done = self.call("GET", f"/api/jobs/{job['id']}", headers=WAIT)
        self.assertEqual((done["status"], done["attempts"], done["creditsCharged"], self.balance()),
                         ("SUCCEEDED", 2, 4, (before - 4, 0)), done)
        self.assertEqual(len([e for e in self.events("image.generated") if e["jobId"] == job["id"]]), 1)

    def test_stopped_in_the_middle_it_goes_on_after_the_start(self):
        self.provider.answer = lambda request: None
        job = self.generate(202, headers={})
        until(lambda: self.provider.requests, 10, "the provider is asked")
        self.assertEqual(self.server.stop(), 0)
        self.provider.answer = lambda request: pictures(png(30, 30))
        self.server.start()
        self.assertEqual(self.call("GET", f"/api/jobs/{job['id']}", headers=WAIT)["status"], "SUCCEEDED")


LLMOCK = ROOT / ".build/venv/bin/llmock"


@unittest.skipUnless(LLMOCK.exists(), "llmock is not installed; script/with-llmock installs it")
class RealPeer(Credits, Calls):
    """llmock (PyPI): a server with OpenAI's API that none of us wrote."""

    def setUp(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        peer = subprocess.Popen([LLMOCK, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (peer.kill(), peer.wait()))

        def listens():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        until(listens, 20, "llmock listens")
        self.serve("growth", OPENAI_BASE_URL=f"http://127.0.0.1:{self.port}/v1", AUDENCI_AI_TEXT_MODEL="gpt-4o-mini", AUDENCI_AI_IMAGE_MODEL="dall-e-3")

    def script(self, *behaviors):
        for path, body in [("reset", {}), ("scenario", {"behaviors": behaviors})]:
            request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_llmock/{path}", json.dumps(body).encode(),
                                             {"Content-Type": "application/json"}, method="POST")
            urllib.request.urlopen(request, timeout=10).close()

    def test_it_writes_and_its_faults_cost_nothing(self):
        job = self.captions(topic="Rye", platforms=["x", "mastodon"], count=1)
        self.assertEqual((job["status"], job["provider"], len(job["result"]["variants"]), self.balance()),
                         ("SUCCEEDED", "openai-compatible (gpt-4o-mini)", 2, (999, 0)), job)
        for fault in [{"type": "fail", "status": 429, "retry_after": 2}, {"type": "fail", "status": 503},
                      {"type": "reply", "text": "I would love to help!", "times": 2}]:
            self.script(fault)
            job = self.captions(topic="Rye", platforms=["x"], count=1)
            self.assertEqual((job["provider"], job["creditsCharged"], self.balance()), ("offline-template", 0, (999, 0)), job)
        self.script({"type": "reply", "text": "Sure!"})
        job = self.captions(topic="Rye", platforms=["x"], count=1)
        self.assertEqual((job["provider"], self.balance()), ("openai-compatible (gpt-4o-mini)", (998, 0)), "repaired once")
        # Its pictures are SVG, which is what nobody must take.
        job = self.generate()
        self.assertEqual((job["status"], job["error"]["code"], self.balance()), ("FAILED", "provider_not_an_image", (998, 0)))
        self.assertEqual(self.call("GET", "/api/media")["data"], [])


class Told(EndToEndTest):
    def test_image_generated_arrives_signed(self):
        import hashlib
        import hmac
        authority = Authority()
        receiver = self.keep(Receiver(authority))
        server = self.keep(Server(AUDENCI_OUTBOUND_CA_FILE=f"{authority.folder}/ca.pem", AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{receiver.server.server_port}"))
        organization = server.organization()
        key = organization["apiKey"]
        webhook = server.call("POST", "/api/webhooks", {
            "url": f"https://127.0.0.1:{receiver.server.server_port}/hook", "events": ["image.generated"]}, key).json
        job = server.call("POST", "/api/images/generate", {"brandId": organization["brandId"], "prompt": "Dawn"}, key, WAIT).json
        self.assertEqual((job["status"], job["creditsCharged"]), ("SUCCEEDED", 4), job)
        self.assertTrue(receiver.wait_until(lambda r: len(r) == 1), "nothing arrived")
        request = receiver.received[0]
        expected = hmac.new(webhook["secret"].encode(), request["body"], hashlib.sha256).hexdigest()
        self.assertEqual(header(request, "X-Audenci-Signature"), expected)
        body = json.loads(request["body"])
        self.assertEqual((body["event"], body["data"]), ("image.generated", {
            "jobId": job["id"], "mediaId": job["result"]["images"][0]["mediaId"], "prompt": "Dawn"}))
        self.assertEqual((body["brandId"], body["userId"]), (organization["brandId"], organization["userId"]))
        self.assertIsNone(server.call("GET", "/api/credits", key=key).json["balance"])


class Settings(EndToEndTest):
    def test_a_wrong_setting_stops_the_start_with_one_line(self):
        from harness import CommandFailed
        for env, words in [
            ({"OPENAI_BASE_URL": "ftp://x"}, "OPENAI_BASE_URL=ftp://x"),
            ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "AUDENCI_AI_TEXT_MODEL"),
            ({"AUDENCI_AI_PROVIDER": "openai"}, "OPENAI_API_KEY or OPENAI_BASE_URL"),
            ({"AUDENCI_AI_PROVIDER": "magic"}, "offline, openai"),
            ({"AUDENCI_AI_IMAGE_BASE_URL": "http://127.0.0.1:1/v1"}, "AUDENCI_AI_IMAGE_MODEL"),
        ]:
            with self.subTest(env), self.assertRaises(CommandFailed) as caught:
                command("keys", "list", env=env)
            self.assertIn(words, caught.exception.output)

    def test_a_key_is_read_from_a_file_and_never_shown(self):
        import tempfile
        with tempfile.NamedTemporaryFile("w", suffix=".key") as file:
            file.write("sk-very-secret\n")
            file.flush()
            shown = command("config", "show", env={"OPENAI_API_KEY_FILE": file.name})
        self.assertIn("OPENAI_API_KEY", shown)
        self.assertNotIn("sk-very-secret", shown)


if __name__ == "__main__":
    unittest.main()
