"""Members, roles, invitations, review and the audit log: over HTTP, on the real binary."""
import os
import re
import sqlite3
import urllib.parse

from harness import soon
from test_posts import API


class Team(API):
    def join(self, role, email, name="Grace", **more):
        """Invites somebody, who accepts in the browser's way; the new member's key."""
        invite = self.call("POST", "/api/invites", {"email": email, "role": role} | more, 201)
        path = urllib.parse.urlsplit(invite["url"]).path
        self.assertIn(role, self.server.call("GET", path).body.decode())
        page = self.server.call("POST", path, raw=f"name={name}".encode(), headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(page.status, 200, page.body)
        self.assertEqual(self.server.call("POST", path, raw=b"name=x").status, 404)
        return re.search(r"sk_prod_\w+", page.body.decode()).group()

    def member(self, key):
        keys = self.call("GET", "/api/me", key=key)
        return next(m for m in self.call("GET", "/api/members?limit=100")["data"] if m["name"] == keys["name"])


class Members(Team):
    def test_a_key_may_do_what_its_member_may(self):
        creator = self.join("CREATOR", "creator@acme.test", "Cora")
        viewer = self.join("VIEWER", "viewer@acme.test", "Vic")
        mine = self.post(key=creator)
        theirs = self.post()
        self.call("PUT", f"/api/posts/{mine['id']}", {"caption": "Mine"}, key=creator)
        self.assertEqual(self.call("PUT", f"/api/posts/{theirs['id']}", {"caption": "x"}, 403, key=creator)["error"]["code"], "forbidden")
        self.assertEqual(self.call("POST", "/api/campaigns", {"name": "x", "brandId": self.brand}, 403, key=creator)["error"]["code"], "forbidden")
        self.post(403, key=viewer)
        self.call("GET", "/api/posts", key=viewer)
        member = self.member(creator)
        self.call("PUT", f"/api/members/{member['userId']}", {"role": "VIEWER"})
        self.assertEqual(self.post(403, key=creator)["error"]["code"], "forbidden")
        self.call("PUT", f"/api/members/{member['userId']}", {"role": "MANAGER", "brandIds": [self.brand]})
        self.call("PUT", f"/api/posts/{theirs['id']}", {"caption": "x"}, key=creator)
        self.call("DELETE", f"/api/members/{member['userId']}")
        self.assertEqual(self.server.call("GET", "/api/posts", key=creator).status, 401)

    def test_nobody_grants_more_than_they_have(self):
        manager = self.join("MANAGER", "manager@acme.test", "Max")
        self.call("POST", "/api/invites", {"email": "a@acme.test", "role": "ADMIN"}, 400, key=manager)
        self.call("POST", "/api/invites", {"email": "a@acme.test", "role": "OWNER"}, 400)
        self.call("POST", "/api/invites", {"email": "a@acme.test", "role": "CREATOR"}, 201, key=manager)
        self.call("POST", "/api/invites", {"email": "manager@acme.test", "role": "CREATOR"}, 409)
        self.call("POST", "/api/invites", {"email": "not an address", "role": "CREATOR"}, 400)

    def test_an_invitation_can_be_resent_and_cancelled(self):
        first = self.call("POST", "/api/invites", {"email": "late@acme.test", "role": "VIEWER"}, 201)
        second = self.call("POST", f"/api/invites/{first['id']}/resend")
        path = lambda invite: urllib.parse.urlsplit(invite["url"]).path
        self.assertEqual(self.server.call("GET", path(first)).status, 404)
        self.assertEqual(self.server.call("GET", path(second)).status, 200)
        self.call("DELETE", f"/api/invites/{first['id']}")
        self.assertEqual(self.server.call("GET", path(second)).status, 404)
        self.call("DELETE", f"/api/invites/{first['id']}", status=409)
        self.assertNotIn("url", self.call("GET", "/api/invites")["data"][0])

    def test_there_is_exactly_one_owner(self):
        admin = self.join("ADMIN", "admin@acme.test", "Ada")
        owner = next(m for m in self.call("GET", "/api/members?limit=100")["data"] if m["role"] == "OWNER")
        self.call("PUT", f"/api/members/{owner['userId']}", {"role": "VIEWER"}, 409)
        self.call("DELETE", f"/api/members/{owner['userId']}", status=409)
        heir = self.member(admin)
        self.call("POST", "/api/organization/transfer", {"userId": heir["userId"]}, 403, key=admin)
        self.call("POST", "/api/organization/transfer", {"userId": heir["userId"]})
        roles = {m["userId"]: m["role"] for m in self.call("GET", "/api/members?limit=100")["data"]}
        self.assertEqual((roles[heir["userId"]], roles[owner["userId"]], list(roles.values()).count("OWNER")), ("OWNER", "ADMIN", 1))
        self.call("POST", "/api/organization/transfer", {"userId": owner["userId"]}, key=admin)

    def test_a_key_works_from_its_addresses_only(self):
        elsewhere = self.call("POST", "/api/keys", {"name": "far", "allowedAddresses": ["203.0.113.0/24"]}, 201)["key"]
        here = self.call("POST", "/api/keys", {"name": "near", "allowedAddresses": ["127.0.0.1"]}, 201)["key"]
        self.assertEqual(self.server.call("GET", "/api/posts", key=elsewhere).error["code"], "forbidden")
        self.call("GET", "/api/posts", key=here)
        self.call("POST", "/api/keys", {"name": "bad", "allowedAddresses": ["localhost"]}, 400)


class Limits(Team):
    """Who is limited to a brand stays so, whatever they make, change or replace."""

    def limited(self, **more):
        other = self.call("POST", "/api/brands", {"name": "Brand " + os.urandom(3).hex()}, 201)["id"]
        made = self.call("POST", "/api/keys", {"name": "part", "scope": "admin", "brandIds": [other]} | more, 201)
        return other, made["key"], made["id"]

    def field(self, answer):
        return [d["field"] for d in answer["error"]["details"]]

    def test_a_limited_key_makes_and_replaces_no_wider_one(self):
        brand, key, own = self.limited()
        wide = self.call("POST", "/api/keys", {"name": "wide", "scope": "admin"}, 201)["id"]
        for brands in ({}, {"brandIds": []}, {"brandIds": [self.brand]}, {"brandIds": [brand, self.brand]}):
            self.assertEqual(self.field(self.call("POST", "/api/keys", {"name": "x"} | brands, 400, key=key)), ["brandIds"])
        self.call("POST", "/api/keys", {"name": "same", "brandIds": [brand]}, 201, key=key)
        seen = self.call("GET", "/api/keys?limit=100", key=key)["data"]
        self.assertEqual(({k["name"] for k in seen}, {tuple(k["brandIds"]) for k in seen}), ({"part", "same"}, {(brand,)}))
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/rotate")):
            self.call(method, f"/api/keys/{wide}{path}", status=404, key=key)
        successor = self.call("POST", f"/api/keys/{own}/rotate", status=201, key=key)
        self.assertEqual(successor["brandIds"], [brand])

    def test_a_key_for_sandbox_accounts_makes_no_other(self):
        made = self.call("POST", "/api/keys", {"name": "dev", "scope": "admin", "development": True}, 201)
        self.assertEqual(self.field(self.call("POST", "/api/keys", {"name": "x"}, 400, key=made["key"])), ["development"])
        self.call("POST", "/api/invites", {"email": "dev@acme.test", "role": "VIEWER"}, 403, key=made["key"])
        self.assertTrue(all(k["development"] for k in self.call("GET", "/api/keys", key=made["key"])["data"]))

    def test_a_member_of_a_brand_lets_nobody_into_others(self):
        brand, key, _ = self.limited()
        self.assertEqual(self.field(self.call("POST", "/api/invites", {"email": "x@acme.test", "role": "ADMIN"}, 400, key=key)), ["brandIds"])
        invited = self.call("POST", "/api/invites", {"email": "in@acme.test", "role": "ADMIN", "brandIds": [brand]}, 201, key=key)
        everywhere = self.call("POST", "/api/invites", {"email": "out@acme.test", "role": "VIEWER"}, 201)
        self.call("POST", f"/api/invites/{everywhere['id']}/resend", status=403, key=key)
        self.call("DELETE", f"/api/invites/{invited['id']}", key=key)
        ada = self.join("ADMIN", "ada@acme.test", "Ada of one", brandIds=[brand])
        me = f"/api/members/{self.member(ada)['userId']}"
        for brands in ([], [self.brand]):
            self.assertEqual(self.field(self.call("PUT", me, {"brandIds": brands}, 400, key=ada)), ["brandIds"])
        bob = self.join("VIEWER", "bob@acme.test", "Bob of all")
        self.call("DELETE", f"/api/members/{self.member(bob)['userId']}", status=403, key=ada)
        self.call("PUT", "/api/organization", {"name": "Mine now"}, 403, key=ada)
        self.call("GET", "/api/audit", status=403, key=ada)
        self.call("POST", f"/api/members/{self.member(bob)['userId']}/erase", status=403, key=ada)

    def test_a_limited_key_hears_of_its_brands_only(self):
        brand, key, _ = self.limited()
        wide = self.call("POST", "/api/webhooks", {"url": "https://receiver.example/all", "events": ["*"], "enabled": False}, 201)
        mine = self.call("POST", "/api/webhooks", {"url": "https://receiver.example/one", "events": ["*"], "enabled": False}, 201, key=key)
        self.assertEqual(mine["filter"], {"brandIds": [brand]})
        zap = self.call("POST", "/api/hooks", {"event": "post.created", "hookUrl": "https://receiver.example/zap"}, 201, key=key)
        wider = {"filter": {"brandIds": [self.brand]}}
        self.assertEqual(self.field(self.call("PUT", f"/api/webhooks/{mine['id']}", wider, 400, key=key)), ["filter.brandIds"])
        cleared = self.call("PUT", f"/api/webhooks/{mine['id']}", {"filter": None}, key=key)
        self.assertEqual(cleared["filter"], {"brandIds": [brand]})
        theirs = self.post(status="DRAFT")
        ours = self.post(status="DRAFT", brandId=brand, key=key)
        log = self.call("GET", f"/api/webhooks/{mine['id']}/deliveries", key=key)["data"]
        events = {e["id"]: e["payload"]["data"]["postId"] for e in self.call("GET", "/api/events?type=post.created&limit=100")["data"]}
        self.assertEqual([events[d["eventId"]] for d in log if d["event"] == "post.created"], [ours["id"]])
        self.assertEqual(self.call("GET", f"/api/webhooks/{mine['id']}/filtered", key=key)["data"], [])
        self.assertTrue(self.call("GET", f"/api/webhooks/{mine['id']}/filtered")["data"])
        self.assertEqual({w["id"] for w in self.call("GET", "/api/webhooks", key=key)["data"]}, {mine["id"], zap["id"]})
        delivery = self.call("GET", f"/api/webhooks/{wide['id']}/deliveries")["data"][0]["id"]
        replay = self.call("POST", f"/api/webhooks/{zap['id']}/replay", {"since": soon(-3600), "states": ["missed"]}, 202)["id"]
        hidden = [("GET", ""), ("PUT", ""), ("GET", "/secret"), ("POST", "/secret/rotate"), ("POST", "/enable"), ("POST", "/disable"),
                  ("POST", "/test"), ("GET", "/deliveries"), ("GET", "/stats"), ("GET", "/gaps"), ("GET", "/filtered"), ("DELETE", "")]
        for method, path in hidden:
            body = {"description": "x"} if method == "PUT" else None
            self.call(method, f"/api/webhooks/{wide['id']}{path}", body, 404, key=key)
        self.call("POST", f"/api/webhooks/{wide['id']}/replay", {"since": soon(-3600)}, 404, key=key)
        for method, path in (("GET", ""), ("GET", "/attempts"), ("POST", "/resend"), ("POST", "/expunge")):
            self.call(method, f"/api/deliveries/{delivery}{path}", status=404, key=key)
        self.call("GET", f"/api/webhook-replays/{replay}", key=key)
        self.call("POST", "/api/events/trigger", {"event": "post.created"}, 400, key=key)


class Review(Team):
    def setUp(self):
        self.call("PUT", "/api/organization", {"approvalRequired": True, "approvalStages": 1, "selfApproval": False})
        if not hasattr(Review, "creator"):
            Review.creator = self.join("CREATOR", "author@acme.test", "Author")
            Review.reviewer = self.join("MANAGER", "reviewer@acme.test", "Reviewer")

    def submitted(self, **fields):
        post = self.post(key=self.creator, status="SCHEDULED", scheduledFor=soon(3600), **fields)
        self.assertEqual(post["status"], "IN_REVIEW")
        return post

    def test_what_a_creator_schedules_is_reviewed_first(self):
        post = self.submitted()
        self.call("POST", f"/api/posts/{post['id']}/publish", status=409, key=self.creator)
        self.call("POST", f"/api/posts/{post['id']}/approve", status=403, key=self.creator)
        self.assertIn(post["id"], [p["id"] for p in self.call("GET", "/api/approvals")["data"]])
        approved = self.call("POST", f"/api/posts/{post['id']}/approve", {"note": "Fine"}, key=self.reviewer)
        self.assertEqual(approved["status"], "SCHEDULED")
        decisions = self.call("GET", f"/api/posts/{post['id']}/decisions")["data"]
        self.assertEqual([(d["decision"], d["note"], d["postVersion"]) for d in decisions], [("APPROVE", "Fine", post["version"])])
        for kind in ("post.approval_requested", "post.approved"):
            self.assertIn(post["id"], [d["postId"] for d in self.events(kind)])
        draft = self.post(key=self.creator)
        self.assertEqual(self.call("POST", f"/api/posts/{draft['id']}/publish", status=403, key=self.creator)["error"]["code"], "forbidden")

    def test_a_key_for_development_approves_nothing_onto_real_accounts(self):
        development = self.call("POST", "/api/keys", {"name": "Test", "scope": "admin", "development": True}, 201)["key"]
        database = sqlite3.connect(f"{self.server.folder}/audenci.sqlite", timeout=10)
        self.addCleanup(database.close)

        def real(is_real):
            database.execute("UPDATE social_account SET is_sandbox = ? WHERE id = ?", (not is_real, self.accounts["facebook"]))
            database.commit()

        real(True)
        self.addCleanup(real, False)
        post = self.submitted(platforms=["facebook"], socialAccountIds=[self.accounts["facebook"]])
        error = self.call("POST", f"/api/posts/{post['id']}/approve", status=400, key=development)["error"]
        self.assertEqual([d["field"] for d in error["details"]], ["socialAccountIds"])
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}")["status"], "IN_REVIEW")
        self.call("POST", f"/api/posts/{post['id']}/reject", {"note": "Only a test"})

    def test_editing_what_was_approved_returns_it_to_review(self):
        post = self.submitted()
        self.call("POST", f"/api/posts/{post['id']}/approve", key=self.reviewer)
        filed = self.call("PUT", f"/api/posts/{post['id']}", {"title": "Only a name"}, key=self.creator)
        self.assertEqual(filed["status"], "SCHEDULED")
        edited = self.call("PUT", f"/api/posts/{post['id']}", {"caption": "Other words"}, key=self.creator)
        self.assertEqual((edited["status"], edited["approval"]["approvedVersion"]), ("IN_REVIEW", None))
        state = lambda: [p["state"] for p in self.call("GET", f"/api/posts/{post['id']}/publications")["data"]]
        self.assertEqual(state(), ["CANCELLED"])
        self.call("POST", f"/api/posts/{post['id']}/approve", key=self.reviewer)
        self.assertEqual(state(), ["PENDING"])

    def test_words_edited_after_a_failure_or_a_cancellation_are_not_the_approved_ones(self):
        account = self.accounts["mastodon"]
        failed = self.post(key=self.creator)
        self.call("POST", f"/api/posts/{failed['id']}/submit", key=self.creator)
        self.call("POST", f"/api/posts/{failed['id']}/approve", key=self.reviewer)
        self.call("PUT", f"/api/sandbox/accounts/{account}", {"fault": {"step": "publish", "mode": "status", "status": 422}})
        done = self.call("POST", f"/api/posts/{failed['id']}/publish", status=202, key=self.creator, headers={"Prefer": "wait=20"})
        self.assertEqual(done["status"], "FAILED", done)
        edited = self.call("PUT", f"/api/posts/{failed['id']}", {"caption": "Nobody approved this"}, key=self.creator)
        self.assertIsNone(edited["approval"]["approvedVersion"])
        self.call("POST", f"/api/posts/{failed['id']}/retry", status=403, key=self.creator)
        cancelled = self.submitted()
        self.call("POST", f"/api/posts/{cancelled['id']}/approve", key=self.reviewer)
        self.call("POST", f"/api/posts/{cancelled['id']}/cancel", key=self.creator)
        self.call("PUT", f"/api/posts/{cancelled['id']}", {"caption": "Nor this"}, key=self.creator)
        self.call("PUT", f"/api/posts/{cancelled['id']}", {"status": "DRAFT"}, key=self.creator)
        self.call("POST", f"/api/posts/{cancelled['id']}/publish", status=403, key=self.creator)

    def test_stages_follow_each_other(self):
        self.call("PUT", "/api/organization", {"approvalStages": 2})
        post = self.submitted()
        first = self.call("POST", f"/api/posts/{post['id']}/approve", key=self.reviewer)
        self.assertEqual((first["status"], first["approval"]["stage"]), ("IN_REVIEW", 2))
        self.assertEqual(self.call("POST", f"/api/posts/{post['id']}/approve")["status"], "SCHEDULED")

    def test_no_means_no_and_needs_a_reason(self):
        post = self.submitted()
        self.call("POST", f"/api/posts/{post['id']}/reject", status=400, key=self.reviewer)
        back = self.call("POST", f"/api/posts/{post['id']}/request-changes", {"note": "Shorter"}, key=self.reviewer)
        self.assertEqual(back["status"], "CHANGES_REQUESTED")
        self.call("PUT", f"/api/posts/{post['id']}", {"caption": "Short"}, key=self.creator)
        self.call("POST", f"/api/posts/{post['id']}/submit", {"note": "Done"}, key=self.creator)
        self.assertEqual(self.call("POST", f"/api/posts/{post['id']}/reject", {"note": "No"}, key=self.reviewer)["status"], "REJECTED")
        self.assertIn(post["id"], [d["postId"] for d in self.events("post.rejected")])

    def test_named_reviewers_decide_alone(self):
        member = self.member(self.reviewer)
        draft = self.post(key=self.creator)
        self.call("POST", f"/api/posts/{draft['id']}/submit", {"reviewerIds": ["nobody"]}, 400, key=self.creator)
        self.call("POST", f"/api/posts/{draft['id']}/submit", {"reviewerIds": [member["userId"]]}, key=self.creator)
        mine = self.call("GET", "/api/approvals?assignedToMe=true", key=self.reviewer)["data"]
        self.assertEqual([p["id"] for p in mine], [draft["id"]])
        other = self.join("MANAGER", f"other{draft['id']}@acme.test", "Other")
        self.call("POST", f"/api/posts/{draft['id']}/approve", status=403, key=other)
        self.assertEqual(self.call("POST", f"/api/posts/{draft['id']}/approve", key=self.reviewer)["status"], "DRAFT")
        # Approved without a time: the author may publish it now.
        done = self.call("POST", f"/api/posts/{draft['id']}/publish", status=202, key=self.creator, headers={"Prefer": "wait=20"})
        self.assertEqual(done["status"], "PUBLISHED")

    def test_somebody_outside_decides_by_a_link(self):
        post = self.submitted()
        link = self.call("POST", f"/api/posts/{post['id']}/review-link", {"expiresInHours": 1}, key=self.reviewer)
        path = urllib.parse.urlsplit(link["url"]).path
        self.assertIn("Hello", self.server.call("GET", path).body.decode())
        self.assertEqual(self.server.call("GET", path[:-1] + ("0" if path[-1] != "0" else "1")).status, 404)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self.server.call("POST", path, raw=b"name=Client&decision=REJECT&note=", headers=form).status, 400)
        self.assertEqual(self.server.call("POST", path, raw=b"name=Client&decision=APPROVE&note=", headers=form).status, 200)
        self.assertEqual(self.server.call("POST", path, raw=b"name=Client&decision=APPROVE", headers=form).status, 409)
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}")["status"], "SCHEDULED")
        self.assertEqual(self.call("GET", f"/api/posts/{post['id']}/decisions")["data"][0]["author"], "Client")

    def test_a_link_decides_one_stage(self):
        self.call("PUT", "/api/organization", {"approvalStages": 2})
        post = self.submitted()
        link = self.call("POST", f"/api/posts/{post['id']}/review-link", {"expiresInHours": 1}, key=self.reviewer)
        path = urllib.parse.urlsplit(link["url"]).path
        approve = lambda: self.server.call(
            "POST", path, raw=b"name=Client&decision=APPROVE", headers={"Content-Type": "application/x-www-form-urlencoded"}).status
        self.assertEqual((approve(), approve()), (200, 409))
        present = self.call("GET", f"/api/posts/{post['id']}")
        self.assertEqual((present["status"], present["approval"]["stage"]), ("IN_REVIEW", 2))


class Audit(API):
    def test_every_change_is_on_record_and_tampering_shows(self):
        post = self.post()
        self.call("PUT", f"/api/posts/{post['id']}", {"title": "x"})
        self.call("PUT", f"/api/posts/{post['id']}", {"zz": 1}, 400)
        self.call("POST", "/api/posts?dryRun=true", {"brandId": self.brand, "caption": "x", "platforms": ["mastodon"]}, 201)
        lines = self.call("GET", f"/api/audit?objectId={post['id']}")["data"]
        self.assertEqual([line["action"] for line in lines], ["posts.update", "posts.create"])
        self.assertEqual(lines[0]["address"], "127.0.0.1")
        verdict = self.call("GET", "/api/audit/verify")
        self.assertTrue(verdict["intact"])
        database = sqlite3.connect(f"{self.server.folder}/audenci.sqlite", timeout=10)
        database.execute("UPDATE audit_entry SET action = 'posts.get' WHERE number = 1")
        database.commit()
        database.close()
        self.assertEqual(self.call("GET", "/api/audit/verify")["brokenAt"], 1)
