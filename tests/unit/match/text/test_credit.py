"""Whom a text credits, in which words, and whether with the report or in passing, in six languages."""

from datetime import UTC, datetime

import pytest

from aggregator.match.text.reader import Reader
from aggregator.model import Agency, Credit, Item, Text

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
AGENCIES = (
    Agency(
        id="bta",
        name="BTA",
        aliases=(
            "БТА",
            "Bulgarian News Agency",
            "Българска телеграфна агенция",
            "Болгарское телеграфное агентство",
            "保通社",
        ),
    ),
    Agency(
        id="kazinform",
        name="Kazinform",
        aliases=("Казинформ", "МИА «Казинформ»", "ҚазАқпарат", "哈通社"),
    ),
    Agency(id="uza", name="UzA", aliases=("УзА", "ЎзА")),
    Agency(id="kabar", name="Kabar", aliases=("Кабар",)),
    Agency(id="norvest", name="Norvest", aliases=("Норвест",)),
)
READER = Reader(AGENCIES)


def read(text: str, language: str, *, title: str = "Bridge", own: str = "norvest") -> Text:
    return READER.read(
        Item(
            id="i", feed_id="f", agency_id=own, title=title, text=text, language=language,
            seen_at=NOW, reported_at=NOW,
        )
    )  # fmt: skip


def told(credits_: tuple[Credit, ...]) -> set[str]:
    """Each agency, with `+` for an agreement line and `~` for background."""
    return {f"{one.agency_id}{'+' * one.agreement}{'~' * one.background}" for one in credits_}


