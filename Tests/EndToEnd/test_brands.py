"""Brands and the cards that show their logo, with real pictures and a peer that is given the card's address."""
import json
import struct
import threading
import urllib.parse
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import Server
from test_ai import WAIT
from test_media import png
from test_posts import API

ORANGE = (255, 128, 0)


def colors(content):
    """How often each colour stands in a PNG of eight bits without interlace."""
    place, data = 8, b""
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place:place + 8])
        body = content[place + 8:place + 8 + length]
        if kind == b"IHDR":
            (width, height), channels = struct.unpack(">II", body[:8]), {2: 3, 6: 4}[body[9]]
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    raw, line, step, counts = zlib.decompress(data), bytes(width * channels), width * channels + 1, {}
    for y in range(height):
        line = unfiltered(raw[y * step], raw[y * step + 1:(y + 1) * step], line, channels)
        for x in range(0, len(line), channels):
            color = tuple(line[x:x + 3])
            counts[color] = counts.get(color, 0) + 1
    return counts


def unfiltered(kind, row, above, channels):
    """One row of a PNG as its pixels are, by the five filters of the specification."""
    line = bytearray(row)
    for i in range(len(line)):
        left, up = (line[i - channels] if i >= channels else 0), above[i]
        corner = above[i - channels] if i >= channels else 0
        if kind == 4:
            guess = left + up - corner
            near = min((abs(guess - v), n) for n, v in enumerate((left, up, corner)))[1]
            line[i] = (line[i] + (left, up, corner)[near]) & 255
        else:
            line[i] = (line[i] + (0, left, up, (left + up) // 2)[kind]) & 255
    return bytes(line)


class Graph:
    """As much of Meta's API as it takes to be asked for a picture."""

    def __init__(self):
        self.pictures = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply(200, {"id": "17841400000000001", "username": "acme", "name": "Acme"})

            def do_POST(self):
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                outer.pictures += form.get("image_url", [])
                self.reply(400, {"error": {"message": "Not today", "type": "OAuthException", "code": 100}})

            def reply(self, status, content):
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_port

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Logos(API):
    @classmethod
    def setUpClass(cls):
        cls.graph = Graph()
        cls.server = Server(None, AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{cls.graph.port}")
        cls.organization = cls.server.organization(plan="growth", requests_per_hour=10_000)
        cls.key, cls.brand = cls.organization["apiKey"], cls.organization["brandId"]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.graph.stop()

    def tearDown(self):
        self.put(None)

    def put(self, logo, status=200, key=None, brand=None):
        return self.call("PUT", f"/api/brands/{brand or self.brand}", {"logoMediaId": logo}, status, key)

    def upload(self, content, query="", kind="image/png", key=None):
        return self.call("POST", f"/api/media{query}", status=201, key=key, raw=content, headers={"Content-Type": kind})["id"]

    def logo(self):
        return self.upload(png(60, 60, ORANGE))

    def refusal(self, logo, **more):
        error = self.put(logo, 400, **more)["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["logoMediaId"])
        return error["message"] + error["details"][0]["issue"]

    def card(self):
        job = self.call("POST", "/api/images/generate", {"brandId": self.brand, "prompt": "Hi", "width": 300, "height": 300}, headers=WAIT)
        self.assertEqual(job["status"], "SUCCEEDED", job)
        return job, colors(self.server.call("GET", f"/api/media/{job['result']['images'][0]['mediaId']}/content", key=self.key).body)

    def test_generated_cards_show_it_until_it_is_taken_away(self):
        self.assertNotIn(ORANGE, self.card()[1])
        logo = self.logo()
        self.assertEqual(self.put(logo)["logoMediaId"], logo)
        self.assertEqual(self.call("GET", f"/api/brands/{self.brand}")["logoMediaId"], logo)
        job, shown = self.card()
        # A tenth of 300 pixels, squared; its edges mix with the ground.
        self.assertGreater(shown[ORANGE], 25 * 25)
        self.assertFalse([note for note in job["result"]["notes"] if "logo" in note])
        self.assertIsNone(self.put(None)["logoMediaId"])
        self.assertNotIn(ORANGE, self.card()[1])

    def instagram(self):
        """An account whose platform notes the address of the picture that it is given."""
        account = self.call("POST", "/api/social/accounts", {
            "brandId": self.brand, "platform": "instagram", "accessToken": "token", "externalId": "17841400000000001",
            "baseUrl": f"http://127.0.0.1:{self.graph.port}"}, 201)["id"]
        self.addCleanup(self.call, "DELETE", f"/api/social/accounts/{account}")
        return account

    def asked_for(self, account, **post):
        """The path of the card that publishing has the platform fetch."""
        post = self.post(platforms=["instagram"], socialAccountIds=[account], **post)
        self.call("POST", f"/api/posts/{post['id']}/publish", status=202, headers={"Prefer": "wait=20"})
        return urllib.parse.urlsplit(self.graph.pictures[-1]).path

    def test_the_card_says_what_the_account_says(self):
        account = self.instagram()
        card = lambda **post: self.server.call("GET", self.asked_for(account, **post)).body
        own = [{"socialAccountId": account, "caption": "For everybody to read"}]
        self.assertEqual(card(caption="Between us", overrides=own), card(caption="For everybody to read"))

    def test_the_card_that_a_platform_fetches_shows_it(self):
        jpeg = self.asked_for(self.instagram())
        fetched = self.server.call("GET", jpeg)
        self.assertEqual((fetched.status, fetched.headers["content-type"], fetched.body[:3]), (200, "image/jpeg", b"\xff\xd8\xff"))
        as_png = lambda: colors(self.server.call("GET", jpeg.replace(".jpg", ".png")).body)
        self.assertNotIn(ORANGE, as_png())
        self.put(self.logo())
        # 60 pixels: a logo is never enlarged.
        self.assertEqual(as_png()[ORANGE], 60 * 60)

    def test_a_logo_cannot_be_deleted_under_its_brand(self):
        logo = self.logo()
        self.put(logo)
        error = self.call("DELETE", f"/api/media/{logo}", status=409)["error"]
        self.assertIn("logoMediaId", error["message"])
        self.put(None)
        self.call("DELETE", f"/api/media/{logo}")
        self.assertIn("names no medium", self.refusal(logo))

    def test_a_logo_does_not_become_another_brands(self):
        logo = self.logo()
        self.put(logo)
        other = self.call("POST", "/api/brands", {"name": "Neighbour"}, 201)["id"]
        error = self.call("PUT", f"/api/media/{logo}", {"brandId": other}, 400)["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["brandId"])
        self.assertEqual(self.call("PUT", f"/api/media/{logo}", {"brandId": self.brand})["brandId"], self.brand)
        self.put(None)
        self.call("PUT", f"/api/media/{logo}", {"brandId": other})

    def test_only_a_still_picture_that_the_brand_may_show_is_taken(self):
        self.assertIn("names no medium", self.refusal("nope"))
        stranger = self.server.organization(name="Other")
        self.assertIn("names no medium", self.refusal(self.upload(png(9, 9), key=stranger["apiKey"])))
        film = self.upload(b"\0\0\0\x18ftypmp42" + bytes(64), "?filename=a.mp4", "video/mp4")
        self.assertIn("still picture", self.refusal(film))
        second = self.call("POST", "/api/brands", {"name": "Second", "logoMediaId": self.logo()}, 201)
        self.assertIsNotNone(second["logoMediaId"])
        mine = self.upload(png(9, 9), query=f"?brandId={self.brand}")
        self.assertIn("another brand", self.refusal(mine, brand=second["id"]))
        self.assertEqual(self.put(mine)["logoMediaId"], mine)
        self.call("POST", "/api/brands", {"name": "Third", "logoMediaId": mine}, 400)
        error = self.call("PUT", f"/api/brands/{self.brand}", {"logoMediaId": 7}, 400)["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["logoMediaId"])

    def test_a_lost_file_is_told_and_stops_no_card(self):
        logo = self.logo()
        self.put(logo)
        lost = [f for f in Path(self.server.folder).rglob("*") if f.is_file() and logo in str(f)]
        self.assertTrue(lost)
        for file in lost:
            file.unlink()
        job, shown = self.card()
        self.assertNotIn(ORANGE, shown)
        self.assertIn("logo", job["result"]["notes"][-1])
