"""The files of the widget that a page loads before its reader acts: the size gate sums them, a browser is watched."""

# A share row in sight, and a thread near the screen.
READ = frozenset({"embed", "share", "thread"})
