"""What an error says to the person who reads it."""

from __future__ import annotations

import pickle

from aggregator.errors import ConfigError, Mistake, NotFoundError, UsageError, unexpected
from aggregator.i18n import translator


def test_an_unexpected_error_names_the_place_the_error_and_the_remedy() -> None:
    message = unexpected(KeyError("guid"), "polling bta-bg", log_line="poll failed")

    assert message.startswith("Unexpected error while polling bta-bg: KeyError('guid').")
    assert "the log line 'poll failed'" in message
    assert "report" in message


def test_a_configuration_names_every_mistake_in_the_order_of_lines() -> None:
    error = ConfigError("feeds.yaml", [Mistake(7, "url", "is wrong"), Mistake(0, "", "is empty")])

    assert str(error) == "feeds.yaml: is empty\nfeeds.yaml:7: url: is wrong"


def test_a_message_is_said_in_another_language_with_its_values_in_it() -> None:
    error = NotFoundError("There is no item %(asked)r.", asked="b7")
    words = {"There is no item %(asked)r.": "Няма материал %(asked)r."}

    assert str(error) == "There is no item 'b7'."
    assert error.said(lambda message, **values: words[message] % values) == "Няма материал 'b7'."


def test_a_message_without_values_may_have_a_per_cent_sign() -> None:
    error = UsageError("The disk is 100% full.")

    assert str(error) == error.said(translator("bg").gettext) == "The disk is 100% full."


def test_an_error_that_crosses_to_another_process_keeps_what_it_says() -> None:
    error = pickle.loads(pickle.dumps(UsageError("%(name)s is given twice.", name="q")))

    assert (str(error), error.values) == ("q is given twice.", {"name": "q"})
