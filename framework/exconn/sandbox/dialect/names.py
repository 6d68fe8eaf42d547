"""How the exchange names assets and symbols: forms, and the way back.

Rules:
- A form is a spelling used in one place of the wire. Assets without a form are spelled as we spell them.
- A symbol form is a template over `{base}` and `{quote}`, each with an asset form and `:lower` or `:upper`; one
  instrument may be an exception, under its own `names`.
- Our own name of a symbol is `BASE-QUOTE`, of our assets. Reading takes every form, writing gives the one asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .place import Place

_PART = re.compile(r"\{(base|quote)(?:\.([a-z_]+))?(?::(lower|upper))?\}")


@dataclass(frozen=True, slots=True)
class Names:
    """Written: form -> our name -> theirs. Read: form -> theirs -> ours; the form "" reads any."""

    assets: Mapping[str, Mapping[str, str]]
    symbols: Mapping[str, Mapping[str, str]]
    read_symbols: Mapping[str, Mapping[str, str]]
    read_assets: Mapping[str, str]
    read_asset_forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def build_names(place: Place) -> Names:
    """The names of all instruments of the file."""
    assets = {form.name: dict(form.plain) for form in place.entries("assets")}
    pairs = list(place.items("instruments"))
    symbols = {form.name: _form(form, pairs, assets) for form in place.entries("symbols")}
    read = {form: {theirs: ours for ours, theirs in of.items()} for form, of in symbols.items()}
    for form, of in symbols.items():
        if len(read[form]) < len(of):
            place.at("symbols").at(form).error("names-clash", f"form '{form}' gives two instruments one name")
    read[""] = {theirs: ours for of in reversed(list(read.values())) for theirs, ours in of.items()}
    read_assets = {theirs: ours for of in assets.values() for ours, theirs in of.items()}
    return Names(assets, symbols, read, read_assets, _read_asset_forms(pairs, assets), _facts(place, pairs))


def _facts(place: Place, pairs: list[Place]) -> dict[str, dict[str, Any]]:
    """What the file says of assets and symbols besides: fact -> our name -> JSON."""
    known = {name for pair in pairs for name in (pair.get("base"), pair.get("quote"), symbol_of(pair))}
    facts: dict[str, dict[str, Any]] = {}
    for fact in place.entries("facts"):
        facts[fact.name] = dict(fact.plain)
        for key in fact.key_places():
            if key.name not in known:
                key.error("unknown-name", f"'{key.name}' is no asset or symbol here", "name it as instruments do")
    return facts


def _read_asset_forms(pairs: list[Place], forms: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Form -> theirs -> ours, of all assets traded; the form "" reads any spelling, our own too."""
    ours = list(dict.fromkeys(pair.get(side) for pair in pairs for side in ("base", "quote")))
    read = {form: {table.get(asset, asset): asset for asset in ours} for form, table in forms.items()}
    any_form = {asset: asset for asset in ours}
    for table in reversed(list(read.values())):
        any_form.update(table)
    return {**read, "": any_form}


def _form(form: Place, pairs: list[Place], assets: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    text = str(form.plain)
    rest = _PART.sub("", text)
    if "{" in rest or "}" in rest or not _PART.search(text):
        form.error("bad-symbol-form", f"'{text}' is no template of a symbol", 'write one like "{base}-{quote:lower}"')
    for _, asset_form, _ in _PART.findall(text):
        if asset_form and asset_form not in assets:
            form.error(
                "unknown-form",
                f"there is no asset form '{asset_form}'",
                f"the asset forms are {', '.join(assets) or 'none'}",
            )
    names: dict[str, str] = {}
    for pair in pairs:
        names[symbol_of(pair)] = pair.get("names", {}).get(form.name) or _fill(text, pair, assets)
    return names


def _fill(template: str, pair: Place, assets: Mapping[str, Mapping[str, str]]) -> str:
    parts = {"base": pair.get("base"), "quote": pair.get("quote")}
    return _PART.sub(lambda found: _part(found, parts, assets), template)


def _part(found: re.Match[str], parts: Mapping[str, str], assets: Mapping[str, Mapping[str, str]]) -> str:
    which, form, case = found.groups()
    name = parts[which]
    name = assets.get(form or "", {}).get(name, name)
    return name.lower() if case == "lower" else name.upper() if case == "upper" else name


def symbol_of(pair: Place) -> str:
    """Our own name of an instrument."""
    return f"{pair.get('base')}-{pair.get('quote')}"
