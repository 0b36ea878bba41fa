"""The commands, as an operator uses them."""
import os
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

from harness import BINARY, CommandFailed, EndToEndTest, Process, Server, command
from test_media import png


class Commands(EndToEndTest):
    def refused(self, *arguments, **env):
        with self.assertRaises(CommandFailed) as caught:
            command(*arguments, env=env)
        self.assertEqual(len(caught.exception.output.strip().splitlines()), 1, caught.exception.output)
        return caught.exception.output

    def test_a_wrong_setting_stops_the_start_with_one_line(self):
        folder = tempfile.mkdtemp()
        self.assertRegex(self.refused("serve", "--data", folder, AUDENCI_PORT="abc"), r"AUDENCI_PORT=abc: allowed is .*65535")
        self.assertRegex(self.refused("serve", "--data", folder, "--port", "70000"), r"--port=70000: allowed")
        self.assertRegex(self.refused("serve", "--data", folder, "--log-level", "loud"), r"loud: allowed are trace")
        self.assertRegex(self.refused("serve", "--data", folder, AUDENCI_OUTBOUND_ALLOW="10.0.0.0/99"), r"AUDENCI_OUTBOUND_ALLOW")
        self.assertRegex(self.refused("serve", "--data", folder, "--webhook-retry-schedule", "5s,soon"), r"soon")
        self.assertRegex(self.refused("serve", "--data", "/proc/nowhere"), r"--data|AUDENCI_DATA")
        short = self.refused("serve", "--data", folder, AUDENCI_MASTER_KEY="hunter2")
        self.assertIn("AUDENCI_MASTER_KEY", short)
        self.assertNotIn("hunter2", short)
        # Anybody can sign with no secret at all.
        for name in ("AUDENCI_META_APP_SECRET", "AUDENCI_META_VERIFY_TOKEN"):
            for empty in ("", " "):
                self.assertRegex(self.refused("serve", "--data", folder, **{name: empty}), rf"{name}=•••: allowed is .*leave it out")
        Path(folder, "bad.toml").write_text("prot = 1\n")
        self.assertRegex(self.refused("serve", "--config", f"{folder}/bad.toml"), r"prot is not a known key; known are host, port")

    def test_flags_win_over_environment_over_file_over_default(self):
        folder = tempfile.mkdtemp()
        Path(folder, "a.yaml").write_text("port: 1001\nhost: 127.0.0.9\nlog_level: debug\n")
        secret = Path(folder, "key")
        secret.write_text("a master key in a file\n")
        shown = command("config", "show", "--config", f"{folder}/a.yaml", "--port", "1003",
                        env={"AUDENCI_PORT": "1002", "AUDENCI_HOST": "127.0.0.8", "AUDENCI_MASTER_KEY_FILE": str(secret)})
        self.assertRegex(shown, r"AUDENCI_PORT = 1003 +\(--port\)")
        self.assertRegex(shown, r"AUDENCI_HOST = 127.0.0.8 +\(AUDENCI_HOST\)")
        self.assertRegex(shown, r"AUDENCI_LOG_LEVEL = debug +\(log_level in the configuration file\)")
        self.assertRegex(shown, r"AUDENCI_DATA = ./data +\(default\)")
        self.assertRegex(shown, r"AUDENCI_MASTER_KEY = ••• +\(AUDENCI_MASTER_KEY_FILE\)")
        self.assertNotIn("a master key", shown)

    def test_keys_are_made_rotated_and_revoked_beside_a_running_server(self):
        server = self.keep(Server())
        mine = server.organization()
        data = ["--data", server.folder]
        made = command("keys", "create", *data, "--name", "CRM", "--scope", "read-write").split()
        key, key_id = made[0], made[1]
        status = lambda k: server.call("GET", "/api/posts", key=k).status
        self.assertEqual(status(key), 200)
        listed = command("keys", "list", *data)
        self.assertIn(key_id, listed)
        self.assertNotIn(key, listed)
        rotated = command("keys", "rotate", *data, key_id, "--grace-seconds", "0").split()[0]
        self.assertEqual((status(key), status(rotated)), (401, 200))
        new_id = next(line.split()[0] for line in command("keys", "list", *data).splitlines() if "active" in line and "CRM" in line)
        command("keys", "revoke", *data, new_id)
        self.assertEqual(status(rotated), 401)
        self.assertIn("revoked", server.call("GET", "/api/posts", key=rotated).error["message"])
        self.assertEqual(status(mine["apiKey"]), 200)
        self.assertIn("must be one of", self.refused("keys", "create", *data, "--name", "x", "--scope", "root"))

    def test_what_a_command_refuses_is_said_in_a_sentence(self):
        server = self.keep(Server())
        server.organization()
        for arguments, words in [
            (["credits", "grant", "0"], "Error: amount must be 1 to 1000000000"),
            (["credits", "grant", "5", "--expires-at", "2020-01-01T00:00:00Z"], "Error: expiresAt must be in the future"),
        ]:
            self.assertEqual(self.refused(*arguments, "--data", server.folder).strip(), words)

    def test_a_development_key_sees_sandbox_accounts_only(self):
        server = self.keep(Server())
        mine = server.organization()
        key = command("keys", "create", "--data", server.folder, "--name", "dev", "--scope", "admin", "--development").split()[0]
        self.assertTrue(key.startswith("sk_dev_"))
        accounts = server.call("GET", "/api/social/accounts", key=key).json["data"]
        self.assertEqual(len(accounts), 3)
        self.assertTrue(all(a["sandbox"] for a in accounts))
        real = {"brandId": mine["brandId"], "platform": "mastodon", "baseUrl": "https://mastodon.invalid", "accessToken": "x"}
        refused = server.call("POST", "/api/social/accounts", real, key)
        self.assertEqual((refused.status, refused.error["details"][0]["field"]), (400, "sandbox"))
        made = server.call("POST", "/api/social/accounts", {"brandId": mine["brandId"], "platform": "mastodon", "sandbox": True}, key)
        self.assertEqual(made.status, 201)
        post = server.call("POST", "/api/posts", {
            "brandId": mine["brandId"], "caption": "x", "platforms": ["mastodon"], "scheduledFor": "2031-01-01T00:00:00Z",
            "status": "SCHEDULED"}, key).json
        self.assertEqual(len(post["socialAccountIds"]), 2)

    def test_the_setup_page_works_once(self):
        server = self.keep(Server())
        url = server.process.wait_for(r"http://127\.0\.0\.1:\d+(/setup\?token=\w+)").group(1)
        token = url.split("=")[1]
        self.assertEqual(server.call("GET", "/setup?token=wrong").status, 404)
        self.assertIn(b"<form", server.call("GET", url).body)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        bad = server.call("POST", "/setup", raw=f"token={token}&organization=A&brand=B&email=nobody".encode(), headers=form)
        self.assertEqual(bad.status, 400)
        done = server.call("POST", "/setup", raw=f"token={token}&organization=A%26B&brand=B&email=a%40b.test".encode(), headers=form)
        self.assertEqual(done.status, 200)
        key = done.body.decode().split("sk_prod_")[1][:36]
        self.assertEqual(server.call("GET", "/api/brands", key="sk_prod_" + key).status, 200)
        self.assertEqual(server.call("GET", url).status, 404)
        server.stop()
        server.start()
        self.assertNotIn("/setup", server.process.text())

    def test_a_demo_server_prints_a_ready_key(self):
        server = self.keep(Server(None, "--demo"))
        key = server.process.wait_for(r"API key +(sk_\w+)").group(1)
        self.assertEqual(server.call("GET", "/api/social/accounts", key=key).status, 200)

    def test_one_folder_has_one_server(self):
        server = self.keep(Server())
        self.assertRegex(self.refused("serve", "--data", server.folder, "--port", "0"), "another audenci serve is running")

    def test_a_server_that_is_told_to_stop_finishes_what_is_under_way(self):
        server = self.keep(Server())
        key = server.organization()["apiKey"]
        statuses, running = [], threading.Event()

        def ask():
            while not running.is_set():
                try:
                    statuses.append(server.call("GET", "/api/posts", key=key).status)
                except OSError:
                    return

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        self.assertEqual(server.stop(), 0)
        running.set()
        for thread in threads:
            thread.join()
        self.assertGreater(len(statuses), 8)
        self.assertLessEqual(set(statuses), {200, 503})

    def test_health_metrics_and_version_need_no_key(self):
        server = self.keep(Server())
        for path, part in [("/livez", b"ok"), ("/readyz", b"ok"), ("/version", b"audenci"), ("/metrics", b"audenci_http_requests_total"),
                           ("/docs/errors/rate_limited", b"429"), ("/api/openapi.json", b'"openapi":"3.1.0"')]:
            answer = server.call("GET", path)
            self.assertEqual(answer.status, 200, path)
            server.call("GET", path)
            if path == "/metrics":
                answer = server.call("GET", path)
            self.assertIn(part, answer.body)

    def test_on_a_free_port_every_link_names_it(self):
        server = self.keep(Server())
        self.assertGreater(server.port, 0)
        refusal = server.call("GET", "/api/posts")
        self.assertEqual((refusal.status, urllib.parse.urlsplit(refusal.json["error"]["docUrl"]).netloc), (401, f"127.0.0.1:{server.port}"))
        with urllib.request.urlopen(refusal.json["error"]["docUrl"], timeout=20) as page:
            self.assertEqual(page.status, 200)
        for host in ("256.0.0.1", "192.0.2.1"):
            self.assertIn("AUDENCI_HOST", self.refused("serve", "--data", tempfile.mkdtemp(), "--port", "0", AUDENCI_HOST=host))

    def test_the_server_holds_no_decoder_of_pictures(self):
        server = self.keep(Server())
        maps = lambda: Path(f"/proc/{server.process.process.pid}/maps").read_text()
        self.assertIn("libcairo", maps())
        key = server.organization()["apiKey"]
        taken = server.call("POST", "/api/media?filename=a.png", key=key, raw=png(40, 30), headers={"Content-Type": "image/png"})
        self.assertEqual((taken.status, taken.json["width"]), (201, 40))
        self.assertNotIn("libvips", maps())

    def test_the_schemas_history_only_grows(self):
        """Existing databases take a new version: what they have applied comes first, in the order in which they have it."""
        shipped = Path(__file__).with_name("migrations.txt").read_text().split()
        server = Server(None)
        self.addCleanup(server.stop)
        database = sqlite3.connect(f"{server.folder}/audenci.sqlite", timeout=10)
        self.addCleanup(database.close)
        applied = [name for name, in database.execute("SELECT name FROM schema_migration ORDER BY position")]
        self.assertEqual(applied[:len(shipped)], shipped)

    def test_the_simulator_keeps_its_ledger(self):
        ledger = tempfile.mktemp()
        simulator = self.keep(Process("simulator", "--port", "0", "--ledger", ledger))
        simulator.wait_for(r"listen on http://127\.0\.0\.1:(\d+)")
        self.assertEqual(simulator.stop(), 0)


if __name__ == "__main__":
    unittest.main()
