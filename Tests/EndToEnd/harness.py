"""The real binary, real sockets, real TLS: processes and peers that the end-to-end tests share."""
import atexit
import http.client
import http.server
import json
import os
import queue
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("AUDENCI_BINARY", ROOT / ".build/debug/audenci"))

# All that the tests put somewhere is in one folder, which goes with them.
tempfile.tempdir = tempfile.mkdtemp(prefix="audenci-tests-")
atexit.register(shutil.rmtree, tempfile.tempdir, ignore_errors=True)


def soon(seconds):
    """An instant in the API's form, that far from now."""
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Answer:
    def __init__(self, request, status, headers, body):
        self.request, self.status, self.headers, self.body = request, status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]

    @property
    def next_page(self):
        """The path of the list's next page, from the Link header; None on the last."""
        found = re.search(r'<([^>]*)>; rel="next"', self.headers.get("link", ""))
        return found and found.group(1)


class Process:
    """A running `audenci` command whose output is kept."""

    def __init__(self, *arguments, env=None):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AUDENCI_", "OPENAI_"))}
        # A crash is told at once instead of after a backtrace.
        clean |= {"SWIFT_BACKTRACE": "enable=no"} | (env or {})
        with tempfile.NamedTemporaryFile(suffix=".log", delete=False) as output:
            self.log = Path(output.name)
            self.process = subprocess.Popen(
                [str(BINARY), *arguments], stdout=output, stderr=subprocess.STDOUT, env=clean, stdin=subprocess.DEVNULL
            )

    def text(self):
        return self.log.read_text(errors="replace")

    def wait_for(self, pattern, seconds=30):
        """The first match of a pattern in the output."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if match := re.search(pattern, self.text()):
                return match
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in the output:\n{self.text()[-4000:]}")

    def stop(self, how=signal.SIGTERM):
        """Ends the process; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("the process did not stop:\n" + self.text()[-4000:])


class Server:
    """`audenci serve` on a free port and a folder of its own; may be killed and started again."""

    def __init__(self, folder=None, *flags, **env):
        self.folder = folder or tempfile.mkdtemp(prefix="audenci-e2e-")
        self.flags, self.env = flags, env
        self.port = 0
        self.start()

    def start(self):
        self.process = Process("serve", "--data", self.folder, "--port", str(self.port), *self.flags, env=self.env)
        self.port = int(self.process.wait_for(r"listens on http://127\.0\.0\.1:(\d+)").group(1))

    def organization(self, plan="enterprise", requests_per_hour=None, name="Acme"):
        limit = ["--requests-per-hour", str(requests_per_hour)] if requests_per_hour else []
        return command(
            "init", "--json", "--data", self.folder, "--organization", name, "--plan", plan, "--brand", name, "--email",
            f"owner-{os.urandom(4).hex()}@acme.test", *limit)

    def call(self, method, path, body=None, key=None, headers=None, raw=None, timeout=40):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            sent = dict(headers or {})
            if key:
                sent["Authorization"] = f"Bearer {key}"
            data = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
            if data is not None and "Content-Type" not in sent:
                sent["Content-Type"] = "application/json"
            connection.request(method, path, data, sent)
            response = connection.getresponse()
            return Answer(f"{method} {path}", response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def stop(self, how=signal.SIGTERM):
        return self.process.stop(how)


def command(*arguments, env=None):
    """Runs a command to its end; its standard output, as JSON when it is."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AUDENCI_", "OPENAI_"))} | (env or {})
    done = subprocess.run([str(BINARY), *arguments], capture_output=True, text=True, env=clean, timeout=120)
    if done.returncode:
        raise CommandFailed(done.returncode, done.stdout + done.stderr)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return done.stdout


class CommandFailed(Exception):
    def __init__(self, code, output):
        super().__init__(output)
        self.code, self.output = code, output


class Authority:
    """A certificate authority and a certificate of its for 127.0.0.1, made by openssl."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="audenci-ca-")
        self.ca, self.chain, self.key = (f"{self.folder}/{n}.pem" for n in ("ca", "leaf", "leaf-key"))
        run = lambda *a: subprocess.run(["openssl", *a], check=True, capture_output=True, cwd=self.folder)
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca-key.pem", "-out",
            "ca.pem", "-days", "2", "-subj", "/CN=Test authority")
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf-key.pem", "-out",
            "leaf.csr", "-subj", "/CN=127.0.0.1")
        Path(self.folder, "san.txt").write_text("subjectAltName=IP:127.0.0.1\n")
        run("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-out", "leaf.pem",
            "-days", "2", "-extfile", "san.txt")


class Receiver:
    """An HTTPS endpoint with its own authority that remembers every request."""

    def __init__(self, authority):
        self.received, self.arrived = [], queue.Queue()
        self.answer = lambda request: (204, {}, b"")
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = {"path": self.path, "headers": list(self.headers.items()), "body": body, "at": time.time()}
                outer.received.append(request)
                status, headers, answer = outer.answer(request)
                outer.arrived.put(request)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if status != 204:
                    self.wfile.write(answer)

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.chain, authority.key)
        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 256

            def handle_error(self, request, address):
                """A client that refuses our certificate or is killed is what some tests are about."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.url = f"https://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_until(self, condition, seconds=30):
        """True once `condition(received)` holds; looked at after every arrival."""
        end = time.monotonic() + seconds
        while not condition(self.received):
            left = end - time.monotonic()
            if left <= 0:
                return False
            try:
                self.arrived.get(timeout=min(left, 0.5))
            except queue.Empty:
                pass
        return True

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def header(request, name):
    return next((v for k, v in request["headers"] if k.lower() == name.lower()), None)


def events(received):
    return [json.loads(r["body"])["event"] for r in received]


def until(condition, seconds, what):
    """Asks again until `condition()` gives something true."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


class EndToEndTest(unittest.TestCase):
    maxDiff = None

    def keep(self, thing):
        """Stops `thing` when the test ends and removes its folder."""
        def clean():
            try:
                thing.stop()
            finally:
                if isinstance(thing, Server):
                    shutil.rmtree(thing.folder, ignore_errors=True)

        self.addCleanup(clean)
        return thing
