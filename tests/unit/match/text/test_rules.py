import pytest

from aggregator.match.text.rules import (
    bare_title,
    dateline,
    is_agreement,
    is_footer,
)


@pytest.mark.parametrize(
    "head",
    [
        "VELMORA (Northwire) - ",
        "VELMORA, Nov 4 (Kazinform) – ",
        "VELMORA -- ",
        "VELMORA: ",
        "PORT DOSTAN, Karvik, November 14 /Northwire/ - ",
        "София, 23 ноември (БТА) ",
        "София, 23 ноември /БТА/ - ",
        "МОСКВА, 3 мар - РИА Новости. ",
        "МОСКВА. 3 марта. ИНТЕРФАКС - ",
        "АСТАНА. КАЗИНФОРМ – ",
        "АСТАНА. ҚазАқпарат – ",
        "НҰР-СҰЛТАН. «ҚазАқпарат» – ",
        "ASTANA. Kazinform – ",
        "АСТАНА. 4 қараша. ҚазАқпарат – ",
        "TOSHKENT, 4-noyabr (UzA) – ",
        "哈通社阿斯塔纳11月4日电 - ",
        "新华社北京11月4日电(记者 张三) ",
    ],
)
def test_a_dateline_is_cut_whole(head: str) -> None:
    line = f"{head}The bridge was opened again on Monday."

    assert line[dateline(line) :] == "The bridge was opened again on Monday."


@pytest.mark.parametrize(
    "line",
    [
        "The bridge – a wooden one – was opened again on Monday.",
        "Velmora will open the bridge - at last.",
        "Mira Kestrel said: the bridge is open.",
        "Tobin Hale. The bridge is open.",
        "VELMORA. The bridge – a wooden one – was opened again.",
        "Velmora. Kestrel – minister of bridges – was there.",
        "Мостът край Велмора – дървен – беше отворен.",
        "A",
        "",
    ],
)
def test_a_sentence_has_no_dateline(line: str) -> None:
    assert dateline(line) == 0


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Ferry sinks off Karvik / Dam closed",
        "Subscribe to our newsletter for the stories of the day.",
        "Follow us on Telegram",
        "© 2026 Northwire",
        "(Reporting by Tobin Hale; editing by Ilse Brandt)",
        "-- With assistance from Tobin Hale.",
        "By Tobin Hale and Ilse Brandt",
        "Story continues below advertisement",
        "[…]",
        "[+1234 chars]",
        "Читайте также: В Достане закрыли мост",
        "Подписывайтесь на наш канал",
        "Фото: пресс-служба",
        "Прочетете още: Затвориха моста",
        "Снимка: Асен Вълчев",
        "/АБ, ВГ/",
        "Толығырақ: мына жерде",
        "Batafsil ma’lumot saytda",
        "阅读全文",
    ],
)
def test_footers_and_bylines_are_known_by_their_form(line: str) -> None:
    assert is_footer(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read by thousands, the paper closed on Monday.",
        "Follow-up work on the bridge begins in May.",
        "This bridge was built by hand.",
        "Все мосты города закрыты на зиму.",
        "По данным полиции, никто не пострадал.",
        "Всички мостове в града са затворени.",
        "All bridges of the city are closed.",
        "Photo studios will pay less tax.",
    ],
)
def test_sentences_of_a_report_are_kept(line: str) -> None:
    assert not is_footer(line)


@pytest.mark.parametrize(
    "line",
    [
        "(Тази информация се разпространява по споразумение между БТА и Казинформ)",
        "Распространяется по соглашению между БТА и Казинформом.",
        "This report is distributed under an agreement between BTA and Kazinform.",
        "Материал ҚазАқпарат пен БТА арасындағы келісім бойынша таратылады.",
        "Xabar UzA va BTA kelishuv asosida tarqatildi.",
        "本文根据哈通社与保通社的协议发布",
    ],
)
def test_a_line_of_agreement_is_known_in_every_language(line: str) -> None:
    assert is_agreement(line)


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("UPDATE 2-Bridge opened", "Bridge opened"),
        ("Bridge opened | The Ledger", "Bridge opened"),
        ("СРОЧНО: Мост открыт", "Мост открыт"),
        ("Update of the bridge plan", "Update of the bridge plan"),
        ("Velmora: bridge opened", "Velmora: bridge opened"),
    ],
)
def test_a_title_loses_what_is_not_its_own(title: str, bare: str) -> None:
    assert bare_title(title) == bare
