"""Peers on loopback that remember what they were asked for: proxies that tunnel bytes, and an AI provider."""
import base64
import json
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Tunnel:
    """An HTTP CONNECT or a SOCKS5 proxy; asks for credentials when it has some."""

    def __init__(self, kind, credentials=None):
        self.kind, self.credentials, self.targets = kind, credentials, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def url(self):
        user = f"{self.credentials[0]}:{self.credentials[1]}@" if self.credentials else ""
        return f"{'http' if self.kind == 'connect' else 'socks5'}://{user}127.0.0.1:{self.port}"

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.one, args=(client,), daemon=True).start()

    def one(self, client):
        with client:
            target = self.connect(client) if self.kind == "connect" else self.socks(client)
            if target is None:
                return
            self.targets.append(target)
            with socket.create_connection(target) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n" if self.kind == "connect"
                               else b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
                while True:
                    for ready in select.select([client, server], [], [])[0]:
                        data = ready.recv(65536)
                        if not data:
                            return
                        (server if ready is client else client).sendall(data)

    def connect(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(65536)
        if self.credentials:
            expected = base64.b64encode(":".join(self.credentials).encode())
            if b"Proxy-Authorization: Basic " + expected not in head:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return None
        host, port = head.split()[1].decode().rsplit(":", 1)
        return host, int(port)

    def socks(self, client):
        def exactly(count):
            data = b""
            while len(data) < count:
                data += client.recv(count - len(data))
            return data

        methods = exactly(exactly(2)[1])
        if self.credentials:
            assert 2 in methods
            client.sendall(b"\x05\x02")
            name = exactly(exactly(2)[1]).decode()
            word = exactly(exactly(1)[0]).decode()
            good = (name, word) == self.credentials
            client.sendall(b"\x01" + (b"\x00" if good else b"\x01"))
            if not good:
                return None
        else:
            client.sendall(b"\x05\x00")
        assert exactly(4)[3] == 1, "not an IPv4 address: the name was sent"
        address = ".".join(str(b) for b in exactly(4))
        return address, int.from_bytes(exactly(2), "big")

    def stop(self):
        self.listener.close()


class Provider:
    """An AI provider that answers as it is told: status, headers, bytes; None: nothing, until the caller hangs up."""

    def __init__(self):
        self.requests, self.answer, self.gone = [], lambda request: (200, {}, b"{}"), threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                request = {"path": self.path, "body": body, "key": self.headers.get("Authorization")}
                outer.requests.append(request)
                answer = outer.answer(request)
                if answer is None:
                    # Says nothing and finds out when the caller hangs up.
                    self.connection.settimeout(30)
                    if self.connection.recv(1) == b"":
                        outer.gone.set()
                    return
                status, headers, content = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, address):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def pictures(*contents):
    return 200, {"Content-Type": "application/json"}, json.dumps({"data": [{"b64_json": base64.b64encode(c).decode()} for c in contents]}).encode()