CREDITED = [
    ("en", "The bridge is open, BTA reported.", "bta"),
    ("en", "The bridge is open, BTA reports.", "bta"),
    ("en", "The bridge is open, according to BTA.", "bta"),
    ("en", "The bridge is open, according to the Bulgarian News Agency (BTA).", "bta"),
    ("en", "The bridge is open, Kazinform reported, citing BTA.", "kazinform bta"),
    ("en", "The bridge is open, the mayor told BTA.", "bta"),
    ("en", "The bridge is open, he said in an interview with BTA.", "bta"),
    ("en", "The bridge is open, Kazinform News Agency reports.", "kazinform"),
    ("en", "The bridge is open, the Kazakh news agency Kazinform said on Monday.", "kazinform"),
    ("en", "The bridge is open, as reported by Kazinform.", "kazinform"),
    ("en", "The bridge is open, reported Kazinform.", "kazinform"),
    ("en", "The bridge is open, a BTA correspondent in Velmora reported.", "bta"),
    ("en", "The bridge is open, the mayor told a BTA correspondent.", "bta"),
    ("en", "The bridge is open, “Kazinform” reports.", "kazinform"),
    ("en", "The bridge is open, the mayor said in an interview for BTA on Monday.", "bta"),
    ("en", "The bridge is open, BTA and Kazinform reported.", "bta kazinform"),
    ("en", "The bridge is open, he was quoted by BTA as saying.", "bta"),
    ("en", "The bridge is open, Kazinform reports with reference to BTA.", "kazinform bta"),
    ("en", "According to BTA, the bridge is open.", "bta"),
    ("en", "BTA reported that the bridge is open.", "bta"),
    ("en", "As BTA reported earlier, the bridge is open.", "bta"),
    ("en", "BTA reported earlier on Monday that the bridge is open.", "bta"),
    ("en", "The bridge is open.\nSource: BTA", "bta"),
    ("en", "The bridge is open.\n(BTA)", "bta"),
    ("en", "The bridge is open. /BTA/", "bta"),
    ("en", "The bridge is open.\nBTA", "bta"),
    ("en", "VELMORA, Nov 4 (Kazinform) – The bridge is open.", "kazinform"),
    ("en", "VELMORA, Nov 4 (Kazinform – BTA) – The bridge is open.", "kazinform bta"),
    (
        "en",
        "The bridge is open.\n(This item is distributed by agreement between BTA and Kazinform)",
        "bta+ kazinform+",
    ),
    ("en", "The correspondent of BTA in Velmora reported that the bridge is open.", "bta"),
    ("en", "“The bridge is open,” Mayor Hale told BTA on Monday.", "bta"),
    ("en", "Norvest reports with reference to Kazinform that the bridge is open.", "kazinform"),
    ("en", "Speaking to BTA, the mayor said the bridge is open.", "bta"),
    ("bg", "Мостът е отворен, съобщи БТА.", "bta"),
    ("bg", "Мостът е отворен, съобщи словенската агенция Кабар.", "kabar"),
    ("bg", "Мостът е отворен, съобщи Казинформ, като се позова на БТА.", "kazinform bta"),
    ("bg", "Мостът е отворен, предава „Казинформ“.", "kazinform"),
    ("bg", "Мостът е отворен, предава агенция „Казинформ“, цитирана от БТА.", "kazinform bta"),
    ("bg", "Мостът е отворен, каза пред БТА кметът.", "bta"),
    ("bg", "Мостът е отворен, каза за БТА Иван Петров.", "bta"),
    ("bg", "В интервю за БТА кметът каза, че мостът е отворен.", "bta"),
    ("bg", "По данни на Казинформ мостът е отворен.", "kazinform"),
    ("bg", "Според БТА мостът е отворен.", "bta"),
    ("bg", "Мостът е отворен, съобщи от Велмора кореспондентът на БТА Иван Петров.", "bta"),
    ("bg", "Както съобщи БТА, мостът е отворен.", "bta"),
    ("bg", "БТА съобщи, че мостът е отворен.", "bta"),
    ("bg", "Днес по-рано БТА съобщи, че мостът е отворен.", "bta"),
    ("bg", "Мостът е отворен.\nИзточник: Казинформ", "kazinform"),
    ("bg", "Мостът е отворен. /БТА/", "bta"),
    (
        "bg",
        "Мостът е отворен.\nТази информация се разпространява по споразумение между БТА и Казинформ.",
        "bta+ kazinform+",
    ),
    ("bg", "Велмора, 5 ноември (Казинформ – БТА) Мостът е отворен.", "kazinform bta"),
    ("bg", "Българската телеграфна агенция съобщи, че мостът е отворен.", "bta"),
    ("bg", "Мостът е отворен, предаде кореспондент на БТА.", "bta"),
    ("bg", "Мостът е отворен, съобщиха БТА и Казинформ.", "bta kazinform"),
    ("bg", "Мостът, съобщава БТА, е отворен.", "bta"),
    ("ru", "Мост открыт, передает БТА.", "bta"),
    ("ru", "Мост открыт, сообщает МИА «Казинформ» со ссылкой на БТА.", "kazinform bta"),
    (
        "ru",
        "Мост открыт, сообщает со ссылкой на пресс-службу акимата Мангистауской области корреспондент агентства «Казинформ».",
        "kazinform",
    ),
    ("ru", "Мост открыт, передаёт Казинформ со ссылкой на БТА.", "kazinform bta"),
    ("ru", "Как сообщили Казинформу в акимате, мост открыт.", "kazinform"),
    ("ru", "Мэр рассказал в интервью Казинформу, что мост открыт.", "kazinform"),
    ("ru", "По данным Казинформа, мост открыт.", "kazinform"),
    ("ru", "Мост открыт. Об этом сообщает Казинформ.", "kazinform"),
    ("ru", "Мост открыт, сообщили Казинформу в акимате.", "kazinform"),
    ("ru", "Мост открыт, сообщил корреспонденту Казинформа мэр Хейл.", "kazinform"),
    ("ru", "Мост открыт, сообщает агентство «Кабар».", "kabar"),
    ("ru", "Мост открыт, сообщило Болгарское телеграфное агентство.", "bta"),
    ("ru", "Мост открыт, передает корреспондент МИА «Казинформ».", "kazinform"),
    ("ru", "Мост открыт, пишет Казинформ.", "kazinform"),
    ("ru", "Мост открыт.\nИсточник: Казинформ", "kazinform"),
    ("ru", "Мост открыт. /Кабар/", "kabar"),
    ("ru", "Казинформ сообщает, что мост открыт.", "kazinform"),
    ("ru", "Ранее сегодня Казинформ сообщил, что мост открыт.", "kazinform"),
    ("ru", "ВЕЛЬМОРА. 5 ноября. КАЗИНФОРМ – Мост открыт.", "kazinform"),
    ("ru", "Мост открыт, сообщил БТА Иван Петров.", "bta"),
    ("ru", "Со ссылкой на Болгарского телеграфного агентства сообщается, что мост открыт.", "bta"),
    ("ru", "Распространяется по соглашению между БТА и Казинформом.", "bta+ kazinform+"),
    ("kk", "Көпір ашылды, деп хабарлайды ҚазАқпарат.", "kazinform"),
    ("kk", "ҚазАқпарат хабарлағандай, көпір ашылды.", "kazinform"),
    (
        "kk",
        "Көпір ашылды, деп хабарлайды ҚазАқпарат БТА агенттігіне сілтеме жасап.",
        "kazinform bta",
    ),
    ("kk", "Көпір ашылды, деп хабарлайды ҚазАқпарат тілшісі.", "kazinform"),
    (
        "kk",
        "Көпір ашылды, деп хабарлайды ҚазАқпарат ведомствоның баспасөз қызметіне сілтеме жасап.",
        "kazinform",
    ),
    ("kk", "БТА-ға сілтеме жасай отырып, көпір ашылды деп хабарланды.", "bta"),
    ("kk", "ҚазАқпараттың хабарлауынша, көпір ашылды.", "kazinform"),
    ("kk", "ҚазАқпаратқа берген сұхбатында әкім көпірдің ашылғанын айтты.", "kazinform"),
    ("kk", "Бұл туралы ҚазАқпарат хабарлайды.", "kazinform"),
    ("kk", "Көпір ашылды.\nДереккөз: ҚазАқпарат", "kazinform"),
    ("kk", "Көпір ашылды. /БТА/", "bta"),
    ("kk", "БТА мәліметінше, көпір ашылды.", "bta"),
    ("kk", "Ақпарат БТА мен ҚазАқпарат арасындағы келісім бойынша таратылады.", "bta+ kazinform+"),
    ("uz", "Koʻprik ochildi, deb xabar beradi UzA.", "uza"),
    ("uz", "UzA xabariga koʻra, koʻprik ochildi.", "uza"),
    ("uz", "Koʻprik ochildi. Bu haqda Kazinform xabar berdi.", "kazinform"),
    ("uz", "Кўприк очилди, деб хабар беради ЎзА.", "uza"),
    (
        "uz",
        "Koʻprik ochildi, deb xabar bermoqda Kazinform BTA agentligiga tayanib.",
        "kazinform bta",
    ),
    ("uz", "Hokim UzA muxbiriga aytdi: koʻprik ochildi.", "uza"),
    ("uz", "Koʻprik ochildi.\nManba: UzA", "uza"),
    ("uz", "Kazinformga bergan intervyusida hokim koʻprik ochilganini aytdi.", "kazinform"),
    ("uz", "Xabar UzA va Kazinform oʻrtasidagi kelishuv asosida tarqatiladi.", "uza+ kazinform+"),
    ("zh", "据保通社报道,大桥已通车。", "bta"),
    ("zh", "哈通社11月4日报道,大桥已通车。", "kazinform"),
    ("zh", "哈通社援引保通社报道,大桥已通车。", "kazinform bta"),
    ("zh", "市长对哈通社记者表示,大桥已通车。", "kazinform"),
    ("zh", "大桥已通车。\n来源:保通社", "bta"),
    ("zh", "大桥已通车。\n(本稿根据保通社与哈通社协议发布)", "bta+ kazinform+"),
    ("zh", "大桥已通车。(保通社)", "bta"),
    ("en", "Exports grew more than last year, BTA reported.", "bta"),
    ("en", "The deal, reports Kazinform, was signed on Monday.", "kazinform"),
    ("en", "The bridge is open, Kazinform’s correspondent reports.", "kazinform"),
    ("en", "The bridge is open, BTA's correspondent in Velmora reported.", "bta"),
    ("en", "Reuters, citing BTA, said the bridge is open.", "bta"),
    ("en", "Citing BTA, Reuters reported that the bridge is open.", "bta"),
    ("en", "The bridge is open, Bulgaria's BTA news agency reported.", "bta"),
    ("en", "The bridge is open, the state-run BTA reported.", "bta"),
    ("en", "In comments to BTA, the mayor said the bridge is open.", "bta"),
    ("en", "Hale said this in an exclusive interview with Kazinform.", "kazinform"),
    ("en", "The bridge is open, a spokesman told Kazinform by phone.", "kazinform"),
    ("en", "Kazinform has learned that the bridge is open.", "kazinform"),
    ("en", "The bridge is open, Kazinform learned from the ministry.", "kazinform"),
    ("en", "This was reported by Kazinform.", "kazinform"),
    ("en", "According to Kazinform News Agency, the bridge is open.", "kazinform"),
    ("en", "As Kazinform reports, the bridge is open.", "kazinform"),
    ("en", "Kazinform News Agency reports citing the akimat.", "kazinform"),
    ("en", "(Kazinform) The bridge is open.", "kazinform"),
    ("bg", "Казинформ: мостът е отворен, според БТА.", "bta"),
    ("bg", "Мостът е отворен, съобщи казахската информационна агенция „Казинформ“.", "kazinform"),
    ("bg", "Мостът е отворен, пише Казинформ.", "kazinform"),
    ("bg", "Мостът е отворен, информира БТА.", "bta"),
    ("bg", "Мостът е отворен, предава кореспондентът на БТА.", "bta"),
    ("bg", "„Мостът е отворен“, заяви кметът пред БТА.", "bta"),
    ("bg", "Кметът каза пред репортер на БТА, че мостът е отворен.", "bta"),
    ("bg", "Мостът е отворен, съобщиха за БТА от общината.", "bta"),
    ("bg", "Мостът е отворен, съобщи от Астана БТА.", "bta"),
    ("bg", "Мостът е отворен, съобщи пред БТА кметът Асен Вълчев.", "bta"),
    ("ru", "Мост открыт, сообщает собственный корреспондент агентства «Казинформ».", "kazinform"),
    ("ru", "Об этом корреспонденту агентства «Казинформ» сообщили в акимате.", "kazinform"),
    ("ru", "Как передает корреспондент Казинформ, мост открыт.", "kazinform"),
    ("ru", "Мост открыт, сообщил в интервью агентству «Казинформ» мэр.", "kazinform"),
    ("ru", "Мост открыт, передает агентство Кабар со ссылкой на пресс-службу.", "kabar"),
    ("ru", "Как рассказал Казинформу мэр, мост открыт.", "kazinform"),
    ("ru", "Мост открыт, заявил агентству «Казинформ» мэр Хейл.", "kazinform"),
    ("ru", "Мост открыт, – сообщает Казинформ.", "kazinform"),
    ("ru", "Мост открыт (Казинформ).", "kazinform"),
    ("kk", "Көпір ашылды, – деп хабарлайды Казинформ ХАА тілшісі.", "kazinform"),
    ("kk", "ҚазАқпарат тілшісінің хабарлауынша, көпір ашылды.", "kazinform"),
    ("kk", "Көпір ашылды, деп жазады БТА агенттігі.", "bta"),
    ("kk", "Көпір ашылды, деді әкім ҚазАқпарат тілшісіне.", "kazinform"),
    ("kk", "БТА агенттігінің мәліметі бойынша, көпір ашылды.", "bta"),
    ("uz", "Kazinform agentligi xabariga koʻra, koʻprik ochildi.", "kazinform"),
    ("uz", "Koʻprik ochildi, deya xabar bermoqda Kazinform agentligi.", "kazinform"),
    ("uz", "Koʻprik ochildi, dedi hokim UzA muxbiriga.", "uza"),
    ("zh", "哈通社阿斯塔纳11月4日电 大桥已通车。", "kazinform"),
    ("zh", "哈通社讯 大桥已通车。", "kazinform"),
    ("zh", "据哈通社消息,大桥已通车。", "kazinform"),
    ("zh", "市长接受保通社采访时表示,大桥已通车。", "bta"),
    ("zh", "(哈通社)大桥已通车。", "kazinform"),
]
BACKGROUND = [
    ("bg", "По-рано тази година БТА съобщи, че мостът е затворен.\nСега е отворен.", "bta~"),
    ("en", "The bridge is open.\nLast year BTA wrote that the bridge would cost more.", "bta~"),
    (
        "en",
        "The bridge is open.\nKazinform reported in March that it would cost more.",
        "kazinform~",
    ),
    ("en", "The bridge is open.\nAs BTA reported earlier, it cost more.", "bta~"),
    (
        "en",
        "The bridge is open, BTA reported.\nLast year BTA wrote that it would cost more.",
        "bta bta~",
    ),
    ("en", "The bridge is open.\nEarlier this month BTA reported a delay.", "bta~"),
    ("bg", "Мостът е отворен.\nНапомняме, че по-рано БТА съобщи за забавяне.", "bta~"),
    (
        "bg",
        "Мостът е отворен.\nМиналата година Казинформ писа, че той ще струва повече.",
        "kazinform~",
    ),
    ("bg", "Мостът е отворен.\nПо-рано БТА съобщи, че той ще струва повече.", "bta~"),
    ("ru", "Мост открыт.\nРанее Казинформ сообщал, что он подорожает.", "kazinform~"),
    (
        "ru",
        "Мост открыт.\nНапомним, в прошлом году Казинформ сообщал, что он подорожает.",
        "kazinform~",
    ),
    ("ru", "Мост открыт.\nВ марте Казинформ писал, что он подорожает.", "kazinform~"),
    (
        "kk",
        "Көпір ашылды.\nЕске салсақ, бұған дейін ҚазАқпарат оның қымбаттағанын хабарлаған.",
        "kazinform~",
    ),
    ("kk", "Көпір ашылды.\nБылтыр ҚазАқпарат хабарлағандай, ол қымбаттаған.", "kazinform~"),
    ("kk", "Көпір ашылды.\nБұған дейін ҚазАқпарат хабарлағандай, ол қымбаттаған.", "kazinform~"),
    (
        "uz",
        "Koʻprik ochildi.\nEslatib oʻtamiz, avvalroq UzA xabar berganidek, u qimmatlashgan.",
        "uza~",
    ),
    ("uz", "Koʻprik ochildi.\nOʻtgan yili UzA xabar berganidek, u qimmatlashgan.", "uza~"),
    ("zh", "大桥已通车。\n此前保通社曾报道,大桥造价上涨。", "bta~"),
    ("zh", "大桥已通车。\n去年哈通社报道,大桥造价上涨。", "kazinform~"),
]


