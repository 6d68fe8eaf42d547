"""Where a request can go: whatever its values are, its path stays the path that is written, on the host that is named.

Rules: a value is percent-encoded where it stands, so that it brings no `/`, `?`, `#` or authority; a value that is all
of a segment is refused when it is sent as `.` or `..`; so a segment is safe where it is one placeholder, or holds a
character that is neither a placeholder nor a dot; an empty segment or one of dots is folded on its way.
"""

from exconn.document import Findings
from exconn.spec.pieces import Hole, Template
from exconn.spec.tree import Spec

_HINT = "let a placeholder be a whole segment, or put text beside it that is no dot, as in {base}-{quote}"


def check_targets(spec: Spec, findings: Findings) -> None:
    paths = [socket.connect.path for socket in spec.sockets.values()]
    for endpoint in spec.endpoints.values():
        paths += [request.path for request in endpoint.variants or (endpoint,)]
    for path in {id(path): path for path in paths}.values():
        check_target(path, findings)


def check_target(path: Template, findings: Findings) -> None:
    """What is signed is what is sent only where nobody on the way folds the path."""
    segments = _segments(path)[1:]
    if [] in segments[:-1] or any(segment in (["."], [".."]) for segment in segments):
        message = "a path with '//', '/./' or '/../' is folded on its way, and is not sent as it is signed"
        findings.add("folded-path", message, path.span, "write the path that is meant")
    elif any(_may_fold(segment) for segment in segments):
        message = "with a value of dots, this segment could become '.' or '..', which is folded on its way"
        findings.add("folded-path", message, path.span, _HINT)


def _segments(path: Template) -> list[list[str | Hole]]:
    segments: list[list[str | Hole]] = [[]]
    for part in path.parts:
        if isinstance(part, Hole):
            segments[-1].append(part)
            continue
        first, *others = part.split("/")
        segments[-1] += [first] if first else []
        segments += [[other] if other else [] for other in others]
    return segments


def _may_fold(segment: list[str | Hole]) -> bool:
    holes = [part for part in segment if isinstance(part, Hole)]
    text = "".join(part for part in segment if isinstance(part, str))
    return bool(holes) and not text.strip(".") and len(segment) > 1
