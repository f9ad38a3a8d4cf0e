"""What is a correction or a kill in every language, and what only reports one; titles without their marks."""

import pytest

from aggregator.languages import languages
from aggregator.match.corrections.notice import bare, notice, take_notes
from aggregator.match.text.reader import Reader
from aggregator.model import Agency, Item, Notice
from tests.unit.match.conftest import START_AT

CORRECTED_TITLES = [
    "CORRECTED-Bulgaria's bridge opened",
    "CORRECTED: Bridge opened",
    "Correction - Bridge opened",
    "UPDATE 1-CORRECTED-Bridge opened",
    "CORRECTED (OFFICIAL)-Bridge opened",
    "(CORRECTED) Bridge opened",
    "[Correction] Bridge opened",
    "CORRECTED Bridge opened in Dostan",
    "CORRECTING and REPLACING Bridge opened",
    "Bridge opened - CORRECTED",
    "Correction to story on bridge",
    "Поправка к сообщению «Мост открыт»",
    "Поправка към новината „Мостът е отворен“",
    "关于大桥通车的更正",
    "Bridge opened (corrected)",
    "CLARIFICATION: Bridge opened",
    "Eds: CORRECTS figure in para 2",
    "Corrects figure in the first paragraph",
    "ПОПРАВКА: Мост открыт",
    "УТОЧНЕНИЕ. Мост открыт",
    "УТОЧНЕНИЕ Мост открыт",
    "ИСПРАВЛЕНО: Мост открыт",
    "ИСПРАВЛЕНИЕ - Мост открыт",
    "Внимание, поправка: Мост открыт",
    "ВНИМАНИЕ! ПОПРАВКА! Мост открыт",
    "Мост открыт (исправлено)",
    "КОРЕКЦИЯ: Мостът е отворен",
    "КОРИГИРАНА Новият мост е отворен",
    "Поправка: Мостът е отворен",
    "ТҮЗЕТУ: Көпір ашылды",
    "ТҮЗЕТІЛДІ. Көпір ашылды",
    "Көпір ашылды (түзетілді)",
    "更正:大桥通车",
    "更正：大桥通车",
    "【更正】大桥通车",
    "订正:大桥通车",
    "TUZATISH: Koʻprik ochildi",
    "ТУЗАТИШ: Кўприк очилди",
]
CORRECTED_LINES = [
    "(Corrects figure in para 2)",
    "(Corrects spelling of minister's name in first paragraph)",
    "Corrects day to Tuesday in first paragraph.",
    "Eds: CORRECTS spelling of name",
    "This story has been corrected to show the date.",
    "In a story Nov. 4 about the bridge, Norvest erroneously reported that 14 people were hurt.",
    "DOSTAN, Nov 4 (Norvest) - CORRECTION: The bridge was opened by the mayor.",
    "(Исправлена цифра во втором абзаце)",
    "(В третьем абзаце исправлена фамилия министра)",
    "В предыдущем сообщении допущена ошибка.",
    "(Коригира цифрата във втори абзац)",
    "В предишната новина е допусната грешка.",
    "(Екінші абзацтағы сан түзетілді)",
    "Мәтінге түзету енгізілді.",
    "(Ikkinchi xatboshidagi raqam tuzatildi)",
    "Matnga tuzatish kiritildi.",
    "此前报道的伤亡人数有误。",
    "第二段中的数字已更正。",
]
KILLED_TITLES = [
    "KILL: Bridge opened",
    "KILL KILL KILL",
    "KILL KILL KILL Bridge opened",
    "KILL-Bridge opened",
    "MANDATORY KILL: Bridge opened",
    "MANDATORY KILL",
    "WITHDRAWN: Bridge opened",
    "STORY WITHDRAWN Bridge opened",
    "(KILL) Bridge opened",
    "Please kill the story Bridge opened",
    "АННУЛИРОВАНО: Мост открыт",
    "АННУЛИРОВАНА. Мост открыт",
    "ОТМЕНА: Мост открыт",
    "Мост открыт (аннулировано)",
    "АНУЛИРА: Мостът е отворен",
    "АНУЛИРАНО: Мостът е отворен",
    "АНУЛИРАНА НОВИНА: Мостът е отворен",
    "Анулирана новина: Мостът е отворен",
    "Новость аннулирована",
    "Мост открыт - АННУЛИРОВАНО",
    "Story withdrawn: Bridge opened",
    "ОТТЕГЛЕНА: Мостът е отворен",
    "КҮШІН ЖОЙДЫ: Көпір ашылды",
    "КҮШІ ЖОЙЫЛДЫ: Көпір ашылды",
    "撤稿:大桥通车",
    "【撤稿】大桥通车",
    "撤销:大桥通车",
    "BEKOR QILINDI: Koʻprik ochildi",
    "БЕКОР ҚИЛИНДИ: Кўприк очилди",
]
KILLED_LINES = [
    'Editors: please kill the story "Bridge opened"; it was sent in error.',
    "Editors, please withdraw the story slugged BRIDGE.",
    "This story has been withdrawn.",
    "KILL KILL KILL",
    "Просим аннулировать новость «Мост открыт».",
    "Внимание редакций! Просим аннулировать сообщение.",
    "Новость «Мост открыт» отправлена по ошибке.",
    "Анулираме новината „Мостът е отворен“.",
    "Моля, анулирайте новината „Мостът е отворен“.",
    "Новината „Мостът е отворен“ е изпратена по погрешка.",
    "«Көпір ашылды» деген хабардың күшін жоюды сұраймыз.",
    "«Көпір ашылды» деген хабарды пайдаланбауды сұраймыз.",
    "«Koʻprik ochildi» nomli xabardan foydalanmaslikni soʻraymiz.",
    "Ushbu xabar bekor qilindi.",
    "请各用户勿使用此稿。",
    "本稿已撤销。",
]
REPORTS = [
    "Corrected inflation data show growth",
    "Correction in stock markets deepens",
    "CORRECTION IN STOCK MARKETS DEEPENS",
    "Cancellation of tax on books",
    "Kill switch for cars",
    "KILL SWITCH LAW PASSED",
    "Kills 5",
    "Blast kills 5 in Dostan",
    "WITHDRAWN TROOPS RETURN",
    "Withdrawn: the drug that failed",
    "REFILE-Bridge opened",
    "Отмена рейса Москва – Алматы",
    "Отмена: что изменится для пассажиров",
    "(Отмена рейсов) Пассажиры ждут в Достане",
    "ОТМЕНА РЕЙСА Москва – Алматы",
    "ОТМЕНА: ЧТО ИЗМЕНИТСЯ ДЛЯ ПАССАЖИРОВ",
    "Поправка в закон приета",
    "ПОПРАВКА В ЗАКОН ПРИЕТА",
    "Уточнение бюджета одобрено",
    "Исправлено 300 ошибок",
    "Анулиран мач",
    "Оттеглена жалба",
    "Корекция на пенсиите от юли",
    "Түзету енгізілген заң қабылданды",
    "Күші жойылған заңдар тізімі",
    "Tuzatish kiritilgan qonun kuchga kirdi",
    "Uchrashuv bekor qilindi",
    "撤销三名官员职务",
    "取消两趟航班",
]
REPORTED_LINES = [
    "The alert was sent in error, officials said.",
    "Please kill the engine before boarding.",
    "Kill the bill, protesters said.",
    "The report was withdrawn by the ministry.",
    "Сообщение о бомбе оказалось ложным, рейс отменили.",
    "Съобщението е публикувано по повод празника.",
    "Правителството анулира договора.",
]


