"""A real model behind the real binary: SmolLM2 of 135 million parameters in llama.cpp's server (script/with-smollm2).

What it writes is poor, so only shape, limits, labels and credits are claimed: either it is the model's and passed every check,
or it is the templates', says why, and is free.
"""
import os
import unittest
from datetime import date, timedelta

import jsonschema

from test_ai import WAIT, Calls, Credits

MODEL = os.environ.get("AUDENCI_TEST_SMOLLM2")
LIMITS = {"x": 280, "mastodon": 500}


@unittest.skipUnless(MODEL, "no model is served; script/with-smollm2 serves one")
class SmolLM2(Credits, Calls):
    def setUp(self):
        self.serve("growth", OPENAI_BASE_URL=f"{MODEL}/v1", AUDENCI_AI_TEXT_MODEL="smollm2")
        self.document = self.call("GET", "/api/openapi.json")

    def check_schema(self, method, path, answer):
        operation = self.document["paths"][path][method]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator({**schema, "components": self.document["components"]}).validate(answer)

    def check_label(self, provider, notes):
        """True when the model wrote it."""
        self.assertIn(provider, ["openai-compatible (smollm2)", "offline-template"])
        is_model = provider != "offline-template"
        self.assertTrue(notes[0].startswith("Written by a model" if is_model else "openai-compatible (smollm2) failed"), notes)
        return is_model

    def finished(self, job):
        """The job at its end; a question and its repair have 60 s."""
        for _ in range(4):
            if job["status"] not in ("QUEUED", "RUNNING"):
                break
            job = self.call("GET", f"/api/jobs/{job['id']}", headers=WAIT)
        return job

    def test_captions_are_the_models_for_their_price_or_templates_for_nothing(self):
        left = 1_000
        for topic in ["Our new rye bread", "The sourdough workshop", "Opening hours in winter"]:
            body = {"brandId": self.brand, "topic": topic, "platforms": ["x", "mastodon"], "count": 2}
            answer = self.server.call("POST", "/api/captions/generate", body, self.key, WAIT)
            self.assertIn(answer.status, (200, 202), answer.body)
            job = self.finished(answer.json)
            with self.subTest(topic):
                self.assertEqual((job["status"], job["creditsReserved"], job["attempts"]), ("SUCCEEDED", 1, 1), job)
                self.check_schema("get", "/api/jobs/{id}", job)
                result = job["result"]
                self.assertEqual([v["platform"] for v in result["variants"]], ["x", "x", "mastodon", "mastodon"])
                for variant in result["variants"]:
                    self.assertTrue(0 < len(variant["caption"]) <= LIMITS[variant["platform"]], variant)
                self.assertEqual(job["provider"], result["provider"])
                price = 1 if self.check_label(result["provider"], result["notes"]) else 0
                left -= price
                self.assertEqual((job["creditsCharged"], self.balance()), (price, (left, 0)))
        moved = [e for e in self.call("GET", "/api/credits/entries?limit=100")["data"] if e["to"] == "SPENT"]
        self.assertEqual(sum(e["amount"] for e in moved), 1_000 - left, moved)

    def test_a_previewed_plan_is_what_was_asked_for_and_free(self):
        first = date.today() + timedelta(days=2)
        wish = {"brandId": self.brand, "dateFrom": str(first), "dateTo": str(first + timedelta(days=6)), "totalPosts": 3,
                "platforms": ["mastodon", "x"]}
        preview = self.call("POST", "/api/plans/generate-preview", wish, timeout=90)
        self.check_schema("post", "/api/plans/generate-preview", preview)
        self.check_label(preview["provider"], preview["notes"])
        items = preview["items"]
        self.assertEqual(len(items), 3)
        for item in items:
            self.assertEqual(item["status"], "proposed")
            self.assertTrue(wish["dateFrom"] <= item["scheduledFor"][:10] <= wish["dateTo"], item)
            self.assertTrue(item["platforms"] and set(item["platforms"]) <= {"mastodon", "x"}, item)
            self.assertTrue(item["topic"] and 0 < len(item["caption"]) <= min(LIMITS[p] for p in item["platforms"]), item)
        self.assertEqual(self.balance(), (1_000, 0))

    def test_hashtags_are_the_brands_own_and_free(self):
        tags = self.call("POST", "/api/hashtags/generate", {"brandId": self.brand, "text": "Rye bread"})
        self.check_schema("post", "/api/hashtags/generate", tags)
        self.assertEqual((tags["provider"], self.balance()), ("offline-template", (1_000, 0)))


if __name__ == "__main__":
    unittest.main()
