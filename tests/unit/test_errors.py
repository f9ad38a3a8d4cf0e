"""What an error says to the person who reads it."""

from __future__ import annotations

from aggregator.errors import ConfigError, Mistake, unexpected


def test_an_unexpected_error_names_the_place_the_error_and_the_remedy() -> None:
    message = unexpected(KeyError("guid"), "polling bta-bg", log_line="poll failed")

    assert message.startswith("Unexpected error while polling bta-bg: KeyError('guid').")
    assert "the log line 'poll failed'" in message
    assert "report" in message


def test_a_configuration_names_every_mistake_in_the_order_of_lines() -> None:
    error = ConfigError("feeds.yaml", [Mistake(7, "url", "is wrong"), Mistake(0, "", "is empty")])

    assert str(error) == "feeds.yaml: is empty\nfeeds.yaml:7: url: is wrong"
