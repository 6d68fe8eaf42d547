"""The guarantee card of a spec: what a market can promise with it, and what the spec gives up by what it leaves out."""

from .card import Card, Line, card_of, located
from .guarantee import Verdict
from .render import render_json, render_text

__all__ = ["Card", "Line", "Verdict", "card_of", "located", "render_json", "render_text"]