@pytest.mark.parametrize("title", CORRECTED_TITLES)
def test_a_title_says_that_its_item_is_a_correction(title: str) -> None:
    assert notice(title, ["Mira Kestrel, Мира, 米拉."]) is Notice.CORRECTION


@pytest.mark.parametrize("line", CORRECTED_LINES)
def test_a_first_line_says_that_its_item_is_a_correction(line: str) -> None:
    assert notice("Dostan", [line, "The mayor came."]) is Notice.CORRECTION


@pytest.mark.parametrize("title", KILLED_TITLES)
def test_a_title_says_that_its_item_is_a_kill(title: str) -> None:
    assert notice(title, []) is Notice.KILL


@pytest.mark.parametrize("line", KILLED_LINES)
def test_a_first_line_says_that_its_item_is_a_kill(line: str) -> None:
    assert notice("Dostan", [line]) is Notice.KILL


@pytest.mark.parametrize("title", REPORTS)
def test_a_report_of_something_corrected_or_cancelled_is_no_notice(title: str) -> None:
    assert notice(title, ["The mayor came."]) is None


@pytest.mark.parametrize("line", REPORTED_LINES)
def test_a_sentence_of_a_report_is_no_notice(line: str) -> None:
    assert notice("Dostan", [line, "The mayor came."]) is None


