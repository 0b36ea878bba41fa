"""Mail servers for MailTests: aiosmtpd, a server that none of us wrote, and scripted ones that misbehave.

Prints one line of JSON (a folder, a CA certificate, the port of each server) and runs until its standard input ends.
aiosmtpd writes each mail it takes to FOLDER/<first recipient>.json, as python's email parser reads it."""
import asyncio
import email
import email.policy
import email.utils
import json
import logging
import ssl
import subprocess
import sys
import tempfile
from email.header import decode_header, make_header
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "mailer@example.org", "pa:ss/w@rd é"


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates(folder):
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Mail test authority")
    for name, subject in [("good", "DNS:localhost"), ("other", "DNS:mail.example.org"), ("address", "IP:127.0.0.1")]:
        openssl(
            folder, "req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", "/CN=peer",
            "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", f"subjectAltName={subject}",
            "-addext", "basicConstraints=critical,CA:FALSE")


def context(folder, name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return made


def parsed(content):
    mail = email.message_from_bytes(content, policy=email.policy.default)
    defects = [str(d) for part in mail.walk() for d in part.defects]
    defects += [f"{name}: {d}" for name, value in mail.items() for d in getattr(value, "defects", [])]
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    # The older parser: the newer one of some versions keeps the blanks between the encoded words of a name.
    older = email.message_from_bytes(content)

    def text(kind):
        return bodies[kind].get_content().replace("\r\n", "\n") if bodies[kind] else None

    def addresses(name):
        return [[str(make_header(decode_header(n))), a] for n, a in email.utils.getaddresses([older[name]])]

    return {
        "defects": defects,
        "type": mail.get_content_type(),
        "headers": [[name, str(value)] for name, value in mail.items()],
        "addresses": {name: addresses(name) for name in ("From", "To", "Reply-To") if name in mail},
        "date": mail["Date"].datetime.isoformat() if mail["Date"] else None,
        "plain": text("plain"),
        "html": text("html"),
    }


class Recorder:
    """aiosmtpd's hooks. Some mailboxes say no."""

    def __init__(self, folder):
        self.folder = folder

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("banned@"):
            return "553 5.7.1 Sender not allowed"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 No such user"
        if address.startswith("busy@"):
            return "451 4.2.1 Mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("full@"):
            return "452 4.2.2 Mailbox full"
        if envelope.rcpt_tos[0].startswith("spam@"):
            return "554 5.7.1 Looks like spam"
        record = {
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "hello": session.host_name,
            "isSecured": session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            "isLoggedIn": bool(session.authenticated), "raw": envelope.content.decode("latin-1"), **parsed(envelope.content),
        }
        target = self.folder / f"{envelope.rcpt_tos[0]}.json"
        target.write_text(json.dumps(record))
        return "250 Taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == USER.encode() and data.password == PASSWORD.encode(), handled=False)


HANG, DROP = object(), object()
USUAL = {
    "greeting": "220 scripted", "EHLO": "250-scripted\r\n250-AUTH PLAIN LOGIN\r\n250 HELP", "AUTH": "235 yes", "MAIL": "250 OK",
    "RCPT": "250 OK", "DATA": "354 go", "content": "250 taken", "QUIT": "221 bye",
}
TLS_OFFERED = "250-scripted\r\n250 STARTTLS"
SCRIPTS = {
    "silent": {"greeting": HANG},
    "hangsAtMail": {"MAIL": HANG},
    "hangsAfterContent": {"content": HANG},
    "hangsAtTLS": {"EHLO": TLS_OFFERED, "STARTTLS": "220 go", "afterGo": HANG},
    "dropsAtOnce": {"greeting": DROP},
    "dropsAtRecipient": {"RCPT": DROP},
    "dropsAfterContent": {"content": DROP},
    "babblesAfterContent": {"content": "354 go on"},
    "babblesAfterTaking": {"content": "250 taken\r\nand now for something completely different"},
    "staysAfterQuit": {"QUIT": HANG},
    "longLine": {"greeting": "220 " + "x" * 5_000},
    "endlessLine": {"greeting": "220 " + "x" * 1_000_000, "end": ""},
    "manyLines": {"EHLO": "250-again\r\n" * 1_000 + "250 HELP"},
    "notSMTP": {"greeting": "HTTP/1.1 400 Bad Request"},
    "mixedCodes": {"EHLO": "250-one\r\n550 two"},
    "busy": {"greeting": "421 4.3.2 Come back later"},
    "closed": {"greeting": "554 5.7.1 Not you"},
    "wrongClass": {"MAIL": "354 go"},
    "speaksAhead": {"EHLO": TLS_OFFERED, "STARTTLS": "220 go\r\n250-injected\r\n250 AUTH PLAIN"},
    "noTLSAfterGo": {"EHLO": TLS_OFFERED, "STARTTLS": "220 go", "afterGo": "this is not TLS"},
    "refusesTLS": {"EHLO": TLS_OFFERED, "STARTTLS": "454 4.7.0 TLS not available"},
    "chatty": {"greeting": "220-one\r\n220-\r\n220 three", "MAIL": "250-a\r\n250", "trickles": True},
    "repeatsPassword": {"AUTH": lambda line: "535 5.7.8 wrong: " + line},
    "loginLater": {"AUTH": "454 4.7.0 Temporary failure"},
    "onlyOAuth": {"EHLO": "250-scripted\r\n250 AUTH XOAUTH2"},
}


def scripted(script):
    script = {**USUAL, **script}

    async def answer(writer, what, line=""):
        reply = script.get(what, "502 unknown")
        if reply is HANG:
            await asyncio.sleep(3_600)
        if reply is DROP:
            raise ConnectionError
        data = ((reply(line) if callable(reply) else reply) + script.get("end", "\r\n")).encode()
        for piece in [data[i:i + 1] for i in range(len(data))] if script.get("trickles") else [data]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    async def serve(reader, writer):
        try:
            await answer(writer, "greeting")
            while line := (await reader.readline()).decode("latin-1").strip():
                verb = line.split()[0].upper()
                await answer(writer, verb, line)
                if verb == "STARTTLS" and "afterGo" in script:
                    await reader.read(1)
                    await answer(writer, "afterGo")
                if verb == "DATA":
                    await reader.readuntil(b"\r\n.\r\n")
                    await answer(writer, "content")
                if verb == "QUIT":
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    return serve


async def main(folder):
    make_certificates(folder)
    loop = asyncio.get_running_loop()
    good = context(folder, "good")

    def real(tls=None, **options):
        options = {"authenticator": authenticate, "hostname": "peer.example.org", **options}
        return loop.create_server(lambda: SMTP(Recorder(folder), loop=loop, **options), "127.0.0.1", 0, ssl=tls)

    secured = {"require_starttls": True, "auth_required": True}
    servers = {
        "plain": await real(auth_require_tls=False),
        "plainLogin": await real(auth_require_tls=False, auth_required=True),
        "onlyLogin": await real(auth_require_tls=False, auth_required=True, auth_exclude_mechanism=["PLAIN"]),
        "startTLS": await real(tls_context=good, **secured),
        "otherName": await real(tls_context=context(folder, "other"), **secured),
        "onlyAddress": await real(tls_context=context(folder, "address"), **secured),
        "implicitTLS": await real(tls=good, auth_require_tls=False, auth_required=True),
        **{name: await asyncio.start_server(scripted(script), "127.0.0.1", 0) for name, script in SCRIPTS.items()},
    }
    ports = {name: server.sockets[0].getsockname()[1] for name, server in servers.items()}
    print(json.dumps({"folder": str(folder), "authority": (folder / "ca.pem").read_text(), "ports": ports}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


# Connections that end badly are what the tests are about.
logging.disable(logging.CRITICAL)
with tempfile.TemporaryDirectory() as made:
    asyncio.run(main(Path(made)))
