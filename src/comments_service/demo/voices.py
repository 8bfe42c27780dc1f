"""What the demo's readers say, read from the text files in `voices/`."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

VOICES = Path(__file__).parent / "voices"
LINE = re.compile(r"( *)[-*>] (.*)")
DEEPEST = 5
TALKATIVE = 0.62


@dataclass(kw_only=True)
class Voice:
    """One comment to be, with its replies; `mark` says what becomes of it, and who likes it."""

    text: str
    name: str = ""
    mark: str = ""
    replies: list["Voice"] = field(default_factory=list)

    @property
    def likes(self) -> int | None:
        """How many recommend it, where the file says so."""
        return int(self.mark) if self.mark.isdigit() else None

    def walk(self, depth: int = 0) -> Iterator[tuple["Voice", int]]:
        """This comment and everything below, each with its depth."""
        yield self, depth
        for reply in self.replies:
            yield from reply.walk(depth + 1)


def read_threads() -> dict[str, list[Voice]]:
    """The conversations that are written out, by the article's slug."""
    return {slug: _trees(lines) for slug, lines in _parts("threads.txt").items()}


def read_gallery() -> dict[str, list[Voice]]:
    """What is said in the galleries, by the key of its thread."""
    return {key: _trees(lines) for key, lines in _parts("gallery.txt").items()}


def read_names() -> list[str]:
    """The names of the crowd."""
    return (VOICES / "names.txt").read_text(encoding="utf-8").split("\n")[:-1]


def crowd(chance: random.Random, *, size: int) -> list[Voice]:
    """So many comments in conversations, no line of the file used twice."""
    parts = _parts("crowd.txt")
    lists = {name: words.split(", ") for name, _, words in (line.partition(": ") for line in parts.pop("lists"))}
    anywhere = _trees([line[2:] for line in parts.pop("anybody")], deepest=DEEPEST - 1)
    roots = [root for lines in parts.values() for root in _trees(lines)]
    chance.shuffle(roots)
    chance.shuffle(anywhere)
    _trim(roots, anywhere, size)
    for answer in anywhere:
        _attach(answer, roots, chance)
    for root in roots:
        for voice, _ in root.walk():
            voice.text = _drawn(voice.text, lists, chance)
    _name(roots, read_names(), chance)
    return roots


def _attach(answer: Voice, roots: Sequence[Voice], chance: random.Random) -> None:
    # A few conversations grow long, as they do: the earlier in the shuffled list, the likelier.
    parent = roots[int(len(roots) * chance.random() ** 1.7)]
    room = DEEPEST - max(depth for _, depth in answer.walk())
    depth = 1
    while parent.replies and depth < room and chance.random() < TALKATIVE:
        parent = chance.choice(parent.replies)
        depth += 1
    parent.replies.append(answer)


def _trim(roots: list[Voice], anywhere: list[Voice], size: int) -> None:
    """Leave single answers out until the crowd has its size."""
    spare = sum(1 for voice in [*roots, *anywhere] for _ in voice.walk()) - size
    single = [voice for voice in anywhere if not voice.replies]
    if not 0 <= spare <= len(single):
        raise ValueError(f"crowd.txt is {-spare} comments short")
    for voice in single[:spare]:
        anywhere.remove(voice)


def _name(roots: Sequence[Voice], names: list[str], chance: random.Random) -> None:
    for root in roots:
        root.name = chance.choice(names)
        for parent, _ in root.walk():
            for reply in parent.replies:
                reply.name = chance.choice([name for name in names if name != parent.name])


def _drawn(text: str, lists: dict[str, list[str]], chance: random.Random) -> str:
    filled = re.sub(r"\{(\w+)\}", lambda slot: chance.choice(lists[slot[1]]), text)
    return filled[0].upper() + filled[1:]


def _parts(name: str) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for line in (VOICES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            parts[line.removeprefix("== ")] = []
        elif line and not line.startswith("#"):
            parts[list(parts)[-1]].append(line)
    return parts


def _trees(lines: Sequence[str], *, deepest: int = DEEPEST) -> list[Voice]:
    top = Voice(text="")
    path = [top]
    for line in lines:
        indent, said = LINE.fullmatch(line).groups()  # type: ignore[union-attr]  # a line that is no comment is a bug
        depth = min(len(indent) // 2, deepest, len(path) - 1)
        voice = _voice(said)
        path[depth].replies.append(voice)
        path = [*path[: depth + 1], voice]
    return top.replies


def _voice(said: str) -> Voice:
    *who, text = said.split(" | ")
    return Voice(name="".join(who[:1]), mark="".join(who[1:]), text=text.replace(" // ", "\n\n"))
