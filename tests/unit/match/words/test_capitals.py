import pytest

from aggregator.match.words.minhash import fingerprint, unpack_tokens
from aggregator.match.words.token_bits import NAME
from aggregator.match.words.tokens import tokenise
from aggregator.model import Text


def names(text: str) -> list[str]:
    tokens = tokenise(text)
    return [
        text[start:end]
        for value, start, end in zip(tokens.values, tokens.starts, tokens.ends, strict=True)
        if value & 3 == NAME
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Velmora Says Talks With Karsk May Resume on Monday", ["May", "Monday"]),
        ("ПОЖАР КРАЙ КАРСК СПРЯ ВЛАКОВЕТЕ", []),
        ("HARBOUR CLOSED", []),
        ("DEPREM KARSK'I SARSTI", []),
        ("Тонеск, Долкане обсъждат в Карск моста", ["Долкане", "Карск"]),
        ("Members: Arvid Tonnesk, Mira Dolcane, Ivo Petrov", ["Tonnesk", "Mira", "Dolcane", "Ivo", "Petrov"]),
        ("HARBOUR CLOSED\nThe mayor of Karsk said so.", ["Karsk"]),
    ],
)  # fmt: skip
def test_capitals_say_nothing_where_every_word_has_one(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Кметът каза: „Ние чакаме Тонеск“.", ["Тонеск"]),
        ("he added, “They left Karsk at last”", ["Karsk"]),
        ("a name\tRevenue | Profit  Loss of Norvest", ["Norvest"]),
        ("its share 33 cts vs 30 cts Net 1.2 mln Revs 5 mln", []),
        ("the company «Норвест» said", ["Норвест"]),
        ("arrives on 12 March 2018", ["March"]),
    ],
)
def test_the_first_word_of_a_sentence_or_a_cell_is_no_name(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def kept_names(title: str, body: str) -> int:
    packed = unpack_tokens(fingerprint(Text(title=title, body=body, language="en")).tokens)
    titled, bodied, *rest = packed.tolist()
    return sum(token & 3 == NAME for token in rest[: titled + bodied])


def test_a_name_is_confirmed_by_the_rest_of_the_text() -> None:
    body = "The council met in Karsk on a plan of the old town for the port and its bridge."

    assert kept_names("Karsk Council Backs Bridge Plan", body) == 2
    assert kept_names("Velmora Council Backs Bridge Plan", body) == 1


def test_a_word_that_also_stands_small_is_not_confirmed() -> None:
    body = (
        "Bridge works begin. The firm Bridge and Sons said the bridge needs steel from Karsk now."
    )

    assert kept_names("", body) == 3


@pytest.mark.parametrize(
    ("capitals", "small"),
    [
        ("İLİŞKİLERİN IŞIĞI", "ilişkilerin ışığı"),
        ("ΜΕΤΡΑ ΓΙΑ ΤΗΝ ΕΝΕΡΓΕΙΑ ΤΗΣ ΠΟΛΗΣ", "μέτρα για την ενέργεια της πόλης"),
        ("ETAT D'URGENCE", "État d'urgence"),
        ("STRASSE GESPERRT", "Straße gesperrt"),
        ("ВСЁ ЕЩЁ", "все еще"),
        ("ҚАЗАҚСТАН", "Қазақстан"),
    ],
)
def test_capitals_make_no_other_word(capitals: str, small: str) -> None:
    one, other = (tokenise(text).values >> 2 for text in (capitals, small))

    assert one.tolist() == other.tolist()


def test_letters_that_only_look_accented_stay_apart() -> None:
    assert tokenise("май").values[0] >> 2 != tokenise("маи").values[0] >> 2
