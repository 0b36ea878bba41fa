"""What holds for every request: repeats, limits, pages, cutting down and expanding, compression, versions, documentation."""
import asyncio
import gzip
import html.parser
import json
import os
import re
import subprocess
import urllib.parse

import jsonschema
import yaml

from harness import ROOT, EndToEndTest, Server, soon
from matrix import PIXEL
from storms import flood, repeat
from test_posts import API

# The sizes that a test run has time for; AUDENCI_STORM_ROUNDS=1000 AUDENCI_STORM_CONNECTIONS=10000 is the whole storm.
ROUNDS = int(os.environ.get("AUDENCI_STORM_ROUNDS", 100))
CONNECTIONS = int(os.environ.get("AUDENCI_STORM_CONNECTIONS", 200))


class Storms(EndToEndTest):
    def test_identical_requests_at_once_have_one_effect(self):
        server = self.keep(Server())
        made = server.organization(requests_per_hour=1_000_000)
        key = made["apiKey"]
        results = asyncio.run(repeat(server.port, key, made["brandId"], ROUNDS))
        in_flight = 0
        for number, answers in enumerate(results):
            made_ones = [a for a in answers if a[0] == 201]
            refused = [json.loads(a[2])["error"]["code"] for a in answers if a[0] != 201]
            self.assertEqual(set(refused) - {"idempotency_in_flight"}, set(), number)
            self.assertEqual(len({a[2] for a in made_ones}), 1, number)
            self.assertEqual(len([a for a in made_ones if "idempotency-replayed" not in a[1]]), 1, number)
            in_flight += len(refused)
        captions, target = [], "/api/posts?limit=100&fields=caption"
        while target:
            page = server.call("GET", target, key=key)
            captions += [p["caption"] for p in page.json["data"]]
            cursor = page.json["pagination"]["nextCursor"]
            target = cursor and f"/api/posts?limit=100&fields=caption&cursor={cursor}"
        self.assertEqual(sorted(captions), sorted(f"round {n}" for n in range(ROUNDS)))
        print(f"{ROUNDS} rounds of 16: {len(captions)} posts, {in_flight} answered 409 in flight", flush=True)

    def test_ten_thousand_requests_at_a_limit_of_500_let_500_through(self):
        server = self.keep(Server())
        for _ in range(2):
            key = server.organization(requests_per_hour=500)["apiKey"]
            statuses, hours = asyncio.run(flood(server.port, key, CONNECTIONS, 10_000))
            if len(hours) == 1:
                break
        self.assertEqual(statuses, {200: 500, 429: 9_500})


class Pages(API):
    def test_lists_go_both_ways_and_know_their_cursors(self):
        for number in range(5):
            self.post(caption=f"{number}", tags=["walk"])
        seen, back, target = [], None, "/api/posts?tag=walk&limit=2"
        while target:
            answer = self.server.call("GET", target, key=self.key)
            seen.append([p["caption"] for p in answer.json["data"]])
            back = answer.json["pagination"]["prevCursor"]
            links = dict(re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers.get("link", "")))
            links = {relation: link for link, relation in links.items()}
            self.assertEqual("next" in links, answer.json["pagination"]["hasMore"])
            self.assertEqual("prev" in links, back is not None)
            target = links.get("next")
        self.assertEqual(seen, [["4", "3"], ["2", "1"], ["0"]])
        page = self.call("GET", f"/api/posts?tag=walk&limit=2&cursor={back}")
        self.assertEqual([p["caption"] for p in page["data"]], ["2", "1"])
        first = self.call("GET", f"/api/posts?tag=walk&limit=2&cursor={page['pagination']['prevCursor']}")
        self.assertEqual(([p["caption"] for p in first["data"]], first["pagination"]["prevCursor"]), (["4", "3"], None))
        for other in (f"/api/posts?tag=other&cursor={back}", f"/api/campaigns?cursor={back}", "/api/posts?cursor=6162"):
            self.assertEqual(self.call("GET", other, status=400)["error"]["details"][0]["field"], "cursor")


