"""Every sample in requests/ runs as it is, against the real binary."""
import os
import subprocess
import unittest

from harness import ROOT, EndToEndTest, Server

SAMPLES = sorted(p for p in (ROOT / "requests").glob("*.sh") if p.name != "call.sh")


class Requests(EndToEndTest):
    def test_every_sample_runs(self):
        server = self.keep(Server(None, "--log-level", "warning"))
        self.assertTrue(SAMPLES)
        for sample in SAMPLES:
            with self.subTest(sample.name):
                mine = self.organization(server)
                environment = os.environ | {"AUDENCI_URL": f"http://127.0.0.1:{server.port}", "AUDENCI_KEY": mine["apiKey"]}
                run = subprocess.run(["bash", sample], capture_output=True, text=True, env=environment, timeout=120)
                self.assertEqual(run.returncode, 0, run.stdout[-3000:] + run.stderr[-3000:])

    def organization(self, server):
        """One with something in it for the samples that look at what is there."""
        mine = server.organization(requests_per_hour=100_000)
        call = lambda *request: server.call(*request[:3], mine["apiKey"], *request[3:])
        account = next(a["id"] for a in mine["socialAccounts"] if a["platform"] == "mastodon")
        post = call("POST", "/api/posts", {"brandId": mine["brandId"], "caption": "Hello", "platforms": ["mastodon"]})
        done = call("POST", f"/api/posts/{post.json['id']}/publish", None, {"Prefer": "wait=20"})
        self.assertEqual(done.json["status"], "PUBLISHED", done.body)
        mention = call("POST", f"/api/sandbox/accounts/{account}/mentions", {"author": "ada", "text": "Hello"})
        self.assertEqual(mention.status, 201, mention.body)
        return mine


if __name__ == "__main__":
    unittest.main()
