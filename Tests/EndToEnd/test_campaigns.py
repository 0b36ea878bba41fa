"""The campaign clock: every start and end is told exactly once and on time, whatever happens to the process."""
import collections
import json
import os
import signal
import time
import unittest
from datetime import datetime

from harness import Authority, EndToEndTest, Receiver, Server, header, soon, until

CAMPAIGNS = int(os.environ.get("AUDENCI_CAMPAIGNS", 200))


class CampaignClock(EndToEndTest):
    def setUp(self):
        authority = Authority()
        self.receiver = self.keep(Receiver(authority))
        self.server = self.keep(Server(
            None, "--log-level", "error", AUDENCI_OUTBOUND_CA_FILE=authority.ca,
            AUDENCI_OUTBOUND_ALLOW=f"127.0.0.1:{self.receiver.port}", AUDENCI_WEBHOOK_RETRY_SCHEDULE="1s,1s,1s,2s,2s,5s"))
        mine = self.server.organization(requests_per_hour=1_000_000)
        self.key, self.brand = mine["apiKey"], mine["brandId"]
        made = self.server.call("POST", "/api/webhooks", {
            "url": self.receiver.url + "/hook", "events": ["campaign.started", "campaign.ended"]}, self.key)
        self.assertEqual(made.status, 201, made.body)

    def make(self, first, last):
        """Campaigns that start over the seconds between, and end two seconds later each."""
        ids = {}
        for number in range(CAMPAIGNS):
            start = first + (last - first) * number // CAMPAIGNS
            answer = self.server.call("POST", "/api/campaigns", {
                "name": f"Campaign {number}", "brandId": self.brand, "startsAt": soon(start), "endsAt": soon(start + 2)}, self.key)
            self.assertEqual(answer.status, 201, answer.body)
            ids[answer.json["id"]] = answer.json
        return ids

    def told(self):
        """By event and campaign, the webhook ids that arrived: a repeated delivery keeps its id."""
        ids = collections.defaultdict(set)
        for request in list(self.receiver.received):
            body = json.loads(request["body"])
            ids[(body["event"], body["data"]["campaignId"])].add(header(request, "webhook-id"))
        return ids

    def check(self, campaigns):
        wanted = {(event, id) for id in campaigns for event in ("campaign.started", "campaign.ended")}
        until(lambda: wanted <= self.told().keys(), 60, "every campaign is started and ended")
        time.sleep(1)
        self.assertEqual({k: len(v) for k, v in self.told().items()}, dict.fromkeys(wanted, 1), "told more than once")

    def test_every_start_and_end_is_told_once_and_on_time(self):
        campaigns = self.make(4, 8)
        self.check(campaigns)
        late = []
        for request in self.receiver.received:
            body = json.loads(request["body"])
            due = campaigns[body["data"]["campaignId"]]["startsAt" if body["event"] == "campaign.started" else "endsAt"]
            late.append(request["at"] - datetime.fromisoformat(due.replace("Z", "+00:00")).timestamp())
        self.assertTrue(all(seconds > -0.001 for seconds in late), "told too early")
        late.sort()
        print(f"\n{len(late)} starts and ends: p50 {late[len(late) // 2]:.2f} s, p99 {late[len(late) * 99 // 100]:.2f} s late at the receiver")

    def test_a_crash_loses_and_doubles_no_step(self):
        campaigns = self.make(3, 7)
        for pause in (3.1, 1.1, 1.3, 0.9):
            time.sleep(pause)
            self.server.stop(signal.SIGKILL)
            self.server.start()
        self.check(campaigns)


if __name__ == "__main__":
    unittest.main()
