"""What the README prints works as it is printed."""
import json
import os
import re
import shutil
import subprocess
import unittest

from harness import ROOT, EndToEndTest, Server

README = (ROOT / "README.md").read_text()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNATURE = "f96e46c0d1594457071c69734ecc0cba0438d253771965557606d410aef4769c"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


class Readme(EndToEndTest):
    def body(self):
        """The payload that the README shows, in one line as it is sent."""
        return "".join(blocks("json")[0].splitlines())

    def test_the_payload_is_the_one_of_the_check_vector(self):
        self.assertEqual(len(self.body()), 322)
        self.assertEqual(json.loads(self.body())["event"], "post.published")

    def test_the_python_verifier_verifies(self):
        space = {}
        exec(blocks("python")[0], space)
        self.assertTrue(space["is_genuine"](self.body().encode(), SIGNATURE, SECRET))
        self.assertFalse(space["is_genuine"](self.body().encode() + b" ", SIGNATURE, SECRET))

    @unittest.skipUnless(shutil.which("node"), "no node on this machine")
    def test_the_node_verifier_verifies(self):
        script = blocks("js")[0] + f"""
        const body = Buffer.from({json.dumps(self.body())});
        console.log(isGenuine(body, "{SIGNATURE}", "{SECRET}"), isGenuine(Buffer.concat([body, body]), "{SIGNATURE}", "{SECRET}"),
                    isGenuine(body, "short", "{SECRET}"));"""
        done = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.stdout.strip(), "true false false", done.stderr)

    def test_the_curl_lines_work_as_printed(self):
        server = self.keep(Server())
        mine = server.organization()
        environment = os.environ | {"YOUR_API_KEY": mine["apiKey"], "BRAND": mine["brandId"]}
        post, answers = "", []
        for block in blocks("sh"):
            if "curl" not in block:
                continue
            script = block.replace("127.0.0.1:8080", f"127.0.0.1:{server.port}").replace("POST_ID", post)
            # The receiver of the example does not exist; its name does, which is all that creating asks for.
            done = subprocess.run(
                ["bash", "-c", re.sub(r"\bcurl ", "curl -sS -w '\\n%{http_code}\\n' ", script)], capture_output=True, text=True,
                env=environment, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            answers += re.findall(r"^(\d{3})$", done.stdout, re.M)
            if not post:
                post = json.loads(done.stdout.splitlines()[0])["id"]
        self.assertEqual(answers, ["201", "202", "200", "200", "200", "201"])


if __name__ == "__main__":
    unittest.main()
