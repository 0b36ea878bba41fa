"""Lets schemathesis attack a real server with the served document: `script/schemathesis [SECONDS]`."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import ROOT, Server, command

# What never ends, and what would take the key away that the attack itself uses.
LEFT_OUT = ("events.stream", "keys.revoke", "keys.rotate", "organization.transfer")
# A body that follows its schema may still name a brand that does not exist: that is 400 here, on purpose.
UNFIT = ("positive_data_acceptance",)


def main(seconds, more):
    folder = tempfile.mkdtemp(prefix="audenci-attack-")
    server = Server(folder)
    try:
        key = server.organization(requests_per_hour=10_000_000)["apiKey"]
        if more:
            command_line = [*more]
        else:
            command_line = []
        run = [
            sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{server.port}/api/openapi.json",
            "--header", f"Authorization: Bearer {key}", "--checks", "all", "--exclude-checks", ",".join(UNFIT),
            "--max-time", str(seconds), "--request-timeout", "40", "--suppress-health-check", "all", "--no-color",
            *(part for name in LEFT_OUT for part in ("--exclude-operation-id", name)), *command_line,
        ]
        done = subprocess.run(run, cwd=folder, env=os.environ | {"PYTHONWARNINGS": "ignore"})
        # An attack with a key that no longer works would prove nothing.
        works = server.call("GET", "/api/me", key=key).status == 200
        print("the key still works" if works else "the key was lost on the way", flush=True)
        return done.returncode or int(not works)
    finally:
        server.stop()
        log = server.process.text()
        (ROOT / ".build/schemathesis-server.log").write_text(log)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, sys.argv[2:]))
