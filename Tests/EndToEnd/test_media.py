"""The media library with real pictures, a real S3 server and a real SMTP server."""
import email
import hashlib
import os
import re
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import ROOT, EndToEndTest, Server, until
from test_posts import API


def png(width, height, color=(200, 30, 30)):
    """A real PNG of one colour."""
    row = b"\0" + bytes(color) * width
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0taken at home") + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b""))


def multipart(name, filename, content):
    boundary = "XyZ" + os.urandom(4).hex()
    body = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"\r\n"
            f"Content-Type: image/png\r\n\r\n").encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return {"raw": body, "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"}}


class Library(API):
    def upload(self, content=None, status=201, query="", **more):
        return self.call("POST", f"/api/media{query}", status=status, **(more or multipart("file", "sale.png", content or png(900, 600))))

    def test_a_key_of_one_brand_shows_no_picture_of_another(self):
        other = self.call("POST", "/api/brands", {"name": "Other"}, 201)["id"]
        theirs = self.upload(query=f"?brandId={other}")
        limited = self.call("POST", "/api/keys", {"name": "one brand", "scope": "read-write", "brandIds": [self.brand]}, 201)["key"]
        for fields in ({"media": [{"mediaId": theirs["id"]}]}, {"thread": [{"caption": "x", "media": [{"mediaId": theirs["id"]}]}]}):
            error = self.post(400, key=limited, **fields)["error"]
            self.assertIn("names no medium", error["details"][0]["issue"])
        self.post(media=[{"mediaId": theirs["id"]}])

    def fetch(self, url):
        return self.server.call("GET", urllib.parse.urlsplit(url).path)

    def test_a_picture_is_made_safe_and_shown_in_sizes(self):
        media = self.upload(query="?altText=A%20sale&tags=summer,sale")
        self.assertEqual((media["kind"], media["mimeType"], media["width"], media["height"], media["filename"], media["tags"]),
                         ("IMAGE", "image/png", 900, 600, "sale.png", ["summer", "sale"]))
        original = self.fetch(media["url"])
        self.assertEqual((original.status, original.headers["content-type"]), (200, "image/png"))
        self.assertNotIn(b"taken at home", original.body)
        self.assertEqual((len(original.body), hashlib.sha256(original.body).hexdigest()), (media["sizeBytes"], media["sha256"]))
        thumbnail = self.fetch(media["thumbnailUrl"])
        self.assertEqual(thumbnail.body[8:12], b"WEBP")
        self.assertEqual({r["name"] for r in media["renditions"]}, {"thumbnail", "instagram", "facebook", "mastodon"})
        content = self.server.call("GET", f"/api/media/{media['id']}/content?rendition=instagram", key=self.key)
        self.assertEqual(content.body[:3], b"\xff\xd8\xff")
        self.assertEqual(self.fetch(media["url"][:-1] + "x").status, 404)
        self.assertIn(media["id"], [d["mediaId"] for d in self.events("media.uploaded")])

    def test_raw_bytes_and_search(self):
        media = self.upload(query="?filename=Beach%20day.png&tags=holiday", raw=png(20, 10), headers={"Content-Type": "image/png"})
        for query in ("text=beach", "tag=holiday", "kind=IMAGE&text=BEACH"):
            self.assertEqual([m["id"] for m in self.call("GET", f"/api/media?{query}")["data"]], [media["id"]], query)
        self.assertEqual(self.call("GET", "/api/media?kind=GIF")["data"], [])

    def test_hostile_and_wrong_files_are_refused_with_reasons(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        for content, status in [(svg, 415), (b"MZ" + b"\0" * 100, 415), (png(40, 40)[:60], 400), (b"\x89PNG\r\n\x1a\n" + os.urandom(200), 415)]:
            error = self.upload(content, status)["error"]
            self.assertTrue(error["details"] and error["details"][0]["field"] == "file", error)
        bomb = png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 30_000, 30_000), 1)
        ihdr = b"IHDR" + bomb[16:29]
        bomb = bomb[:29] + struct.pack(">I", zlib.crc32(ihdr)) + bomb[33:]
        self.assertIn("pixels", self.upload(bomb, 400)["error"]["message"])
        self.call("POST", "/api/media", status=400, **multipart("wrong", "a.png", png(1, 1)))
        self.call("POST", "/api/media", status=415, raw=b"{}")
        self.call("POST", "/api/media/from-url", {"url": "https://127.0.0.1/a.png"}, 400)

    def test_a_film_comes_in_pieces_and_goes_on_after_a_crash(self):
        film = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + os.urandom(300_000)
        upload = self.call("POST", "/api/media/uploads", {"filename": "launch.mp4", "sizeBytes": len(film)}, 201)
        path = f"/api/media/uploads/{upload['id']}"
        send = lambda piece, offset, status=200: self.call("PATCH", path, raw=piece, status=status, headers={
            "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)})
        self.assertEqual(send(film[:100_000], 0)["offset"], 100_000)
        self.assertEqual(send(film[:5], 0, 409)["error"]["details"][0]["issue"], "must be 100000")
        self.server.stop(9)
        self.server.start()
        self.assertEqual(self.call("GET", path)["offset"], 100_000)
        done = send(film[100_000:], 100_000)
        self.assertEqual((done["media"]["kind"], done["media"]["sha256"]), ("VIDEO", hashlib.sha256(film).hexdigest()))
        self.call("GET", path, status=404)
        self.assertEqual(self.fetch(done["media"]["url"]).body, film)
        bad = self.call("POST", "/api/media/uploads", {"filename": "x.mp4", "sizeBytes": 10}, 201)
        self.call("PATCH", f"/api/media/uploads/{bad['id']}", raw=b"not a film", status=415, headers={
            "Content-Type": "application/octet-stream", "Upload-Offset": "0"})

    def test_what_is_there_for_all_brands_is_not_for_one_to_take_or_delete(self):
        shared = self.upload()["id"]
        key = self.call("POST", "/api/keys", {"name": "part", "scope": "admin", "brandIds": [self.brand]}, 201)["key"]
        self.call("GET", f"/api/media/{shared}", key=key)
        for change in ({"brandId": self.brand}, {"altText": "Mine"}):
            self.call("PUT", f"/api/media/{shared}", change, 403, key=key)
        self.call("DELETE", f"/api/media/{shared}", status=403, key=key)
        own = self.upload(query=f"?brandId={self.brand}")["id"]
        self.call("PUT", f"/api/media/{own}", {"altText": "Ours"}, key=key)
        self.call("DELETE", f"/api/media/{own}", key=key)

    def test_pieces_at_the_same_place_do_not_overwrite_the_one_that_counts(self):
        head = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(1000)
        for _ in range(5):
            pieces = [bytes([65 + n]) * (1_000_000 if n % 2 else 2_000_000) for n in range(4)]
            upload = self.call("POST", "/api/media/uploads", {"filename": "x.mp4", "sizeBytes": 50_000_000}, 201)["id"]

            def send(piece, at):
                return self.server.call("PATCH", f"/api/media/uploads/{upload}", key=self.key, raw=piece, headers={
                    "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}).status

            self.assertEqual(send(head, 0), 200)
            with ThreadPoolExecutor(len(pieces)) as pool:
                answers = list(pool.map(lambda piece: send(piece, len(head)), pieces))
            self.assertEqual(sorted(answers), [200, 409, 409, 409])
            kept = next(Path(self.server.folder).rglob(f"*{upload}*")).read_bytes()
            self.assertTrue(kept == head + pieces[answers.index(200)], "what was answered with 200 is not what is kept")
            self.call("DELETE", f"/api/media/uploads/{upload}")

    def test_folders_hold_and_give_back(self):
        top = self.call("POST", "/api/media/folders", {"name": "Top"}, 201)
        inner = self.call("POST", "/api/media/folders", {"name": "Inner", "parentId": top["id"]}, 201)
        self.call("PUT", f"/api/media/folders/{top['id']}", {"parentId": inner["id"]}, 400)
        media = self.upload(query=f"?folderId={inner['id']}")
        self.call("DELETE", f"/api/media/folders/{inner['id']}")
        self.assertEqual(self.call("GET", f"/api/media/{media['id']}")["folderId"], top["id"])
        self.upload(status=400, query="?folderId=nope")

    def test_a_post_shows_it_and_protects_it_until_it_is_published(self):
        media = self.upload()
        post = self.post(media=[{"mediaId": media["id"]}], platforms=["mastodon", "instagram"], status="SCHEDULED",
                         scheduledFor="2040-01-01T00:00:00Z")
        self.assertEqual(post["media"][0]["mediaId"], media["id"])
        self.call("DELETE", f"/api/media/{media['id']}", status=409)
        done = self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})
        self.assertEqual(done["status"], "PUBLISHED", done)
        self.call("DELETE", f"/api/media/{media['id']}")
        self.assertEqual(self.fetch(media["url"]).status, 404)
        self.assertEqual(self.post(400, media=[{"mediaId": "nope"}])["error"]["details"][0]["field"], "media[0].mediaId")

    def test_storage_is_counted_and_limited(self):
        before = self.call("GET", "/api/organization/usage")["storageBytes"]["used"]
        media = self.upload()
        stored = media["sizeBytes"] + sum(r["sizeBytes"] for r in media["renditions"])
        self.assertEqual(self.call("GET", "/api/organization/usage")["storageBytes"]["used"], before + stored)
        self.call("DELETE", f"/api/media/{media['id']}")
        self.assertEqual(self.call("GET", "/api/organization/usage")["storageBytes"]["used"], before)


class Bucket(EndToEndTest):
    def test_the_library_lives_in_a_real_bucket(self):
        url = os.environ.get("AUDENCI_TEST_S3")
        if not url:
            self.skipTest("AUDENCI_TEST_S3 is not set; script/test sets it")
        server = self.keep(Server(AUDENCI_MEDIA_STORAGE=url))
        organization = server.organization()
        media = server.call("POST", "/api/media", key=organization["apiKey"], **multipart("file", "a.png", png(300, 200))).json
        content = server.call("GET", f"/api/media/{media['id']}/content", key=organization["apiKey"])
        self.assertEqual(hashlib.sha256(content.body).hexdigest(), media["sha256"])
        self.assertFalse(Path(server.folder, "media").exists())
        self.assertEqual(server.call("DELETE", f"/api/media/{media['id']}", key=organization["apiKey"]).status, 200)
        self.assertEqual(server.call("GET", urllib.parse.urlsplit(media["url"]).path).status, 404)


class Mail(EndToEndTest):
    def test_an_invitation_arrives_by_smtp_even_when_the_server_was_away(self):
        from aiosmtpd.controller import Controller

        class Inbox:
            messages = []

            async def handle_DATA(self, server, session, envelope):
                self.messages.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
                return "250 OK"

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = self.keep(Server(AUDENCI_SMTP_URL=f"smtp://127.0.0.1:{port}?tls=none", AUDENCI_MAIL_FROM="Audenci <team@audenci.test>"))
        key = server.organization()["apiKey"]
        invite = server.call("POST", "/api/invites", {"email": "grace@acme.test", "role": "CREATOR", "message": "Grüße!"}, key).json
        time.sleep(1)
        controller = Controller(Inbox(), hostname="127.0.0.1", port=port)
        controller.start()
        self.addCleanup(controller.stop)
        server.call("POST", f"/api/invites/{invite['id']}/resend", key=key)
        until(lambda: Inbox.messages, 30, "the mail")
        sender, to, content = Inbox.messages[-1]
        message = email.message_from_bytes(content)
        text = message.get_payload(decode=True).decode() if not message.is_multipart() else message.get_payload()[0].get_payload(decode=True).decode()
        self.assertEqual((sender, to, message["Subject"]), ("team@audenci.test", ["grace@acme.test"], "Invitation to Acme"))
        self.assertIn("Grüße!", text)
        path = urllib.parse.urlsplit(re.search(r"http\S+/invite/\S+", text).group()).path
        self.assertEqual(server.call("GET", path).status, 200)
