"""Short texts for the tests of corrections."""

from aggregator.model import Text


def text_of(language: str, body: str, title: str = "") -> Text:
    """A text as reading an item gives it."""
    return Text(title=title, body=body, language=language)
