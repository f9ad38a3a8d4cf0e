"""`feeds.yaml` and the environment become frozen settings; every mistake is told at once, with its line.

file -> document (YAML; knows its lines) -> plain values -> settings (Pydantic) -> Settings
                                                              |
                                                              +-> Mistake(line, key, message) … -> ConfigError

`load` and `parse` are the door; a room is given its own section (`MatchSettings`), never the whole.
"""

from aggregator.config.loader import ENVIRONMENT, load, parse, read
from aggregator.config.settings import (
    FetchSettings,
    MatchSettings,
    OutputSettings,
    ServerSettings,
    Settings,
)
from aggregator.config.values import MIB, duration

__all__ = [
    "ENVIRONMENT",
    "MIB",
    "FetchSettings",
    "MatchSettings",
    "OutputSettings",
    "ServerSettings",
    "Settings",
    "duration",
    "load",
    "parse",
    "read",
]
