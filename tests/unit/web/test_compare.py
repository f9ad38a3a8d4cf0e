"""`/compare/A/B`: two items side by side, and why they are, or are not, one story."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import quote

import pytest

from aggregator.errors import StoreBusyError
from aggregator.model import (
    Arrival,
    Change,
    Evidence,
    Fact,
    Kind,
    Match,
    Member,
    Passage,
    Replacement,
    StoryChange,
)
from aggregator.store.store import Store
from tests.unit.web.conftest import MARK, SUMMARISE, UNLIKE, Client

Opened = Callable[..., Client]


def heading(text: str) -> str:
    return text.partition("<h1>")[2].partition("</h1>")[0]


def verdict(text: str) -> dict[str, str]:
    """What is said at the head of the page, by its term."""
    head = text.partition('<dl class="verdict">')[2].partition("</dl>")[0]
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", head, re.DOTALL)
    return {term: " ".join(re.sub(r"<[^>]+>", "", said).split()) for term, said in found}


def columns(text: str) -> tuple[str, str]:
    """Both texts as they stand beside each other, labels included."""
    table = text.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = re.findall(r"<td data-label=[^>]*>(.*?)</td>", table, re.DOTALL)
    return " ".join(cells[::2]), " ".join(cells[1::2])


def test_the_verdict_says_what_they_are_which_was_first_and_whether_it_is_credited(
    client: Client,
) -> None:
    text = client.ask("/compare/bg1/kz1").text

    assert heading(text) == "One story"
    assert verdict(text) == {
        "By these two texts alone": "translation. Names and the figure forty agree.",
        "First": "Kazinform, English, 24 Nov 2026, 12:00",
        "Later": "+30 min, 24 Nov 2026, 12:30",
        "Credit": "BTA: credits Kazinform (the origin)",
    }


def test_the_earlier_text_stands_on_the_left_whichever_is_named_first(client: Client) -> None:
    one, other = (client.ask(f"/compare/{pair}").text for pair in ("bg1/kz1", "kz1/bg1"))

    assert columns(one) == columns(other)
    assert "Dry port opens" in columns(one)[0]
    assert "Сухо пристанище" in columns(one)[1]


def test_what_both_say_has_the_same_label_in_both_texts(client: Client) -> None:
    left, right = columns(client.ask("/compare/bg1/kz1").text)

    label = re.search(
        r'id="left-(\d)" href="#right-\1"[^>]*>\1</a><mark class="fact">Saryagash<', left
    )
    assert label
    n = label[1]
    assert re.search(
        rf'id="right-{n}" href="#left-{n}"[^>]*>{n}</a><mark class="fact">Саръагаш<', right
    )


def test_the_credit_is_underlined_where_it_stands(client: Client, store: Store) -> None:
    was = store.item("bg1")
    text = "По четиридесет вагона дневно, съобщи Казинформ."
    revised = replace(was, text=text, content_hash="later", revision=2, revised_at=was.seen_at)
    arrival = Arrival(item=revised, change=Change.REVISED, keys=("bg1",))
    store.save_polls([store.feed_states()["bta-bg"]], [(arrival, MARK)])

    _, right = columns(client.ask("/compare/bg1/kz1").text)

    assert '<u class="credit">съобщи Казинформ</u>' in right


def test_features_and_rules_stand_behind_for_developers_alone(client: Client) -> None:
    before, _, behind = client.ask("/compare/bg1/kz1").text.partition("For developers")

    assert "names-and-figures" not in before
    assert "0.93" not in before
    for words in ("names-and-figures", "0.9300", "<dt>names</dt><dd>0.8</dd>"):
        assert words in behind


def test_items_of_two_stories_are_not_one_story_because(opened: Opened) -> None:
    text = opened(explain=lambda a, b: replace(UNLIKE, a=a, b=b)).ask("/compare/kz2/kz1").text

    assert heading(text) == "Not one story, but related"
    assert verdict(text) == {"By these two texts alone": "Only the country agrees."}


def test_items_of_stories_that_have_nothing_to_do_with_each_other_are_not_called_related(
    opened: Opened,
) -> None:
    text = opened(explain=lambda a, b: replace(UNLIKE, a=a, b=b, score=0.0)).ask("/compare/bg2/kz1")

    assert heading(text.text) == "Not one story"


def test_a_pair_that_was_kept_apart_says_that_the_texts_alone_look_like_one(client: Client) -> None:
    text = client.ask("/compare/kz2/kz1").text

    assert heading(text) == "Not one story, but related"
    assert "The two texts alone look like one story; it was decided otherwise." in text


def busy(a: str, b: str) -> Match:
    raise StoreBusyError("The writer is busy.")


@pytest.mark.parametrize("explain", [None, busy])
def test_where_no_full_comparison_can_be_made_the_stored_one_is_shown(
    opened: Opened, explain: Callable[[str, str], Match] | None
) -> None:
    text = opened(explain=explain).ask("/compare/bg1/kz1").text

    assert "The full comparison cannot be made just now. This is what is stored of it." in text
    assert verdict(text)["By these two texts alone"].endswith("Names and the figure forty agree.")
    assert "По четиридесет вагона дневно." in columns(text)[1]


def test_two_items_of_which_nothing_is_known_say_so(opened: Opened) -> None:
    text = opened().ask("/compare/bg2/kz1").text

    assert heading(text) == "Not one story"
    assert "nothing is stored of it" in text
    assert verdict(text) == {}


def test_a_lag_is_not_said_where_the_times_do_not_tell_which_was_first(
    client: Client, store: Store
) -> None:
    def undecided(members: Sequence[Member], story_id: str) -> StoryChange:
        change = SUMMARISE(members, story_id)
        lineage = replace(change.lineages["bg1"], is_undecided=True)
        return replace(change, lineages={**change.lineages, "bg1": lineage})

    store.summarise_again(["skz1"], summarise=undecided)

    said = verdict(client.ask("/compare/bg1/kz1").text)

    assert said["First"] == "The times do not tell which was first."
    assert "Later" not in said


def test_a_fact_that_a_copy_has_not_corrected_is_struck_and_the_new_one_inserted(
    client: Client, store: Store
) -> None:
    def stale(members: Sequence[Member], story_id: str) -> StoryChange:
        change = SUMMARISE(members, story_id)
        replaced = (Replacement(old="четиридесет", new="Forty"),)
        lineages = {
            "kz1": replace(change.lineages["kz1"], corrects=replaced),
            "bg1": replace(change.lineages["bg1"], is_stale=True),
        }
        return replace(change, lineages=lineages)

    store.summarise_again(["skz1"], summarise=stale)

    text = client.ask("/compare/bg1/kz1").text

    left, right = columns(text)
    assert re.search(r'<ins class="[a-z ]*new[a-z ]*">Forty<', left)
    assert re.search(r'<del class="[a-z ]*old[a-z ]*">четиридесет<', right)
    assert verdict(text)["Corrected"] == "четиридесет → Forty"


def test_words_in_the_same_place_are_struck_only_between_items_of_one_story(opened: Opened) -> None:
    def explain(a: str, b: str) -> Match:
        passages = (
            Passage(a="Dry port", b="Dry port", same=True),
            Passage(a="closes", b="opens", same=False),
        )
        evidence = Evidence(rule="near", reason="The words differ.", passages=passages)
        return Match(a=a, b=b, kind=Kind.RELATED, score=0.4, evidence=evidence)

    left, _ = columns(opened(explain=explain).ask("/compare/kz2/kz1").text)

    assert "<del" not in left


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sbg2", "kz1"),
        ("https://bta.example/bg1", "kz1"),
        ("kz1", "https://bta.example/bg1"),
        ("https://bta.example/bg1", "https://kazinform.example/kz1"),
    ],
)
def test_links_and_ids_of_stories_lead_to_the_ids_of_the_items(
    client: Client, one: str, other: str
) -> None:
    ids = {"sbg2": "bg2", "https://bta.example/bg1": "bg1", "https://kazinform.example/kz1": "kz1"}

    answer = client.ask(f"/compare/{quote(one, safe='')}/{quote(other, safe='')}")

    assert answer.status_code == 307
    assert answer.headers["location"] == f"/compare/{ids.get(one, one)}/{ids.get(other, other)}"


@pytest.mark.parametrize("path", ["/compare/kz1/none", "/compare/none/kz1", "/compare/kz1"])
def test_an_unknown_item_is_not_found(client: Client, path: str) -> None:
    assert client.ask(path).status_code == 404


def test_an_item_is_not_compared_with_itself(client: Client) -> None:
    answer = client.ask("/compare/kz1/kz1")

    assert answer.status_code == 400
    assert "the same item" in answer.text


def test_what_an_item_says_is_never_markup(client: Client) -> None:
    text = client.ask("/compare/bg2/kz1").text

    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in text
    assert "<img" not in text
    assert "<script>" not in text
    assert "javascript:" not in text


def test_quoted_facts_are_never_markup(opened: Opened) -> None:
    def explain(a: str, b: str) -> Match:
        facts = (Fact(a="<img src=x onerror=alert(1)>", b="Forty"),)
        evidence = Evidence(rule="r", reason="<b>No</b>.", agree=facts)
        return Match(a=a, b=b, kind=Kind.RELATED, score=0.1, evidence=evidence)

    text = opened(explain=explain).ask("/compare/bg2/kz1").text

    assert "<img" not in text
    assert "&lt;b&gt;No&lt;/b&gt;." in text


def test_the_texts_say_their_languages(client: Client) -> None:
    text = client.ask("/compare/bg1/kz1").text

    assert '<td data-label="BTA" dir="auto" lang="bg">' in text
    assert '<td data-label="Kazinform" dir="auto" lang="en">' in text
