"""The newspaper's articles, read from one file each in `articles/`."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

ARTICLES = Path(__file__).parent / "articles"
MORE = 4


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote an article, as the card under it says."""

    name: str
    role: str
    about: str

    @property
    def initials(self) -> str:
        """What stands where a portrait would."""
        return "".join(word[0] for word in self.name.split())


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of an article's body: a paragraph, a subhead, a quote or a list."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Story:
    """One article; `slug` is also the key of its conversation."""

    slug: str
    title: str
    standfirst: str
    section: str
    author: Author
    published: datetime
    alt: str
    caption: str
    body: tuple[Block, ...]
    closed: bool
    lead: bool

    @property
    def path(self) -> str:
        """Where the newspaper serves it."""
        return f"/{self.section.lower()}/{self.slug}"


def read_stories(begun: datetime) -> list[Story]:
    """Every article, newest first; their ages count back from `begun`, when the demo was first started."""
    authors = {key: Author(**fields) for key, fields in tomllib.loads(_read("authors.toml")).items()}
    stories = [_story(file, authors, begun) for file in sorted(ARTICLES.glob("*.md"))]
    return sorted(stories, key=lambda story: story.published, reverse=True)


def more(stories: list[Story], than: Story) -> list[Story]:
    """Other stories to read next: those of the same section first, then the newest."""
    others = [story for story in stories if story.slug != than.slug]
    return sorted(others, key=lambda story: story.section != than.section)[:MORE]


def _story(file: Path, authors: dict[str, Author], begun: datetime) -> Story:
    _, head, text = file.read_text(encoding="utf-8").split("+++\n", 2)
    fields = tomllib.loads(head)
    return Story(
        slug=file.stem,
        title=fields["title"],
        standfirst=fields["standfirst"],
        section=fields["section"],
        author=authors[fields["author"]],
        published=begun - timedelta(hours=fields["hours_ago"]),
        alt=fields["alt"],
        caption=fields["caption"],
        body=tuple(_block(part) for part in text.strip().split("\n\n")),
        closed=fields.get("closed", False),
        lead=fields.get("lead", False),
    )


def _block(part: str) -> Block:
    if part.startswith("## "):
        return Block(kind="subhead", text=part.removeprefix("## "))
    if part.startswith("> "):
        return Block(kind="quote", text=part.removeprefix("> "))
    if part.startswith("- "):
        return Block(kind="list", items=tuple(line.removeprefix("- ") for line in part.splitlines()))
    return Block(kind="paragraph", text=part)


def _read(name: str) -> str:
    return (ARTICLES / name).read_text(encoding="utf-8")