class Expanding(API):
    def test_a_filter_without_a_value_is_wrong_and_not_off(self):
        for query in ("status=", "status=DRAFT,", "status=" + ",".join(["DRAFT"] * 101)):
            error = self.call("GET", "/api/posts?" + query, status=400)["error"]
            self.assertEqual([d["field"] for d in error["details"]], ["status"])

    def test_related_objects_are_shown_when_they_are_asked_for(self):
        campaign = self.call("POST", "/api/campaigns", {"name": "Launch", "brandId": self.brand}, 201)
        category = self.call("POST", "/api/categories", {"name": "Tips"}, 201)
        medium = self.call("POST", "/api/media?filename=a.png", raw=PIXEL, headers={"Content-Type": "image/png"}, status=201)
        post = self.post(campaignId=campaign["id"], categoryId=category["id"], media=[{"mediaId": medium["id"]}],
                         socialAccountIds=[self.accounts["mastodon"]], status="SCHEDULED", scheduledFor=soon(3600))
        names = "brand,campaign,category,pillar,socialAccounts,media,publications"
        whole = self.call("GET", f"/api/posts/{post['id']}?expand={names}")
        self.assertEqual(whole["brand"]["id"], self.brand)
        self.assertEqual((whole["campaign"]["name"], whole["category"]["name"], whole["pillar"]), ("Launch", "Tips", None))
        self.assertEqual([a["platform"] for a in whole["socialAccounts"]], ["mastodon"])
        self.assertEqual([m["medium"]["sha256"] for m in whole["media"]], [medium["sha256"]])
        self.assertEqual([p["state"] for p in whole["publications"]], ["PENDING"])
        self.assertEqual({k: v for k, v in whole.items() if k not in names.split(",")}, {k: v for k, v in post.items() if k != "media"})
        listed = self.call("GET", "/api/posts?expand=brand&fields=id&limit=1")["data"][0]
        self.assertEqual((list(listed), listed["brand"]["id"]), (["id", "brand"], self.brand))
        error = self.call("GET", "/api/posts?expand=brand,author", status=400)["error"]
        self.assertIn("brand, campaign", error["message"])
        document = self.server.call("GET", "/api/openapi.json").json
        schema = document["paths"]["/api/posts/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(whole)

    def test_a_tag_tells_when_a_related_object_changed(self):
        post = self.post()
        path = f"/api/posts/{post['id']}?expand=brand"
        tag = self.server.call("GET", path, key=self.key).headers["etag"]
        again = lambda: self.server.call("GET", path, key=self.key, headers={"If-None-Match": tag}).status
        self.assertEqual(again(), 304)
        self.call("PUT", f"/api/brands/{self.brand}", {"colors": ["#112233", "#445566"]})
        self.assertEqual(again(), 200)
        self.call("PUT", f"/api/posts/{post['id']}", {"caption": "x"}, headers={"If-Match": tag})
        self.call("PUT", f"/api/posts/{post['id']}", {"caption": "y"}, 412, headers={"If-Match": tag})


class Compression(API):
    def test_answers_are_compressed_for_those_who_take_it(self):
        for _ in range(4):
            self.post(caption="All work and no play. " * 20)
        plain = self.server.call("GET", "/api/posts?limit=4", key=self.key)
        packed = self.server.call("GET", "/api/posts?limit=4", key=self.key, headers={"Accept-Encoding": "br;q=1, gzip;q=0.8"})
        self.assertEqual((packed.headers["content-encoding"], packed.headers["vary"]), ("gzip", "Accept-Encoding"))
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertLess(len(packed.body), len(plain.body) / 4)
        stream = {"Accept-Encoding": "gzip"}
        webhook = self.call("POST", "/api/webhooks", {"url": "https://example.com/h", "events": ["*"]}, 201)["id"]
        export = self.server.call("GET", f"/api/webhooks/{webhook}/deliveries/export", key=self.key, headers=stream)
        self.assertNotIn("content-encoding", export.headers)
        document = self.server.call("GET", "/api/openapi.json", headers=stream)
        self.assertEqual(json.loads(gzip.decompress(document.body))["openapi"], "3.1.0")
        tag = document.headers["etag"]
        self.assertTrue(tag.startswith("W/"))
        self.assertEqual(self.server.call("GET", "/api/openapi.json", headers=stream | {"If-None-Match": tag}).status, 304)

    def test_compressed_bodies_are_read_and_bombs_refused(self):
        head = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        send = lambda raw, **more: self.server.call("POST", "/api/posts", key=self.key, raw=raw, headers=head | more)
        body = json.dumps({"brandId": self.brand, "caption": "Packed", "platforms": ["mastodon"]}).encode()
        self.assertEqual(send(gzip.compress(body)).json["caption"], "Packed")
        self.assertEqual(send(gzip.compress(b" " * 50_000_000)).error["code"], "payload_too_large")
        self.assertEqual(send(gzip.compress(body)[:-4]).error["code"], "invalid_request")
        self.assertEqual(send(body, **{"Content-Encoding": "br"}).error["code"], "unsupported_media_type")
        # What is sent decides whether it is the same request, not how it is packed.
        key = {"Idempotency-Key": "packed"}
        first, second = send(gzip.compress(body, 1), **key), send(gzip.compress(body, 9), **key)
        self.assertEqual((second.headers["idempotency-replayed"], second.json["id"]), ("true", first.json["id"]))


class Versions(API):
    def test_a_version_is_pinned_asked_for_and_named(self):
        answer = self.server.call("GET", "/api/me", key=self.key)
        newest = answer.headers["audenci-version"]
        self.assertEqual(answer.json["apiVersion"], newest)
        self.assertRegex(newest, r"^\d{4}-\d{2}-\d{2}$")
        self.call("GET", "/api/me", headers={"Audenci-Version": newest})
        error = self.call("GET", "/api/me", status=400, headers={"Audenci-Version": "2020-01-01"})["error"]
        self.assertIn(newest, error["message"])
        self.assertEqual(self.server.call("GET", "/api/posts/x", key=self.key).headers["audenci-version"], newest)
        self.assertEqual(error["details"][0]["field"], "Audenci-Version")
        made = self.call("POST", "/api/keys", {"name": "pinned", "apiVersion": newest}, 201)
        self.assertEqual(self.call("POST", f"/api/keys/{made['id']}/rotate", status=201)["apiVersion"], newest)
        self.call("POST", "/api/keys", {"name": "pinned", "apiVersion": "2020-01-01"}, 400)


class Page(html.parser.HTMLParser):
    """Links, anchors and the balance of a page's elements."""

    VOID = {"meta", "br", "img", "link", "input"}

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.open, self.scripts = [], set(), [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.scripts += tag == "script"
        if "href" in attributes:
            self.links.append(attributes["href"])
        if "id" in attributes:
            self.anchors.add(attributes["id"])
        if tag not in self.VOID and not tag.startswith("!"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-4:])
        self.open.pop()


class Reference(API):
    def test_every_operation_object_event_and_error_has_its_place_and_every_link_leads_somewhere(self):
        document = self.server.call("GET", "/api/openapi.json").json
        pages, queue = {}, ["/docs"]
        while queue:
            path = queue.pop()
            if path in pages:
                continue
            answer = self.server.call("GET", path)
            self.assertEqual(answer.status, 200, path)
            if not answer.headers["content-type"].startswith("text/html"):
                pages[path] = None
                continue
            self.assertIn("default-src 'none'", answer.headers["content-security-policy"])
            pages[path] = page = Page(answer.body.decode())
            self.assertEqual((page.scripts, page.open), (0, []), path)
            queue += [urllib.parse.urldefrag(urllib.parse.urljoin(path, link)).url for link in page.links]
        for path, page in pages.items():
            for link in page.links if page else []:
                target, anchor = urllib.parse.urldefrag(urllib.parse.urljoin(path, link))
                self.assertTrue(not anchor or anchor in pages[target].anchors, f"{path} links to {link}")
        anchors = {anchor for page in pages.values() if page for anchor in page.anchors}
        for item in document["paths"].values():
            for operation in item.values():
                self.assertIn(operation["operationId"], anchors)
        self.assertLessEqual(set(document["webhooks"]), anchors)
        codes = document["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["enum"]
        for code in codes:
            self.assertIn(f"/docs/errors/{code}", pages)
        self.assertEqual(self.server.call("GET", "/docs/errors/nonsense").status, 404)

    def test_the_document_is_the_same_in_yaml(self):
        answer = self.server.call("GET", "/api/openapi.yaml")
        self.assertEqual(yaml.load(answer.body, yaml.CSafeLoader), self.server.call("GET", "/api/openapi.json").json)

    def test_an_operation_says_all_that_is_needed(self):
        text = self.server.call("GET", "/docs/api/posts").body.decode()
        section = text.split('<section id="posts.create">')[1].split("</section>")[0]
        for part in ("Scope <code>read-write</code>", "role <code>CREATOR</code>", "curl &#39;", "/api/posts&#39;",
                     "Idempotency-Key", "Status 201", "/docs/errors/quota_exceeded", "/docs/objects#Post", "brandId"):
            self.assertIn(part, section)


class Guide(API):
    def test_the_curl_lines_of_the_guide_work_as_printed(self):
        text, codes = (ROOT / "docs/api.md").read_text(), []
        for script in re.findall(r"```sh\n(.*?)```", text, re.S):
            for printed, real in (("127.0.0.1:8080", f"127.0.0.1:{self.server.port}"), ("YOUR_API_KEY", self.key),
                                  ("YOUR_BRAND", self.brand), ("curl ", "curl -sS -o /dev/null -w '%{http_code}' ")):
                script = script.replace(printed, real)
            codes.append(subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30).stdout)
        self.assertEqual(codes, ["200", "200", "200", "201"])


class CORS(API):
    def test_pages_of_any_origin_may_call_and_read_what_they_need(self):
        ask = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT",
               "Access-Control-Request-Headers": "authorization,content-type,idempotency-key"}
        answer = self.server.call("OPTIONS", "/api/posts/x", headers=ask)
        self.assertEqual((answer.status, answer.headers["access-control-allow-origin"]), (204, "*"))
        self.assertNotIn("access-control-allow-credentials", answer.headers)
        self.assertIn("PUT", answer.headers["access-control-allow-methods"])
        allowed = answer.headers["access-control-allow-headers"].lower()
        for name in ("authorization", "content-type", "content-encoding", "idempotency-key", "if-match", "audenci-version"):
            self.assertIn(name, allowed)
        exposed = self.server.call("GET", "/api/me", key=self.key).headers["access-control-expose-headers"].lower()
        for name in ("etag", "link", "location", "retry-after", "x-request-id", "x-ratelimit-remaining", "ratelimit",
                     "idempotency-replayed", "audenci-version"):
            self.assertIn(name, exposed)

    def test_problems_are_told_as_the_caller_asks(self):
        answer = self.server.call("GET", "/api/posts/x", key=self.key, headers={"Accept": "application/problem+json"})
        self.assertEqual((answer.status, answer.headers["content-type"].split(";")[0]), (404, "application/problem+json"))
        document = self.server.call("GET", "/api/openapi.json").json
        jsonschema.validate(answer.json, document["components"]["schemas"]["Problem"])
        self.assertEqual(self.server.call("GET", urllib.parse.urlsplit(answer.json["type"]).path).status, 200)