def test_what_withdraws_an_item_and_brings_its_own_report_corrects_it() -> None:
    asked = "Editors: please disregard the earlier story; this version is right."
    report = ["The bridge over the river was opened by the mayor of the town on Monday. " * 4] * 4

    assert notice("Bridge opened", [asked]) is Notice.KILL
    assert notice("Bridge opened", [asked, *report]) is Notice.CORRECTION


def test_a_correction_may_be_told_at_the_end() -> None:
    lines = ["The mayor came.", "He spoke.", "They ate.", "This story has been corrected."]

    assert notice("Dostan", lines) is Notice.CORRECTION


def test_every_language_has_notices() -> None:
    for language in languages().values():
        for key in ("words", "correction", "correction_forms", "kill", "kill_forms", "developing"):
            assert getattr(language.notices, key), f"{language.code}: {key}"


@pytest.mark.parametrize(
    ("title", "without"),
    [
        ("CORRECTED-Bridge opened", "Bridge opened"),
        ("UPDATE 1-CORRECTED-Bridge opened", "Bridge opened"),
        ("CORRECTED (OFFICIAL)-Bridge opened", "Bridge opened"),
        ("CORRECTED-UPDATE 2-Bridge opened", "Bridge opened"),
        ('KILL: "Bridge opened"', "Bridge opened"),
        ("KILL KILL KILL Bridge opened", "Bridge opened"),
        ("Bridge opened (Corrects headline in para 1)", "Bridge opened"),
        ("[Correction] Bridge opened", "Bridge opened"),
        ("СРОЧНО: ПОПРАВКА: Мост открыт", "Мост открыт"),
        ("ВНИМАНИЕ! ПОПРАВКА! Мост открыт", "Мост открыт"),
        ("КОРЕКЦИЯ: „Мостът е отворен“", "Мостът е отворен"),
        ("ТҮЗЕТІЛДІ. Көпір ашылды", "Көпір ашылды"),
        ("【撤稿】大桥通车", "大桥通车"),
        ("BEKOR QILINDI: Koʻprik ochildi", "Koʻprik ochildi"),
        ("KILL", ""),
        ("Мост открыт - ИСПРАВЛЕНО", "Мост открыт"),
        ("АНУЛИРАНА НОВИНА: Мостът е отворен", "Мостът е отворен"),
        ("Отмена рейса Москва – Алматы", "Отмена рейса Москва – Алматы"),
        ("Correction in stock markets", "Correction in stock markets"),
        ("«Мост» открыт", "«Мост» открыт"),
    ],
)
def test_a_title_loses_its_mark(title: str, without: str) -> None:
    assert bare(title) == without


def test_a_note_on_what_was_corrected_is_no_part_of_the_report() -> None:
    note, report = "(Corrects toll to 12 from 14 in para 2)", "Twelve people were hurt."

    assert take_notes([note, report]) == ([report], [note])
    assert take_notes([note]) == ([note], [])


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("(Corrects toll in para 2) Twelve people were hurt.", "Twelve people were hurt."),
        (
            "DOSTAN, Nov 4 (Norvest) - (Corrects toll in para 2) Twelve were hurt.",
            "DOSTAN, Nov 4 (Norvest) - Twelve were hurt.",
        ),
        ("Corrects toll to 12 in para 2. Twelve people were hurt.", "Twelve people were hurt."),
        ("(Исправлена цифра во втором абзаце: 12 вместо 14) Ранены 12.", "Ранены 12."),
        ("Twelve people were hurt (Corrects toll).", "Twelve people were hurt (Corrects toll)."),
    ],
)
def test_of_a_line_the_note_alone_is_cut(line: str, left: str) -> None:
    assert take_notes([line, "The mayor came."])[0] == [left, "The mayor came."]


def test_a_text_has_its_notice_and_the_title_of_what_it_corrects() -> None:
    reader = Reader([Agency(id="norvest", name="Norvest")])
    item = Item(
        id="a",
        feed_id="f",
        agency_id="norvest",
        title="CORRECTED: Bridge opened in Dostan",
        text="(Corrects day in first paragraph)\n\nThe bridge was opened on Tuesday by the mayor.",
        seen_at=START_AT,
        reported_at=START_AT,
        language="en",
    )

    text = reader.read(item)

    assert text.notice is Notice.CORRECTION
    assert text.title == "Bridge opened in Dostan"
    assert text.body == "The bridge was opened on Tuesday by the mayor."
    assert "(Corrects day in first paragraph)" in text.removed
