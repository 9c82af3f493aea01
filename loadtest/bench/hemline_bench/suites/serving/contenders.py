"""Everyone who takes part: the server, the bare doors and the peers, tuned and held against the server's answers."""

import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from hemline_bench import closed
from hemline_bench.children import ChildFailed, Children
from hemline_bench.closed import NoLoad, Work
from hemline_bench.progress import say
from hemline_bench.suites.serving import answers, limits, peers
from hemline_bench.suites.serving.peers import Peer, Settings
from hemline_bench.suites.serving.questions import Questions
from hemline_bench.suites.serving.server import Door, bare_door
from hemline_bench.suites.serving.size import Size

COMPARED = 8


@dataclass
class Contenders:
    """The running servers.

    Confined to one thread.
    """

    server: Door
    questions: Questions
    hello: Door
    short_hello: Door
    echo: Door
    parts: Door
    answer: Path
    peers: dict[str, tuple[Peer, Door, Questions]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @staticmethod
    def start(
        children: Children, server: Door, asked: Questions, known_answers: Path, size: Size, *, with_peers: bool
    ) -> "Contenders":
        """Starts the bare doors with answers as long as the server's, and the peers at their best settings."""
        first_known = asked.known.read_text().splitlines()[0]
        files = {
            "hello": _fetch(server.base + _median_path(server.base, asked.full)),
            "short-hello": _fetch(server.base + _median_path(server.base, asked.brief)),
            "echo": _fetch(
                urllib.request.Request(
                    f"{server.base}/v1/forecasts", first_known.encode(), {"Content-Type": "application/json"}
                )
            ),
        }
        doors = {}
        for name, content in files.items():
            file = children.folder / f"{name}.json"
            file.write_bytes(content)
            doors[name] = bare_door(children, server.child, file, name)
            say(f"bare {name}: {len(content)} bytes an answer")
        answer = children.folder / "echo.json"
        parts = bare_door(children, server.child, answer, "parts", "BareParts", *limits.graph_arguments())
        all_of_them = Contenders(server, asked, doors["hello"], doors["short-hello"], doors["echo"], parts, answer)
        for peer in peers.ALL if with_peers else ():
            all_of_them._join(children, peer, known_answers, size)
        return all_of_them

    def stop_all_but_the_server(self, children: Children) -> None:
        """Leaves the machine to the server."""
        bare = (self.hello, self.short_hello, self.echo, self.parts)
        for door in (*bare, *(door for _, door, _ in self.peers.values())):
            children.stop(door.child)

    def _join(self, children: Children, peer: Peer, known_answers: Path, size: Size) -> None:
        try:
            say(f"{peer.name}: installing what its lock names")
            peer.environment(children)
            own = self.questions.in_form(peer.form, peer.folder)
            settings = self._tuned(children, peer, own, known_answers, size.seed) if size.tune else peer.candidates[0]
            door = peer.start(children, settings, known_answers)
            self._compare(peer, door)
            self.peers[peer.name] = (peer, door, own)
            self.notes.append(f"{peer.name} ran with {peers.spelled(settings)}; {peer.versions()}.")
            say(f"{peer.name}: answers as the server does, with {peers.spelled(settings)}")
        except ChildFailed as failed:
            self.notes.append(f"{peer.name} did not take part: {str(failed).splitlines()[0]}")
            say(f"{peer.name} does not take part: {failed}")

    def _tuned(self, children: Children, peer: Peer, own: Questions, known_answers: Path, seed: int) -> Settings:
        """The settings with which it answers most uncached questions; short looks, each in a process of its own."""
        seen: list[tuple[float, Settings, str]] = []
        for settings in peer.candidates:
            seed += 1
            try:
                door = peer.start(children, settings, known_answers)
                for seconds in (2, 3):
                    found = closed.ask(children, door.child, door.base, peer.work(own, 0), seconds, seed * 7 + seconds)
            except (ChildFailed, NoLoad) as failed:
                self.notes.append(f"{peer.name} with {peers.spelled(settings)}: {str(failed).splitlines()[0]}")
                continue
            finally:
                for child in children.named(peer.folder):
                    children.stop(child)
            speed = f"{found.per_second:,.0f}/s, p99 {found.p99_ms:.3g} ms, {found.errors} errors"
            line = f"{peers.spelled(settings)}: {speed}"
            say(f"tuning {peer.name}: {line}")
            seen.append((found.per_second * (1 - found.errors / found.requests), settings, line))
        self.notes.append(f"{peer.name} was tried with " + "; ".join(line for _, _, line in seen))
        return max(seen, key=lambda one: one[0], default=(0, peer.candidates[0], ""))[1]

    def _compare(self, peer: Peer, door: Door) -> None:
        for ours, theirs in zip(
            *(file.read_text().splitlines()[:COMPARED] for file in (self.questions.known, self._form(peer))),
            strict=True,
        ):
            one = answers.post(self.server.base, "/v1/forecasts", ours)["forecasts"][0]
            answers.same(one, peer.first_forecast(answers.post(door.base, peer.path, theirs)), peer.name)

    def _form(self, peer: Peer) -> Path:
        return self.questions.known.with_name(f"known-{peer.folder}.txt")

    def server_work(self, hit_share: float) -> Work:
        """What the server is asked beside the peers."""
        return Work("POST", "/v1/forecasts", self.questions.known, self.questions.fresh, hit_share)


def _fetch(what: str | urllib.request.Request) -> bytes:
    with urllib.request.urlopen(what) as answer:
        return bytes(answer.read())


def _median_path(base: str, file: Path) -> str:
    """The path whose answer is of median length."""
    by_length = sorted((len(_fetch(base + path)), path) for path in file.read_text().splitlines())
    return by_length[len(by_length) // 2][1]
