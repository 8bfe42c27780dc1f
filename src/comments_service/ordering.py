"""Pure: the numbers behind the orders `best` and `liveliest`. Each is a minute since 1970: time alone changes none.

Both let every point be worth a head start: something is listed as if it were so much younger. What is compared is then
"when" plus "how much", and all comments grow older by the same minute: a number that was stored stays right for good.

- `best` is the form of Reddit's "hot" order as its source was published: the logarithm of the points, plus the age on a
  fixed scale. Ten recommendations on top of none weigh as much as ninety on top of ten, so early ones cannot be caught
  only by a crowd.
- `liveliest` is forward decay (Cormode, Shkapenyuk, Srivastava and Xu, "Forward Decay: A Practical Time Decay Model for
  Streaming Systems", ICDE 2009): every message counts half as much for each half-life that has passed, counted from a
  fixed point instead of from now.
"""

import math
from collections.abc import Iterable

# A comment that has twice as much in its favour stands where one without would that is half a day younger.
BEST_DOUBLING = 12 * 60
# An answer is more than a click. A report that a moderator has found right takes back what several clicks gave.
REPLIER, UPHELD = 2, 4
# Two messages are as lively as one that is two hours younger; those before the latest sixteen answers are over.
LIVELY_DOUBLING = 2 * 60
LATEST = 16


def best(created: int, *, recommends: int = 0, repliers: int = 0, upheld: int = 0) -> int:
    """Where a comment that was written in this minute stands in the order `best`: higher is earlier.

    `recommends` is how many recommend it, `repliers` how many others than its author have answered in its branch, and
    `upheld` how many reports in its branch a moderator has found right.
    """
    points = recommends + REPLIER * repliers - UPHELD * upheld
    head_start = BEST_DOUBLING * math.log2(1 + abs(points))
    return created + round(math.copysign(head_start, points))


def liveliest(created: int, latest: Iterable[int] = ()) -> int:
    """Where a comment of this minute stands in the order `liveliest`, by the minutes of its latest answers."""
    said = [created, *latest]
    last = max(said)
    # Against the last of them no power can be too great; and fsum gives the same whatever the order.
    return last + round(LIVELY_DOUBLING * math.log2(math.fsum(2 ** ((at - last) / LIVELY_DOUBLING) for at in said)))


def with_another(latest: Iterable[int], answer: int) -> list[int]:
    """The minutes of the latest answers, when there is one more."""
    return sorted([*latest, answer])[-LATEST:]
