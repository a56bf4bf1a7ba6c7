"""The score of the SPARQL endpoint in the W3C tests: `python -m benchmarks.w3c_protocol`.

Builds a package of the sample with the data of the tests as its graph, serves it, and sends every
request of the manifests (YUSUAN_W3C says where they are) to the running server.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.conftest import SAMPLE
from tests.serve.conftest import Server, free_port, serve_process, wait_until_up
from tests.serve.w3c import protocol, senders
from tests.serve.w3c.protocol import Send, Sent
from tests.serve.w3c.service import service_problems

import yusuan


def score(send: Send, address: str) -> dict[str, dict[str, list[str]]]:
    """For each group of tests: each test with what is wrong."""
    cases = protocol.protocol_cases()
    get = Sent("GET", "", {}, b"", (2,), None, None)
    return {
        "protocol, query": {
            case.name: protocol.problems(case, send) for case in cases if not case.is_update
        },
        "service description": {
            name: service_problems(name, lambda: send(get), address)
            for name in protocol.service_cases()
        },
        "protocol, update: refused": {
            case.name: protocol.update_problems(case, send) for case in cases if case.is_update
        },
    }


def told(scores: dict[str, dict[str, list[str]]]) -> list[str]:
    """One line a group, and one for each test that failed."""
    lines = []
    for group, tests in scores.items():
        passed = sum(not wrong for wrong in tests.values())
        lines.append(f"{group:26} {passed:3} of {len(tests)}")
        lines += [f"  {name}: {'; '.join(wrong)}" for name, wrong in tests.items() if wrong]
    return lines


def main() -> None:
    if not protocol.protocol_cases():
        sys.exit(f"the W3C tests are not at {protocol.FOLDER} (set YUSUAN_W3C)")
    with tempfile.TemporaryDirectory() as scratch:
        built = yusuan.build(SAMPLE, Path(scratch) / "sample")
        package = senders.package_with_their_data(built, Path(scratch) / "package")
        port = free_port()
        process = serve_process(package.folder, port)
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            wait_until_up(server)
            url = f"{server.url}/-/sparql"
            print("\n".join(told(score(senders.over_http(url), url))))
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=15)


if __name__ == "__main__":
    main()
