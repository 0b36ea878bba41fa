"""script/check-imports on small trees with one thing wrong each."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent.parent / "script" / "check-imports"

CRYPTO = 'let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")\n'


class CheckImports(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for path, text in {"Package.swift": "", **files}.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            (root / "script").mkdir()
            copy = shutil.copy(SCRIPT, root / "script")
            done = subprocess.run([sys.executable, copy], capture_output=True, text=True)
        return done.returncode, done.stdout.strip().splitlines()

    def test_what_is_allowed_passes(self):
        code, lines = self.check({
            "Sources/Features/Posts/PostStore.swift": "package import Relational\nimport Core\n",
            "Sources/Features/Posts/PostsAPI.swift": 'let a = Endpoint("GET", "/api/posts")\n',
            "Sources/SQLiteEngine/A.swift": "import GRDB\nimport NIOPosix\n",
            "Sources/Outbound/A.swift": "import NIOSSL\n// import GRDB, said in a comment\n",
            "Sources/Publishing/A.swift": "import Platforms\nimport Outbound\nimport Crypto\n",
            "Package.swift": CRYPTO + 'house("Publishing", ["Platforms", "Outbound", crypto])\n',
            "Sources/audenci/A.swift": 'print("done")\n',
            "Sources/Core/A.swift": "let a = b as! Int  // allowed: b is an Int by construction\n",
            "Tests/CoreTests/A.swift": "@testable import Core\nimport GRDB\nlet a = try! b()\n",
        })
        self.assertEqual((code, lines), (0, ["imports: ok"]))

    def test_each_rule_is_held_and_says_where_and_what_is_allowed(self):
        for path, text, issue in [
            ("Sources/Core/A.swift", "\nimport Contract\n", "Sources/Core/A.swift:2: Core may import nothing of ours, not Contract"),
            ("Sources/Platforms/A.swift", "package import Features\n", "Platforms may import Outbound, Core, not Features"),
            ("Sources/Delivery/A.swift", "@preconcurrency import NIOSSL\n", "NIOSSL is for Outbound, Mail, Server, bench, not for Delivery"),
            ("Sources/Server/A.swift", "import struct GRDB.Row\n", "GRDB is for SQLiteEngine, bench, not for Server"),
            ("Sources/Metering/A.swift", "import Core; import HummingbirdCore\n", "HummingbirdCore is for HTTPServer, Dashboard, Server"),
            ("Sources/Delivery/A.swift", "#if os(Linux)\n    import FoundationNetworking\n#endif\n", "A.swift:2: FoundationNetworking is for AudenciClient"),
            ("Sources/Delivery/A.swift", "import AsyncHTTPClient\n", "A.swift:1: AsyncHTTPClient is for nobody"),
            ("Sources/AudenciClient/A.swift", "import Core\n", "A.swift:1: AudenciClient may import nothing of ours, not Core"),
            ("Sources/Features/Posts/PostRules.swift", "import Relational\n", "only *Queries, *Store, *Migrations"),
            ("Sources/Features/Posts/PostStore.swift", 'let a = Endpoint("GET", "/")\n', "only *API.swift declares endpoints"),
            ("Sources/Core/A.swift", "let a = try! b()\n", "end the process"),
            ("Sources/Core/A.swift", "let a = b as! Int // allowed:\n", "end the process"),
            ("Sources/Core/A.swift", 'fatalError("no")\n', "end the process"),
            ("Sources/Core/A.swift", 'print("here")\n', "only audenci and bench print"),
            ("Sources/Core/A.swift", "//\n" * 401, "at most 400 lines, not 401"),
            ("Tests/CoreTests/A.swift", "//\n" * 501, "at most 500 lines, not 501"),
            ("Sources/New/A.swift", "", "New is not known"),
            ("Package.swift", 'house("Core", ["Contract"])\n', "Package.swift:1: Core may depend on nothing, not Contract"),
            ("Package.swift", 'house("Mail", ["Core"])\n', "Package.swift:1: Mail depends on Core and imports it nowhere"),
            ("Package.swift", CRYPTO + 'house("Core", [crypto])\n', "Package.swift:2: Core depends on Crypto and imports it nowhere"),
        ]:
            with self.subTest(text[:40], path=path):
                code, lines = self.check({path: text})
                self.assertEqual((code, len(lines)), (1, 1), lines)
                self.assertIn(issue, lines[0])


if __name__ == "__main__":
    unittest.main()
