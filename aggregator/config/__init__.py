"""`feeds.yaml` and the environment become frozen settings; all mistakes are reported at once, with their lines.

file -> YamlDocument (knows its lines) -> plain values -> ConfigFile (Pydantic) -> Settings
                                                            |
                                                            +-> Mistake(line, key, message) … -> ConfigError

Use `load` or `parse`; a room is given its own section (`MatchSettings`), never all settings.
"""

from aggregator.config.loader import ENVIRONMENT, load, normal_url, parse, read
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
    "normal_url",
    "parse",
    "read",
]
