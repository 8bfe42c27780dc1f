"""A branch as nested lists that stay readable on a phone, however deep the conversation goes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from comments_service.web.shapes import Comment

DEEPEST = 4


@dataclass
class Node:
    """A comment in its list.

    `answers` names what it answers where its place in the lists does not say so; `hidden` and `more` are how many
    replies are not shown, and where they are.
    """

    comment: Comment
    level: int = 0
    answers: str = ""
    answers_name: str = ""
    children: list["Node"] = field(default_factory=list)
    hidden: int = 0
    more: str = ""


def nested(root: Comment, replies: Sequence[Comment]) -> Node:
    """A root with its replies, parents before children; from the fourth level on they stay side by side."""
    top = Node(root)
    nodes, lists = {root.id: top}, {root.id: top.children}
    for reply in replies:
        above = nodes.get(reply.parent or "")
        node, home = _placed(reply, top, above, lists)
        home.append(node)
        nodes[reply.id] = node
        lists[reply.id] = node.children if node.level < DEEPEST else home
    return top


def _placed(reply: Comment, top: Node, above: Node | None, lists: dict[str, list[Node]]) -> tuple[Node, list[Node]]:
    if above is None:
        # What it answers is on an earlier page.
        return Node(reply, level=1, answers=reply.parent or ""), top.children
    level = min(above.level + 1, DEEPEST)
    beside = above.level == DEEPEST
    answers, name = (above.comment.id, above.comment.name) if beside else ("", "")
    return Node(reply, level=level, answers=answers, answers_name=name), lists[above.comment.id]
