"""`demo`: the whole way with sample agencies on loopback, without a network and without a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.options import POLL, Host, Json, Port

if TYPE_CHECKING:
    from aggregator.config import Settings

LOOPBACK, USUAL_PORT = "127.0.0.1", 8000
commands = typer.Typer()


@commands.command(rich_help_panel=POLL, epilog="Example: aggregator demo --once")
def demo(
    host: Host = None,
    port: Port = None,
    once: Annotated[
        bool, typer.Option("--once", help="Poll everything once, print the stories and exit.")
    ] = False,
    json: Json = False,
) -> None:
    """The whole way with sample agencies, without a network.

    Serves the sample feeds, polls them, and serves the merged feed and the
    page; new items arrive while it runs. All news in it is invented.
    """
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from aggregator.cli import log
    from aggregator.clock import utc_now
    from aggregator.demo import samples
    from aggregator.demo.server import SampleServer

    wire = samples.load()
    once = once or json
    with (
        TemporaryDirectory(prefix="aggregator-demo-") as directory,
        SampleServer(wire, clock=utc_now, everything=once) as server,
    ):
        if once:
            log.configure_for_one_command()
            _show_once(
                _settings(samples.settings_mapping(wire, server.url, Path(directory))), as_json=json
            )
        else:
            log.configure(quiet=True)
            mapping = samples.settings_mapping(wire, server.url, Path(directory))
            _live(_settings(mapping), server.url, host or LOOPBACK, port)


def _settings(mapping: dict[str, object]) -> Settings:
    """The demonstration's settings: what can be written as JSON is YAML too."""
    import json

    from aggregator.config import parse

    return parse(json.dumps(mapping, ensure_ascii=False), file="demo")


def _show_once(settings: Settings, *, as_json: bool) -> None:
    from aggregator.cli import console, cycle, format_stories
    from aggregator.cli.wiring import open_store
    from aggregator.model import StoryQuery
    from aggregator.syndicate import listing

    with console.progress() as bar:
        bar.at("starting", 0)
        cycle.poll_once(
            settings,
            feed_ids=(),
            everything=True,
            told=lambda _, done, total: bar.at("polling", done, total),
        )
    with open_store(settings) as store:
        stories = store.stories(StoryQuery())
    if as_json:
        console.as_json(listing.as_json(stories))
        return
    format_stories.stories(stories)
    items = sum(len(story.members) for story in stories)
    console.note(
        f"{console.count(items, 'item')} of {console.count(len(settings.agencies), 'agency')} are "
        f"{console.count(len(stories), 'story')}. All of it is invented."
    )


def _live(settings: Settings, samples_url: str, host: str, port: int | None) -> None:
    from aggregator.cli import console, serve

    usual = USUAL_PORT if port is None else port
    listener = serve.listen_somewhere(host, usual, any_port=port is None)
    url = serve.url_of(listener)
    output = settings.output.model_copy(update={"base_url": url})
    served = serve.served_at(settings, host, int(url.rpartition(":")[2]))
    console.line(
        f"Sample agencies  {samples_url}/\n"
        f"Stories          {url}/\n"
        f"Merged feed      {url}/merged.atom, also merged.rss and merged.json\n"
        "New items arrive while it runs, and copies join. All news is invented. Ctrl-C ends it."
    )
    served = served.model_copy(update={"output": output})
    serve.live(lambda: served, lambda: False, listener=listener)
