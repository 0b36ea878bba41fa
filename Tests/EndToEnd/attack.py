"""Lets schemathesis attack a real server with the served document: `script/schemathesis [SECONDS]`."""
import json
import os
import subprocess
import sys
import tempfile

from harness import ROOT
from matrix import World

# What never ends, and what would take the key away that the attack itself uses.
LEFT_OUT = ("events.stream", "keys.revoke", "keys.rotate", "organization.transfer")
# A body that follows its schema may still name a brand that does not exist: that is 400 here, on purpose.
UNFIT = "positive_data_acceptance"


def main(seconds, more):
    world = World()
    here = os.path.dirname(os.path.abspath(__file__))
    places = {prefix: sorted({place for place, _ in found})[:5] for prefix, found in world.ours.items()}
    environment = os.environ | {
        "PYTHONWARNINGS": "ignore", "PYTHONPATH": here, "SCHEMATHESIS_HOOKS": "attack_hooks",
        "AUDENCI_PLACES": json.dumps(places), "AUDENCI_BRAND": world.mine["brandId"]}
    run = [
        sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{world.server.port}/api/openapi.json",
        "--header", f"Authorization: Bearer {world.key}", "--checks", "all", "--exclude-checks", UNFIT,
        "--max-time", str(seconds), "--request-timeout", "40", "--max-response-time", "40", "--suppress-health-check", "all", "--no-color",
        "--warnings", "off", *(part for name in LEFT_OUT for part in ("--exclude-operation-id", name)), *more,
    ]
    try:
        done = subprocess.run(run, cwd=tempfile.mkdtemp(prefix="audenci-attack-"), env=environment)
        # An attack with a key that no longer works would prove nothing.
        works = world.call("GET", "/api/me", key=world.key).status == 200
        print("the key still works" if works else "the key was lost on the way", flush=True)
        return done.returncode or int(not works)
    finally:
        world.stop()
        (ROOT / ".build/schemathesis-server.log").write_text(world.server.process.text())


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, sys.argv[2:]))
