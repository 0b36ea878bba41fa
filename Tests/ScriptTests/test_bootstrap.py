"""script/bootstrap on machines that this one is not: every tool it asks is a stand-in."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent.parent / "script" / "bootstrap"
NEEDED = ["bash", "dirname", "env", "head", "sed", "sort"]
SWIFT = "echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'"
ALL_THERE = "printf installed"
NO_EMOJI = 'case "${@: -1}" in fonts-noto-color-emoji) exit 1 ;; *) printf installed ;; esac'
SAY = 'echo "$(basename "$0"): $*"'


class Bootstrap(unittest.TestCase):
    def run_with(self, *arguments, **tools):
        with tempfile.TemporaryDirectory() as folder:
            bin = Path(folder, "bin")
            bin.mkdir()
            for name in [*NEEDED, "basename"]:
                (bin / name).symlink_to(shutil.which(name))
            for name, body in tools.items():
                tool = bin / name.replace("_", "-")
                tool.write_text(f"#!/bin/bash\n{body}\n")
                tool.chmod(0o755)
            Path(folder, "script").mkdir()
            copy = shutil.copy(SCRIPT, Path(folder, "script"))
            done = subprocess.run([bin / "bash", copy, *arguments], capture_output=True, text=True, env={"PATH": str(bin)})
        return done.returncode, done.stdout + done.stderr

    def test_without_swift_it_says_which_one_and_where_from(self):
        for tools in [{}, {"swift": "echo 'Swift version 5.10.1 (swift-5.10.1-RELEASE)'"}, {"swift": "exit 1"}]:
            code, output = self.run_with(**tools)
            self.assertEqual(code, 1)
            self.assertIn("6.2 or newer", output)
            self.assertIn("https://www.swift.org/install/", output)

    def test_when_all_is_there_it_says_and_does_nothing(self):
        self.assertEqual(self.run_with(swift=SWIFT, dpkg_query=ALL_THERE, apt_get="exit 9", id="echo 0"), (0, ""))
        # Versions are numbers: 6.10 is newer than 6.2.
        newer = "echo 'Swift version 6.10 (swift-6.10-RELEASE)'"
        self.assertEqual(self.run_with(swift=newer, dpkg_query=ALL_THERE, apt_get="exit 9", id="echo 0"), (0, ""))

    def test_it_installs_only_what_is_missing(self):
        code, output = self.run_with(swift=SWIFT, dpkg_query=NO_EMOJI, apt_get='echo "apt: $*" >&2', id="echo 0")
        self.assertEqual(code, 0)
        self.assertIn("bootstrap: installing fonts-noto-color-emoji\n", output)
        self.assertRegex(output, r"apt: .*update")
        self.assertRegex(output, r"apt: .*install .*fonts-noto-color-emoji\n")
        self.assertNotIn("libsqlite3-dev", output)

    def test_who_is_not_root_needs_sudo(self):
        tools = {"swift": SWIFT, "dpkg_query": NO_EMOJI, "apt_get": SAY, "id": "echo 1000"}
        code, output = self.run_with(**tools)
        self.assertEqual(code, 1)
        self.assertIn("As root: apt-get install fonts-noto-color-emoji", output)
        code, output = self.run_with(**tools, sudo='echo "sudo: $*"; exec "$@"')
        self.assertEqual(code, 0)
        self.assertIn("sudo: env apt-get", output)

    def test_an_apt_that_fails_ends_it(self):
        self.assertNotEqual(self.run_with(swift=SWIFT, dpkg_query=NO_EMOJI, apt_get="exit 100", id="echo 0")[0], 0)

    def test_without_apt_the_libraries_decide(self):
        code, output = self.run_with(swift=SWIFT, pkg_config="exit 0")
        self.assertEqual(code, 0)
        self.assertIn("libpango1.0-dev", output)
        code, output = self.run_with(swift=SWIFT, pkg_config="exit 1")
        self.assertEqual(code, 1)
        self.assertIn("libpango1.0-dev", output)

    def test_an_unknown_argument_is_refused(self):
        code, output = self.run_with("--tests", swift=SWIFT)
        self.assertEqual(code, 1)
        self.assertIn("--test or nothing", output)


if __name__ == "__main__":
    unittest.main()