@pytest.mark.parametrize(("language", "text", "credited"), CREDITED)
def test_whom_a_text_names_as_its_source_is_credited(
    language: str, text: str, credited: str
) -> None:
    assert told(read(text, language).credits) == set(credited.split())


@pytest.mark.parametrize(("language", "text", "credited"), BACKGROUND)
def test_what_was_reported_at_another_time_is_background(
    language: str, text: str, credited: str
) -> None:
    assert told(read(text, language).credits) == set(credited.split())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "BTA Director General Kiril Valchev said the network would grow."),
        ("en", "The head of Kazinform said the bridge was open."),
        ("en", "Kazinform signed an agreement with BTA."),
        ("en", "The road leads past the Kazinform building, the mayor said."),
        ("en", "The mayor announced an interview with BTA."),
        ("en", "According to BTA Director General Kiril Valchev, the fair was a success."),
        ("en", "Photo: BTA"),
        ("en", "The bridge is open, the BTA building is not, Hale said."),
        (
            "en",
            "Under an agreement between BTA and Kazinform, the two agencies will exchange news.",
        ),
        ("en", "A BTA correspondent was detained, police said."),
        ("en", "Police said a Kazinform reporter was injured."),
        ("en", "The Bulgarian News Agency (BTA) opened a bureau in Velmora, the mayor said."),
        ("en", "The minister congratulated BTA on its anniversary."),
        ("bg", "Мрежата ще расте, каза генералният директор на БТА Кирил Вълчев."),
        ("bg", "БТА откри бюро край моста."),
        ("bg", "Полицията съобщи за ареста на кореспондента на БТА."),
        ("bg", "Кметът съобщи, че сградата на Казинформ е ремонтирана."),
        ("bg", "Казинформ и БТА подписаха споразумение, каза директорът."),
        ("bg", "Според генералния директор на БТА Кирил Вълчев мостът е важен."),
        ("bg", "Снимка: БТА"),
        ("bg", "Директорът на БТА съобщи, че мостът е отворен."),
        ("ru", "Глава Казинформа сообщил, что мост открыт."),
        ("ru", "Генеральный директор БТА Кирил Вылчев заявил, что мост открыт."),
        ("ru", "Мост открыт, сообщил глава БТА."),
        ("ru", "Казинформ и БТА подписали соглашение, сообщила пресс-служба."),
        ("ru", "Полиция сообщает о задержании корреспондента агентства Кабар."),
        ("ru", "Фото: Казинформ"),
        ("ru", "Мост открыт, сообщает БТА Банк."),
        ("kk", "ҚазАқпарат агенттігінің бас директоры көпірдің ашылғанын айтты."),
        ("kk", "ҚазАқпарат пен БТА келісімге қол қойды."),
        ("kk", "Көпір ашылды, деп хабарлады әкім."),
        ("kk", "Сурет: ҚазАқпарат"),
        ("kk", "Көпір ашылды, деп хабарлайды ҚазАқпарат агенттігінің директоры."),
        ("uz", "Kazinform va UzA kelishuv imzoladi."),
        ("uz", "Koʻprik ochildi, deb xabar berdi hokim."),
        ("zh", "保通社社长表示,大桥已经通车。"),
        ("zh", "市长参观了哈通社大楼。"),
        ("en", "The minister told BTA to stop the strike."),
        ("en", "Police said a Kazinform reporter was hurt, officials told Reuters."),
        ("en", "The bridge, which BTA said was closed, is open."),
        ("en", "Kazinform's director general told the forum that the bridge is open."),
        ("en", "Kazinform said it would cut 200 jobs."),
        ("en", "Kazinform reported a profit of 5 mln."),
        ("en", "The news agency BTA was founded in 1898."),
        ("bg", "Мостът е отворен, съобщиха от БТА."),
        ("bg", "Председателят награди БТА, съобщи пресслужбата."),
        ("bg", "Изложбата е в сградата на БТА, съобщиха организаторите."),
        ("bg", "Мостът е отворен, предаде Ройтерс."),
        ("bg", "Мостът е отворен, предадоха световните агенции."),
        ("bg", "Генералният директор на БТА Кирил Вълчев съобщи, че мостът е отворен."),
        ("ru", "Генеральный директор агентства «Казинформ» сообщил, что мост открыт."),
        ("ru", "В Казинформе открыли музей, сообщает пресс-служба."),
        ("ru", "Мост открыт, пишут СМИ."),
        ("ru", "Мост открыт, сообщает РИА Новости."),
        ("ru", "Сотрудники БТА получили награды, сообщает пресс-служба министерства."),
        ("kk", "Әкім БТА агенттігінің кеңсесін аралап көрді, деп хабарлады баспасөз қызметі."),
        ("uz", "UzA bosh direktori koʻprik ochilganini aytdi."),
        ("zh", "哈通社与保通社签署合作协议。"),
    ],
)
def test_whom_a_text_tells_about_is_not_credited(language: str, text: str) -> None:
    assert read(text, language).credits == ()


