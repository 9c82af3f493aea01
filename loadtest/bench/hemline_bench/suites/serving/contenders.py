"""The contenders: the server, the bare servers, and the peers, tuned and compared with the server's forecasts."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from hemline_bench import closed_loop, http_request
from hemline_bench.children import ChildFailed, Children
from hemline_bench.closed_loop import LoadFailed, Workload
from hemline_bench.progress import say
from hemline_bench.suites.serving import forecasts, limits, peers
from hemline_bench.suites.serving.instance import Instance, bare_instance
from hemline_bench.suites.serving.peers import Peer, Settings
from hemline_bench.suites.serving.request_files import RequestFiles
from hemline_bench.suites.serving.rounds import Size

COMPARED = 8


@dataclass
class Contenders:
    """The running servers.

    Confined to one thread.
    """

    server: Instance
    files: RequestFiles
    hello: Instance
    short_hello: Instance
    echo: Instance
    parts: Instance
    answer: Path
    peers: dict[str, tuple[Peer, Instance, RequestFiles]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @staticmethod
    def start(
        children: Children, server: Instance, files: RequestFiles, known_answers: Path, size: Size, *, with_peers: bool
    ) -> "Contenders":
        """Starts bare servers with responses of the server's length, and the peers with their best settings."""
        first_known = files.known.read_text().splitlines()[0]
        contents = {
            "hello": http_request.get(server.base + _median_path(server.base, files.full)),
            "short-hello": http_request.get(server.base + _median_path(server.base, files.brief)),
            "echo": http_request.post(f"{server.base}/v1/forecasts", first_known),
        }
        instances = {}
        for name, content in contents.items():
            file = children.folder / f"{name}.json"
            file.write_bytes(content)
            instances[name] = bare_instance(children, server.child, file, name)
            say(f"bare {name}: {len(content)} bytes per response")
        answer = children.folder / "echo.json"
        parts = bare_instance(children, server.child, answer, "parts", "BareParts", *limits.graph_arguments())
        contenders = Contenders(
            server, files, instances["hello"], instances["short-hello"], instances["echo"], parts, answer
        )
        for peer in peers.ALL if with_peers else ():
            contenders._join(children, peer, known_answers, size)
        return contenders

    def stop_all_but_the_server(self, children: Children) -> None:
        """Stops all contenders but the server."""
        bare = (self.hello, self.short_hello, self.echo, self.parts)
        for instance in (*bare, *(instance for _, instance, _ in self.peers.values())):
            children.stop(instance.child)

    def _join(self, children: Children, peer: Peer, known_answers: Path, size: Size) -> None:
        try:
            say(f"{peer.name}: installing its locked dependencies")
            peer.environment(children)
            own = self.files.in_form(peer.form, peer.folder)
            settings = self._tuned(children, peer, own, known_answers, size.seed) if size.tune else peer.candidates[0]
            instance = peer.start(children, settings, known_answers)
            self._compare(peer, instance)
            self.peers[peer.name] = (peer, instance, own)
            self.notes.append(f"{peer.name} ran with {peers.spelled(settings)}; {peer.versions()}.")
            say(f"{peer.name}: its forecasts equal the server's, with {peers.spelled(settings)}")
        except ChildFailed as failed:
            self.notes.append(f"{peer.name} is missing: {str(failed).splitlines()[0]}")
            say(f"{peer.name} is missing: {failed}")

    def _tuned(self, children: Children, peer: Peer, own: RequestFiles, known_answers: Path, seed: int) -> Settings:
        """The settings with most uncached forecasts per second, by short runs in separate processes."""
        seen: list[tuple[float, Settings, str]] = []
        for settings in peer.candidates:
            seed += 1
            try:
                instance = peer.start(children, settings, known_answers)
                for seconds in (2, 3):
                    found = closed_loop.run(
                        children, instance.child, instance.base, peer.work(own, 0), seconds, seed * 7 + seconds
                    )
            except (ChildFailed, LoadFailed) as failed:
                self.notes.append(f"{peer.name} with {peers.spelled(settings)}: {str(failed).splitlines()[0]}")
                continue
            finally:
                for child in children.named(peer.folder):
                    children.stop(child)
            speed = f"{found.per_second:,.0f}/s, p99 {found.p99_ms:.3g} ms, {found.errors} errors"
            line = f"{peers.spelled(settings)}: {speed}"
            say(f"tuning {peer.name}: {line}")
            seen.append((found.per_second * (1 - found.errors / found.requests), settings, line))
        self.notes.append(f"{peer.name} was tuned over " + "; ".join(line for _, _, line in seen))
        return max(seen, key=lambda one: one[0], default=(0, peer.candidates[0], ""))[1]

    def _compare(self, peer: Peer, instance: Instance) -> None:
        for ours, theirs in zip(
            *(file.read_text().splitlines()[:COMPARED] for file in (self.files.known, self._form(peer))),
            strict=True,
        ):
            one = json.loads(http_request.post(f"{self.server.base}/v1/forecasts", ours))["forecasts"][0]
            forecasts.require_equal(
                one, peer.first_forecast(json.loads(http_request.post(instance.base + peer.path, theirs))), peer.name
            )

    def _form(self, peer: Peer) -> Path:
        return self.files.known.with_name(f"known-{peer.folder}.txt")

    def server_work(self, hit_share: float) -> Workload:
        """The server's workload in comparison with the peers."""
        return Workload("POST", "/v1/forecasts", self.files.known, self.files.fresh, hit_share)


def _median_path(base: str, file: Path) -> str:
    """The path whose response has the median length."""
    by_length = sorted((len(http_request.get(base + path)), path) for path in file.read_text().splitlines())
    return by_length[len(by_length) // 2][1]
