"""kill -9 at random moments while posts are created, published and delivered: nothing acknowledged is lost, nothing is
visible twice, every event arrives. Seeded and bounded: AUDENCI_KILL_POSTS, AUDENCI_KILLS, AUDENCI_KILL_SEED."""
import collections
import json
import os
import random
import signal
import tempfile
import threading
import time
import unittest
import urllib.request

from harness import Authority, EndToEndTest, Process, Receiver, Server, header, soon, until

POSTS = int(os.environ.get("AUDENCI_KILL_POSTS", 150))
KILLS = int(os.environ.get("AUDENCI_KILLS", 6))
SEED = int(os.environ.get("AUDENCI_KILL_SEED", 20260203))
PLATFORMS = ["mastodon", "instagram", "facebook"]


class Kill(EndToEndTest):
    def test_nothing_is_lost_and_nothing_is_visible_twice(self):
        rng = random.Random(SEED)
        simulator = self.keep(Process("simulator", "--port", "0", "--ledger", tempfile.mktemp(prefix="audenci-ledger-")))
        self.simulator = "http://127.0.0.1:" + simulator.wait_for(r"listen on http://127\.0\.0\.1:(\d+)").group(1)
        authority = Authority()
        self.receiver = self.keep(Receiver(authority))
        allow = f"{self.simulator[7:]},127.0.0.1:{self.receiver.port}"
        self.server = self.keep(
            Server(None, "--log-level", "error", AUDENCI_OUTBOUND_CA_FILE=authority.ca, AUDENCI_OUTBOUND_ALLOW=allow,
                   AUDENCI_WEBHOOK_RETRY_SCHEDULE="1s,1s,2s,2s,5s,5s,5s,10s,10s"))
        mine = self.server.organization(requests_per_hour=10_000_000)
        self.key, self.brand = mine["apiKey"], mine["brandId"]
        self.accounts = [self.connect(platform) for platform in PLATFORMS]
        webhook = self.server.call("POST", "/api/webhooks", {"url": self.receiver.url + "/hook", "events": ["*"]}, self.key)
        self.assertEqual(webhook.status, 201, webhook.body)

        self.acknowledged, self.unanswered, self.lock = {}, [], threading.Lock()
        todo = [f"Post {n:05} of {SEED}" for n in range(POSTS)]
        writers = [threading.Thread(target=self.write, args=(todo,)) for _ in range(8)]
        for writer in writers:
            writer.start()
        started = time.monotonic()
        for _ in range(KILLS):
            time.sleep(rng.uniform(0.3, 2.5))
            self.server.stop(signal.SIGKILL)
            self.server.start()
        for writer in writers:
            writer.join()
        self.assertEqual(len(self.acknowledged) + len(self.unanswered), POSTS)
        until(self.settled, 240, "every post settles")
        self.settle_deliveries(webhook.json["id"])
        print(f"\n{KILLS} kills in {time.monotonic() - started:.0f} s; {len(self.acknowledged)} posts acknowledged, "
              f"{len(self.unanswered)} requests without an answer", flush=True)
        self.check_ledger()
        self.check_events(webhook.json["id"])

    def connect(self, platform):
        answer = self.server.call("POST", "/api/social/accounts", {
            "brandId": self.brand, "platform": platform, "baseUrl": f"{self.simulator}/{platform}",
            "accessToken": f"sandbox:{platform}-kill", "externalId": f"{platform}-kill"}, self.key)
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["id"]

    def write(self, todo):
        """Creates posts; a request without an answer is noted and never repeated."""
        while True:
            with self.lock:
                if not todo:
                    return
                caption = todo.pop()
            while True:
                try:
                    answer = self.server.call("POST", "/api/posts", {
                        "brandId": self.brand, "caption": caption, "platforms": PLATFORMS, "socialAccountIds": self.accounts,
                        "scheduledFor": soon(1.5), "status": "SCHEDULED"}, self.key)
                except ConnectionRefusedError:
                    time.sleep(0.05)  # Nothing was sent: the server is starting.
                    continue
                except OSError:
                    with self.lock:
                        self.unanswered.append(caption)
                    break
                except Exception:  # A broken answer line is no answer.
                    with self.lock:
                        self.unanswered.append(caption)
                    break
                if answer.status == 201:
                    with self.lock:
                        self.acknowledged[caption] = answer.json["id"]
                    break
                self.assertEqual(answer.status, 400, answer.body)  # The second passed while we waited for a start.
                self.assertEqual(answer.error["details"][0]["field"], "scheduledFor")
            time.sleep(KILLS * 8 / max(POSTS, 1))

    def posts(self):
        found, path = {}, "/api/posts?limit=100"
        while path:
            answer = self.server.call("GET", path, key=self.key)
            self.assertEqual(answer.status, 200, answer.body)
            found |= {p["id"]: p for p in answer.json["data"]}
            path = answer.next_page
        return found

    def settled(self):
        states = collections.Counter(p["status"] for p in self.posts().values())
        return not states.keys() & {"SCHEDULED", "PUBLISHING"}

    def settle_deliveries(self, webhook):
        open_ = lambda: self.server.call("GET", f"/api/webhooks/{webhook}/deliveries?state=pending,in_flight,retrying&limit=1", key=self.key)
        until(lambda: open_().json["data"] == [], 120, "every delivery is made")

    def check_ledger(self):
        with urllib.request.urlopen(self.simulator + "/__sim/ledger") as response:
            ledger = json.load(response)["posts"]
        visible = collections.Counter((p["platform"], p["text"]) for p in ledger)
        self.assertEqual({k: n for k, n in visible.items() if n > 1}, {}, "visible twice")
        posts = self.posts()
        status = collections.Counter(p["status"] for p in posts.values())
        print(f"posts by status: {dict(status)}; visible on the platforms: {len(ledger)}", flush=True)
        for caption, post in self.acknowledged.items():
            self.assertIn(post, posts, "acknowledged and lost")
            self.assertEqual(posts[post]["status"], "PUBLISHED", posts[post])
            for platform in PLATFORMS:
                self.assertEqual(visible[(platform, caption)], 1, (platform, caption))
        captions = [p["caption"] for p in posts.values()]
        self.assertEqual(len(captions), len(set(captions)))
        self.assertLessEqual({c for _, c in visible}, set(captions))

    def check_events(self, webhook):
        bodies, copies = {}, collections.Counter()
        for request in self.receiver.received:
            event = header(request, "webhook-id")
            copies[event] += 1
            self.assertEqual(bodies.setdefault(event, request["body"]), request["body"], "one webhook-id, two bodies")
        arrived = collections.defaultdict(set)
        for body in bodies.values():
            payload = json.loads(body)
            arrived[payload["data"].get("postId")].add(payload["event"] + "/" + payload["data"].get("status", ""))
        for post in self.posts():
            self.assertEqual(arrived[post], {
                "post.created/SCHEDULED", "post.scheduled/SCHEDULED", "post.status_changed/PUBLISHING", "post.status_changed/PUBLISHED", "post.published/"})
        sequences = sorted({int(header(r, "X-Audenci-Sequence")) for r in self.receiver.received})
        self.assertEqual(sequences, list(range(1, len(bodies) + 1)), "a gap in the sequence")
        print(f"events: {len(bodies)} arrived, {sum(copies.values()) - len(bodies)} of them more than once", flush=True)


if __name__ == "__main__":
    unittest.main()