@pytest.mark.parametrize(
    "title",
    ["BTA: Bridge opened", "Bridge opened – BTA", "Bridge opened (BTA)", "Bridge opened | BTA"],
)
def test_a_title_names_its_source_at_its_ends(title: str) -> None:
    (credit,) = read("It was closed.", "en", title=title).credits
    assert (credit.agency_id, credit.phrase) == ("bta", title)


@pytest.mark.parametrize("title", ["BTA opens a bureau", "Velmora: BTA opens a bureau", "BTA"])
def test_within_a_title_a_name_is_no_credit(title: str) -> None:
    assert read("It was closed.", "en", title=title).credits == ()


@pytest.mark.parametrize(("language", "text", "credited"), [*CREDITED, *BACKGROUND])
def test_a_phrase_is_a_piece_of_a_line(language: str, text: str, credited: str) -> None:
    for credit in read(text, language).credits:
        assert any(credit.phrase in line for line in text.split("\n"))
        assert credit.phrase == credit.phrase.strip(" ,")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        (
            "The bridge is open, Kazinform reports, citing BTA. It was closed.",
            "The bridge is open, Kazinform reports, citing BTA.",
        ),
        (
            "VELMORA, Nov 4 (Kazinform – BTA) – The bridge is open.",
            "VELMORA, Nov 4 (Kazinform – BTA)",
        ),
        ("The bridge is open. /BTA/", "/BTA/"),
        ("The bridge is open.\nSource: BTA", "Source: BTA"),
        (f"The bridge, {'long closed, ' * 20}is open, Kazinform reports.", "Kazinform reports."),
        (
            f"As Kazinform reported, the bridge, {'long closed, ' * 20}is open.",
            "As Kazinform reported",
        ),
    ],
)
def test_a_phrase_is_whole(text: str, phrase: str) -> None:
    assert read(text, "en").credits[0].phrase == phrase


@pytest.mark.parametrize(
    "text",
    [
        "VELMORA, Nov 4 (Norvest) – The bridge is open, Norvest reports.",
        "The bridge is open.\n(Norvest)",
        "The bridge is open, the mayor told Norvest.",
    ],
)
def test_its_own_name_is_no_credit(text: str) -> None:
    assert read(text, "en").credits == ()
    assert told(read(text, "en", own="bta").credits) == {"norvest"}


def test_beside_its_own_name_another_is_credited() -> None:
    text = "Мост открыт, передаёт Норвест со ссылкой на БТА."
    assert told(read(text, "ru").credits) == {"bta"}


def test_a_cut_summary_credits_whom_it_names() -> None:
    assert told(read("The bridge is open, Kazinform reports. It was …", "en").credits) == {
        "kazinform"
    }


def test_agreement_comes_first_and_background_last() -> None:
    found = read(
        "The bridge is open, BTA reported.\nLast year BTA wrote that it would cost more.\n"
        "(This item is distributed by agreement between BTA and Norvest)",
        "en",
    ).credits
    assert [(one.agreement, one.background) for one in found] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip
