"""Where a market may talk to, and nowhere else.

Rules: the origins in force are one group of the exchange's hosts, or that group with origins replaced by the caller; an
address that is learnt at run time must have one of the origins listed for it, or the one that the caller gave;
they are https or wss always, plain http or ws only to the loopback literals 127.0.0.1 and [::1] and only when the
caller gave them. Every URL is checked again as it is about to be used: its scheme, host and port must be an origin in
force, it carries no user info and no fragment, and its target must be, byte for byte, the one that was signed.
"""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from yarl import URL

from exconn.codec import Facts, Request
from exconn.errors import HostRefused, UsageError

_SECURE = frozenset({"https", "wss"})
_PLAIN = frozenset({"http", "ws"})
_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_LOOPBACK = frozenset({"127.0.0.1", "::1"})

_PLAIN_TARGET = re.compile(r"(/[!-\"$->@-~]*)(?:\?([!-\"$-~]+))?").fullmatch
"""A path and perhaps a query, of visible ASCII without `#`: what parsing finds in a URL that ends in it."""

Place = tuple[str, str, int]
"""(scheme, host, port) with ws written as http: a handshake is an HTTP request."""


def choose_hosts(
    groups: Mapping[str, Mapping[str, str]], given: Mapping[str, str] | str | None, learnt: Collection[str] = ()
) -> dict[str, str]:
    """Name -> origin. `given`: None for the first group, a group's name, or an origin for each name of the first group,
    those that are `learnt` among them.

    All or none, so that no login goes to the exchange while orders go to a sandbox. Raises UsageError for a name that
    the exchange does not have or that is missing, HostRefused for an origin that may not be used.
    """
    if isinstance(given, str):
        if given not in groups:
            raise UsageError(f"unknown group of hosts {given!r}; this exchange has {', '.join(groups)}")
        return _secure(groups[given])
    chosen = _secure(next(iter(groups.values())))
    if not given:
        return chosen
    names = [*chosen, *learnt]
    for name, origin in given.items():
        if name not in names:
            raise UsageError(f"unknown host {name!r}; this exchange has {', '.join(names)}")
        if name in chosen:
            chosen[name] = _given_origin(name, origin)
    missing = [name for name in names if name not in given]
    if missing:
        raise UsageError(f"hosts must give an origin for each of {', '.join(names)}; {', '.join(missing)} is missing")
    return chosen


def facts_hosts(
    facts: Facts, given: Mapping[str, str] | str | None
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Both for one exchange: name -> origin, and learnt name -> origins."""
    learnt = choose_learnt(facts.learnt, None)
    return choose_hosts(facts.hosts, given, learnt), choose_learnt(facts.learnt, given)


def choose_learnt(
    groups: Mapping[str, Mapping[str, tuple[str, ...]]], given: Mapping[str, str] | str | None
) -> dict[str, tuple[str, ...]]:
    """Name -> the origins that a learnt address may have: those listed, or only the one that the caller gave."""
    if isinstance(given, str):
        return dict(groups.get(given, {}))
    listed = dict(next(iter(groups.values()), {}))
    return {name: (_given_origin(name, given[name]),) for name in listed} if given else listed


def _secure(group: Mapping[str, str]) -> dict[str, str]:
    for name, origin in group.items():
        if _parsed(origin, f"host {name!r}").scheme not in _SECURE:
            raise HostRefused(
                f"host {name!r} of this exchange is not https or wss; only the caller may give a plain one"
            )
    return dict(group)


def _given_origin(name: str, origin: str) -> str:
    url = _parsed(origin, f"host {name!r}")
    if url.user is not None or url.password is not None or url.raw_path not in ("", "/") or url.raw_query_string:
        raise HostRefused(f"host {name!r} must be an origin, as https://api.x.com, with nothing before or after it")
    if url.scheme not in _SECURE and not (url.scheme in _PLAIN and url.host in _LOOPBACK):
        raise HostRefused(
            f"host {name!r} must be https or wss; plain http and ws only go to 127.0.0.1 or [::1], not {url.host!r}"
        )
    return origin.rstrip("/")


def _parsed(text: str, what: str = "what was to be asked") -> URL:
    """`what` names the text in the error; the text itself may carry a signature and is never shown."""
    try:
        url = URL(text, encoded=True)
        if url.raw_host and url.port:
            return url
    except (ValueError, IndexError):  # the latter of "[]@", by yarl
        pass
    raise HostRefused(f"{what} is no URL with a host, as https://api.x.com; nothing was sent")


def _place(url: URL) -> Place:
    scheme = {"ws": "http", "wss": "https"}.get(url.scheme, url.scheme)
    return scheme, url.raw_host or "", url.port or 0


class PinnedHosts:
    """The origins in force, and the check that every request passes just before it is sent."""

    __slots__ = ("_bare", "_places")

    def __init__(self, hosts: Mapping[str, str], learnt: Mapping[str, tuple[str, ...]] = _NOTHING) -> None:
        origins = [*hosts.values(), *(origin for listed in learnt.values() for origin in listed)]
        parsed = {origin: _parsed(origin) for origin in origins}
        self._places = {_place(url) for url in parsed.values()}
        self._bare = {
            origin: (url.scheme, url.raw_authority) for origin, url in parsed.items() if _is_bare(origin, url)
        }

    def url_of(self, request: Request) -> URL:
        """The exact URL of a request. HostRefused where it would lead elsewhere, or would not be sent as it was
        signed."""
        bare = self._bare.get(request.origin)
        target = _PLAIN_TARGET(request.target)
        if bare is None or target is None:
            return self._checked(request)
        path, query = target.groups("")
        return URL.build(scheme=bare[0], authority=bare[1], path=path, query_string=query, encoded=True)

    def _checked(self, request: Request) -> URL:
        """The same for what is no plain target at an origin in force: parsed whole, and looked at."""
        url = _parsed(request.origin + request.target)
        if url.raw_path_qs != request.target or url.raw_fragment or not _is_plain(request.target):
            raise HostRefused(f"{request.method}: the request's target is not a path that can be sent as it is signed")
        self.check(url)
        return url

    def check(self, url: URL) -> None:
        """HostRefused unless the URL is of an origin in force."""
        if _place(url) not in self._places or url.user is not None or url.password is not None:
            raise HostRefused(
                f"{url.scheme}://{url.raw_host}:{url.port} is not a host of this exchange; nothing was sent"
            )


def _is_bare(origin: str, url: URL) -> bool:
    """Whether an origin is nothing but its scheme and authority, so that any path can follow."""
    return url.user is None and url.password is None and origin == f"{url.scheme}://{url.raw_authority}"


def _is_plain(target: str) -> bool:
    """Whether a target is visible ASCII throughout: no blank, no line end, nothing that could be read otherwise."""
    return target.isascii() and target.isprintable() and " " not in target
