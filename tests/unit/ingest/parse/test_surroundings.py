"""What a page says around its article is no part of the text; what it says of the article's source is."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring, tostring

from aggregator.ingest.parse.article import article_text
from aggregator.ingest.parse.surroundings import without_surroundings

# Of each language two paragraphs of a report, and a sentence in which a site speaks of itself.
PAGES = {
    "bg": (
        "Мостът край Видин се затваря за ремонт от понеделник.",
        "Колите ще минават през Лом, каза областният управител.",
        "Нашият сайт е учреден през 1998 година във Видин.",
    ),
    "ru": (
        "Паром через Иртыш снова ходит с понедельника.",
        "Причал чинили все лето, сказал начальник пристани.",
        "Наш сайт основан в 1998 году в городе Павлодаре.",
    ),
    "kk": (
        "Ақтау айлағында дүйсенбіден бастап жаңа кран жұмыс істейді.",
        "Оны отыз күнде құрастырды, деді айлақ бастығы.",
        "Біздің сайт 1998 жылы Ақтау қаласында құрылды.",
    ),
    "en": (
        "The night ferry to Silistra sails again from Monday.",
        "The ramp was repaired in August, the harbour master said.",
        "Our site was founded in 1998 in the town of Calarasi.",
    ),
    "de": (
        "Die Fähre nach Silistra fährt ab Montag wieder.",
        "Die Rampe wurde im August erneuert, sagte der Hafenmeister.",
        "Unsere Seite wurde 1998 in der Stadt Passau gegründet.",
    ),
    "sr": (
        "Скела код Бачке Паланке поново вози од понедељка.",
        "Рампа је обновљена у августу, рекао је управник пристаништа.",
        "Наш сајт је основан 1998. године у Новом Саду.",
    ),
    "zh": (
        "开往锡利斯特拉的渡轮从星期一起恢复航行，票价保持不变。",
        "港务局长说，码头的坡道已经在八月份修好，可以停靠货车。",
        "本网站于一九九八年在这座城市创办，欢迎广大读者来信。",
    ),
}
BG = PAGES["bg"][:2]
KINDS = {
    "footer": "<footer><p>{}</p></footer>",
    "nav": "<nav><ul><li>{}</li></ul></nav>",
    "aside": "<aside><p>{}</p></aside>",
    "form": "<form><p>{}</p></form>",
    "dialog": "<dialog open><p>{}</p></dialog>",
    "template": "<template><p>{}</p></template>",
    "hidden": "<div hidden><p>{}</p></div>",
    "aria-hidden": '<div aria-hidden="true"><p>{}</p></div>',
    "banner": '<div role="banner"><p>{}</p></div>',
    "complementary": '<div role="complementary"><p>{}</p></div>',
    "contentinfo": '<div role="contentinfo"><p>{}</p></div>',
    "navigation": '<div role="navigation"><p>{}</p></div>',
    "search": '<div role="search"><p>{}</p></div>',
    "alert": '<div role="alert"><p>{}</p></div>',
    "alertdialog": '<div role="alertdialog"><p>{}</p></div>',
    "role dialog": '<section role="dialog"><p>{}</p></section>',
    "status": '<div role="status"><p>{}</p></div>',
    "menu": '<div role="menu"><p>{}</p></div>',
    "two roles": '<div role="Banner group"><p>{}</p></div>',
    "header": "<header><p>{}</p></header>",
}
# Where a page has it: beside the article, in it, or before a text that is not marked as an article.
BESIDE = "<article>{text}</article>{around}"
WITHIN = "<main><article>{around}{text}</article></main>"
BARE = "{around}<div>{text}</div>"
NOT_WITHIN = {"footer", "contentinfo"}  # in an article they are its own


def read(body: str) -> list[str]:
    page = f"<html><head><title>1998</title></head><body>{body}</body></html>"
    text = article_text(page.encode(), url="https://a.example/1", content_type="text/html")
    return text.split("\n\n")


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_marked_as_none_of_the_article_is_none_of_its_text(
    kind: str, language: str
) -> None:
    *report, notice = PAGES[language]
    around = KINDS[kind].format(notice)

    for page in (BESIDE, BARE) if kind in NOT_WITHIN else (BESIDE, WITHIN, BARE):
        assert read(page.format(text=paragraphs(*report), around=around)) == report, page


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"form"}))
def test_all_but_forms_is_taken_out_before_the_text_is_looked_for(kind: str) -> None:
    page = document_fromstring(
        f"<body>{paragraphs(*BG)}{KINDS[kind].format('Notice')}And so</body>"
    )

    assert without_surroundings(page).text_content() == "".join(BG) + "And so"
    assert "Notice" in page.text_content()


def test_the_header_of_an_article_is_its_own() -> None:
    page = document_fromstring("<body><article><header>Head</header>Text</article></body>")

    assert without_surroundings(page).text_content() == "HeadText"


def test_what_holds_the_article_is_marked_no_more() -> None:
    page = document_fromstring(
        f'<body><!-- x --><aside role="dialog" aria-hidden="true" hidden>{BG[0]}</aside></body>'
    )

    without = tostring(without_surroundings(page), encoding="unicode")
    assert f"<div>{BG[0]}</div>" in without


def test_of_a_part_of_a_page_what_follows_it_is_no_part() -> None:
    page = document_fromstring("<body><footer>Foot<nav>Menu</nav></footer>Tail</body>")

    footer = without_surroundings(page.find(".//footer"))
    assert (footer.text_content(), footer.tail) == ("Foot", None)


@pytest.mark.parametrize(
    "markup",
    [
        '<div hidden="until-found"><p>{}</p></div>',
        '<div aria-hidden="false"><p>{}</p></div>',
        '<div role="region"><p>{}</p></div>',
        '<div role="group banner"><p>{}</p></div>',
        "<!-- a comment --><section><p>{}</p></section>",
        "<details><p>{}</p></details>",
        '<p><span aria-hidden="true">•</span>{}</p>',
    ],
)
def test_what_is_not_marked_so_stays(markup: str) -> None:
    first, second = BG
    text = paragraphs(first) + markup.format(second)
    assert read(f"<article>{text}</article>") == [first, second]
    assert read(f"<main>{text}</main>") == [first, second]


@pytest.mark.parametrize(
    "page",
    [
        '<form id="aspnet"><div>{}</div></form>',
        '<form id="aspnet"><main>{}</main><footer>Footer</footer></form>',
        "<aside>{}</aside>",
        "<nav><a href='/'>Home</a></nav><aside><article>{}</article></aside>",
        '<div hidden id="app">{}</div>',
        '<div aria-hidden="true"><main>{}</main></div><div role="dialog"><p>' + "Бисквитки. " * 60 + "</p></div>",
        '<main aria-hidden="true">{}</main>',
        '<template shadowrootmode="open"><div>{}</div></template>',
        '<div role="complementary">{}</div><div role="contentinfo"><p>Since 1998.</p></div>',
        "<main>…</main><div hidden><article>{}</article></div>",
        "<footer><article>{}</article></footer>",
        '<div role="complementary">{}</div><table><tr><td>' + "Курсове на валутите. " * 9 + "</td></tr></table>",
        '<dialog open>{}</dialog><nav>' + "<a href='/'>Новини от страната</a>" * 60 + "</nav>",
    ],
)  # fmt: skip
def test_an_article_in_an_odd_place_is_found(page: str) -> None:
    assert read(page.format(paragraphs(*BG))) == list(BG)


@pytest.mark.parametrize(
    "place", ["<main>{}</main>", "<article>{}</article>", '<div role="main">{}</div>', "<div role='article'>{}</div>"]
)  # fmt: skip
@pytest.mark.parametrize("mark", ["hidden", 'role="contentinfo"', 'role="complementary"'])
def test_where_a_page_says_where_its_article_is_longer_notices_are_none(
    place: str, mark: str
) -> None:
    notice = paragraphs(*[f"Наше правило номер {n} важи за всички, които пишат." for n in range(9)])
    assert read(place.format(paragraphs(*BG)) + f"<div {mark}>{notice}</div>") == list(BG)


@pytest.mark.parametrize(
    ("footer", "lines"),
    [
        ("<footer>Източник: БТА</footer>", ["Източник: БТА"]),
        ("<footer><p>/Казинформ/</p></footer>", ["/Казинформ/"]),
        ('<footer>Дереккөз: <a href="https://k.example">ҚазАқпарат</a></footer>', ["Дереккөз: ҚазАқпарат"]),
        ('<div role="contentinfo">Извор: Танјуг</div>', ["Извор: Танјуг"]),
        ("<section><footer>来源：新华社</footer></section>", ["来源:新华社"]),
        ("<footer><p>Quelle: APA</p><p>Mehr davon</p></footer>", ["Quelle: APA", "Mehr davon"]),
        ('<footer class="source">Source: AGERPRES</footer>', ["Source: AGERPRES"]),
        ('<div class="source"><dt>Source</dt><dd>AGERPRES</dd></div>', ["Source AGERPRES"]),
        ('<footer><a rel="tag" href="/t">Видин</a>, <a rel="tag" href="/u">мост</a></footer>', []),
        ("<footer><nav>Още новини</nav><div hidden>Източник: МИА</div></footer>", []),
        ("<footer>" + "Всяко използване на този текст става само с позволение. " * 3 + "</footer>", []),
        ("<blockquote><footer>Източник: МИА</footer></blockquote>", []),
        ("<aside><footer>Източник: МИА</footer></aside>", []),
        ("<article><footer>Източник: МИА</footer></article>", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["<article>{}</article>", "<main><article>{}</article></main>"])
def test_the_articles_own_footer_names_its_source(
    place: str, footer: str, lines: list[str]
) -> None:
    text = paragraphs(*BG, " ".join(BG))
    got = read(place.format(text + footer))
    assert [
        line.replace("：", ":") for line in got if "Източник: МИА" in line or line in got[3:]
    ] == lines


@pytest.mark.parametrize(
    "page",
    [
        "<article>{}</article><footer>Източник: МИА</footer>",
        "<div>{}</div><footer>Източник: МИА</footer>",
        "<article><h2>Друго</h2><footer>Източник: МИА</footer></article><article>{}</article>",
        "<article>{}</article><article><h2>Друго</h2><footer>Източник: МИА</footer></article>",
        "<main><article>{}</article><footer>Източник: МИА</footer></main>",
    ],
)
def test_another_footer_says_nothing_of_the_article(page: str) -> None:
    assert read(page.format(paragraphs(*BG))) == list(BG)


def test_a_few_lines_of_a_footer_are_enough_and_none_stands_twice() -> None:
    lines = [f"Ред {n}" for n in range(9)]
    footer = f"<footer>{paragraphs(BG[0], *lines)}</footer>"
    assert read(f"<article>{paragraphs(*BG)}{footer}</article>") == [*BG, *lines[:4]]
