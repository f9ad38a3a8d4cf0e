"""Decisions of the pages, carried out on the writer's thread, as all that changes the store."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial

from aggregator.clock import utc_now
from aggregator.editor import Editor
from aggregator.errors import NotFoundError, StoreBusyError, UsageError
from aggregator.match import story
from aggregator.model import Action, Item, Match
from aggregator.store.store import Store
from aggregator.web.access.forms import DecisionRequest

WAIT_SECONDS = 10.0  # for the writer's turn; nothing is decided after it
_STORIES = "/stories/"
_QUERY = re.compile(r"[?#].*")  # and the fragment


class PageDecisions:
    """Carries out what a form says. Raises what `Editor` raises, and StoreBusyError where the writer has no time.

    `judge` says what two items are, on the writer's thread; `local_user` decides where a request names nobody.
    """

    def __init__(
        self,
        store: Store,
        writer: Executor,
        *,
        judge: Callable[[Item, Item], Match],
        local_user: str | None,
    ) -> None:
        self._store = store
        self._writer = writer
        self._local_user = local_user
        self._summarise = partial(story.summarise, relate=judge)

    def __call__(self, wanted: DecisionRequest) -> str:
        """The id of the story that the item is in now."""
        decided = self._writer.submit(self._decide, wanted)
        try:
            return decided.result(timeout=WAIT_SECONDS)
        except TimeoutError as error:
            if decided.cancel():
                raise StoreBusyError("The writer is busy; nothing was decided.") from error
            return decided.result()  # it began, and what was begun is told as it ends

    def _decide(self, wanted: DecisionRequest) -> str:
        editor = Editor(self._store, summarise=self._summarise, by=wanted.by or self._local_user)
        now = utc_now()
        if wanted.action is None:
            self._refuse_if_not_last(wanted.decision)
            return self._store.story_of(editor.undo(now).item_id).id
        item = self._store.find_item_or_lead(wanted.item)
        self._refuse_if_moved(item, wanted.story)
        if wanted.action is Action.JOIN:
            editor.join(item, self._find(wanted.other), now, reason=wanted.reason)
        elif wanted.action is Action.SPLIT:
            editor.split(item, now, reason=wanted.reason)
        else:
            editor.lead(item, now, reason=wanted.reason)
        return self._store.story_of(item.id).id

    def _refuse_if_not_last(self, decision_id: int | None) -> None:
        in_force = self._store.decisions()
        if not in_force or in_force[-1].id != decision_id:
            raise UsageError(
                "This is no longer the last decision: another was made or undone meanwhile. "
                "Load the page again."
            )

    def _refuse_if_moved(self, item: Item, seen_in: str) -> None:
        if seen_in and self._store.story_of(item.id).id != self._store.story(seen_in).id:
            raise UsageError(
                "%(item)s is in another story now: somebody moved it meanwhile. Load the page again.",
                item=item.id,
            )

    def _find(self, reference: str) -> Item:
        """The item of an id, a link or a guid, the lead of a story, by its id or the address of its page."""
        try:
            return self._store.find_item_or_lead(reference)
        except NotFoundError:
            address = _QUERY.sub("", reference)
            _, is_page, story_id = address.rpartition(_STORIES)
            if is_page:
                with suppress(NotFoundError):
                    return self._store.story(story_id).lead
            raise
