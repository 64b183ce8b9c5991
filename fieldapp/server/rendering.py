"""How a page is written: its template, the language of the reader, numbers, moments and names as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache
from typing import Any

import jinja2

from fieldapp import i18n, paths
from fieldapp.carbon.registry import Registry, load
from fieldapp.domain import programme
from fieldapp.server import sums
from fieldapp.server.station import Station

# The official time of the whole country; a server's own clock may be set to any zone.
_BEIJING = timezone(timedelta(hours=8))


class Renderer:
    """Fills the templates of `resources/web`."""

    def __init__(self, station: Station) -> None:
        self._station = station
        folder = paths.resources() / "web"
        self.style = folder / "style.css"
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined
        )
        self._templates.filters |= {
            "kg": _kg,
            "g": "{:g}".format,
            "whole": "{:,.0f}".format,
            "moment": _moment,
            "day": _day,
        }

    def html(self, page: str, language: str, **content: Any) -> str:
        """A page in a language; another one than ours is Chinese."""
        texts = i18n.catalogue(language if language in i18n.LANGUAGES else i18n.LANGUAGES[0])
        return self._templates.get_template(f"{page}.html").render(
            t=lambda key, **params: texts[key].format(**params) if params else texts[key],
            choice=lambda record, name, value: texts.get(f"choice.{record}.{name}.{value}", value or ""),
            measured=lambda value: str(value).replace("C", texts["ui.girth_sign"]),
            species=lambda name: _species_name(name, language),
            field=lambda record, name: texts.get(f"field.{record}.{name}", name),
            finding=lambda found: texts[found.key].format(**found.params),
            why=lambda code: texts.get(f"finding.{code}", code),
            marks=lambda flags: " · ".join(texts.get(f"carbon.flag.{one}", one) for one in flags.split(",") if one),
            language=language,
            html_language="en" if language == "en" else "zh-CN",
            practice=self._station.identity.practice,
            page=page,
            programme=programme.load(),
            method_version=self._station.estimator.method_version,
            nothing=sums.NOTHING,
            **content,
        )


@lru_cache(maxsize=1_000)  # people may type anything as a species
def _species_name(name: str | None, language: str) -> str:
    """A species as people call it: Chinese, or Latin on English pages; a name that the registry does not know stays."""
    found = _registry().species(name) if name else None
    if found is None:
        return name or ""
    return found.latin if language == "en" else found.chinese or found.latin


@cache
def _registry() -> Registry:
    return load()


def _kg(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def _moment(ms: int | None) -> str:
    return "" if ms is None else datetime.fromtimestamp(ms / 1000, _BEIJING).strftime("%Y-%m-%d %H:%M")


def _day(text: str | None) -> str:
    """A camera's day and minute as people read them."""
    return (text or "").replace("T", " ")[:16]
