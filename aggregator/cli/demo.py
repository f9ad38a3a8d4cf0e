"""`demo`: the aggregator at work on sample agencies, without a network and without a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.options import POLL, Host, Json, Port

if TYPE_CHECKING:
    from aggregator.config import Settings

LOOPBACK, DEFAULT_PORT = "127.0.0.1", 8000
commands = typer.Typer()


@commands.command(rich_help_panel=POLL, epilog="Example: aggregator demo --once")
def demo(
    host: Host = None,
    port: Port = None,
    once: Annotated[
        bool, typer.Option("--once", help="Poll all feeds once, print the stories, and exit.")
    ] = False,
    json: Json = False,
) -> None:
    """Try the aggregator with sample agencies, without a network.

    Serves the sample feeds, polls them, and serves the merged feed and the
    web page. New items arrive while it runs. All its news is invented.
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
        settings = _settings(samples.settings_mapping(wire, server.url, Path(directory)))
        if once:
            log.configure_for_one_command()
            _print_once(settings, as_json=json)
        else:
            log.configure(quiet=True)
            _run(settings, server.url, host or LOOPBACK, port)


def _settings(mapping: dict[str, object]) -> Settings:
    """The settings of the demo, read as a configuration file is: JSON is YAML too."""
    import json

    from aggregator.config import parse

    return parse(json.dumps(mapping, ensure_ascii=False), file="demo")


def _print_once(settings: Settings, *, as_json: bool) -> None:
    from aggregator.cli import console, cycle, format_stories
    from aggregator.cli.wiring import open_store
    from aggregator.model import StoryQuery
    from aggregator.syndicate import listing

    with console.progress_bar() as bar:
        bar.update("starting", 0)
        cycle.poll_once(settings, feed_ids=(), everything=True, on_progress=bar.update)
    with open_store(settings) as store:
        stories = store.stories(StoryQuery())
    if as_json:
        console.print_json(listing.as_json(stories))
        return
    format_stories.print_stories(stories)
    items = sum(len(story.members) for story in stories)
    console.print_note(
        f"{console.pluralize(items, 'item')} from {console.pluralize(len(settings.agencies), 'agency')} are "
        f"{console.pluralize(len(stories), 'story')}. All of it is invented."
    )


def _run(settings: Settings, samples_url: str, host: str, port: int | None) -> None:
    from aggregator.cli import console, serve

    wanted = DEFAULT_PORT if port is None else port
    listener = serve.listen_with_fallback(host, wanted, any_port=port is None)
    url = serve.url_of(listener)
    output = settings.output.model_copy(update={"base_url": url})
    settings = serve.with_address(
        settings.model_copy(update={"output": output}), host, int(url.rpartition(":")[2])
    )
    console.print_line(
        f"Sample agencies  {samples_url}/\n"
        f"Stories          {url}/\n"
        f"Merged feed      {url}/merged.atom, also merged.rss and merged.json\n"
        "New items and copies arrive while it runs. All news is invented. Press Ctrl-C to stop."
    )
    serve.run_daemon(lambda: settings, lambda: False, listener=listener)
