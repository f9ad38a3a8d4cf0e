"""A label that letters deny is not believed, in texts of a sentence and of two words; one that they allow is."""

import pytest

from aggregator.match.text.language import language

# In letters that no text of the label's language has: short titles, of two to six words.
OF_ANOTHER_SCRIPT = [
    ("bg", "Кметът откри обновената гара"),
    ("bg", "Земеделците прибраха реколтата"),
    ("ru", "Жители посёлка вернулись домой"),
    ("ru", "Власти открыли переправу"),
    ("uk", "Лікарі переїхали до нової будівлі"),
    ("be", "Жыхары вёскі вярнуліся дадому"),
    ("mk", "Градоначалникот ја отвори обновената станица"),
    ("sr", "Градоначелник отворио обновљену станицу"),
    ("kk", "Әкім жаңа көпірді ашты"),
    ("ky", "Мэр жаңыланган көпүрөнү ачты"),
    ("tg", "Шаҳрдор пули навро ифтитоҳ кард"),
    ("tt", "Шәһәр башлыгы яңа күперне ачты"),
    ("mn", "Хотын дарга шинэ гүүрийг нээлээ"),
    ("uz", "Шаҳар ҳокими янги кўприкни очди"),
    ("el", "Ο δήμαρχος άνοιξε τη γέφυρα"),
    ("el", "Νέα γέφυρα"),
    ("zh", "市长为新桥剪彩"),
    ("zh", "大桥通车"),
    ("ja", "市長が新しい橋を開通させた"),
    ("ko", "시장이 새 다리를 개통했다"),
    ("ar", "افتتح رئيس البلدية الجسر الجديد"),
    ("fa", "شهردار پل تازه را گشود و از کارگران سپاسگزاری کرد"),
    ("he", "ראש העיר פתח את הגשר החדש"),
    ("ka", "მერმა ახალი ხიდი გახსნა"),
    ("hy", "Քաղաքապետը բացեց նոր կամուրջը"),
    ("th", "นายกเทศมนตรีเปิดสะพานใหม่"),
    ("hi", "महापौर ने नए पुल का उद्घाटन किया"),
]


@pytest.mark.parametrize("declared", ["en", "en-US", "de_DE", "tr", "vi"])
@pytest.mark.parametrize(("spoken", "text"), OF_ANOTHER_SCRIPT)
def test_letters_deny_a_label_of_latin_letters(spoken: str, text: str, declared: str) -> None:
    assert language(declared, text) == spoken


@pytest.mark.parametrize("declared", ["ru", "bg-BG", "el", "zh-CN", "ar", "ja", "ka"])
@pytest.mark.parametrize(
    ("spoken", "text"),
    [
        ("en", "The mayor opened the new bridge"),
        ("de", "Der Bürgermeister hat die neue Brücke eröffnet"),
        ("fr", "Le maire a inauguré le nouveau pont"),
        ("tr", "Belediye başkanı yeni köprüyü açtı"),
        ("pl", "Burmistrz otworzył nowy most"),
        ("ro", "Primarul a deschis podul nou în oraș"),
        ("hu", "A polgármester megnyitotta az új hidat"),
        ("uz", "Shahar hokimi yangi koʻprikni ochdi"),
    ],
)
def test_letters_deny_a_label_of_other_letters(spoken: str, text: str, declared: str) -> None:
    assert language(declared, text) == spoken


@pytest.mark.parametrize("declared", ["sr", "bs", "cnr", "uz", "az", "kk", "mn"])
@pytest.mark.parametrize(("spoken", "text"), OF_ANOTHER_SCRIPT[14:])
def test_a_language_of_two_scripts_is_not_written_in_a_third(
    spoken: str, text: str, declared: str
) -> None:
    assert language(declared, text) == spoken


@pytest.mark.parametrize("declared", ["en", "de", "tr"])
@pytest.mark.parametrize("text", ["Погода", "Спорт", "طقس", "USA – Росія 3:2"])
def test_where_a_denied_label_leaves_too_little_the_language_is_unknown(
    declared: str, text: str
) -> None:
    assert language(declared, text) == "und"


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("bg", "НАТО: IMF и EU"),
        ("en", "The daily Труд writes of the bridge"),
        ("en", "The mayor of São Tomé met José María Núñez and Žarko Šćepanović"),
        ("en", "Santiago Peña, Iñaki Muñoz, Begoña Ibáñez"),
        ("ru", "Apple и Google подписали договор"),
        ("kk", "Google Astana Hub-пен келісімге қол қойды"),
        ("kk-Latn", "Qala ákimi jańa kópirdi ashty"),
        ("kk", "Qala äkimi jaña köpirdi aşty"),
        ("uz-Cyrl", "Янги кўприк очилди"),
        ("uz", "Yangi koʻprik ochildi"),
        ("sr-Latn", "Gradonačelnik je otvorio novi most u Nišu"),
        ("sr", "Градоначелник је отворио нови мост у Нишу"),
        ("az", "Bələdiyyə sədri yeni körpünü açdı"),
        ("zh-Hant", "市長為新橋剪綵"),
        ("zh", "日本の与中国的大桥今日通车,市长出席了仪式"),
        ("ja", "新橋開通"),
        ("ko", "北 새 다리 개통"),
        ("ug", "شەھەر باشلىقى يېڭى كۆۋرۈكنى ئاچتى"),
    ],
)
def test_a_label_that_letters_allow_is_believed(declared: str, text: str) -> None:
    assert language(declared, text) == declared.partition("-")[0]


@pytest.mark.parametrize(
    ("declared", "spoken", "text"),
    [
        ("bg", "ru", "Жители посёлка вернулись домой, где уже были вода и свет"),
        ("bg", "uk", "Мешканці селища повернулися додому, де вже були вода і світло"),
        ("ru", "uk", "Мешканці селища повернулися додому, де вже були вода і світло"),
        ("ru", "kk", "Ауыл тұрғындары үйлеріне оралды, онда су мен жарық бар"),
        ("ru", "sr", "Људи су се вратили у своје куће, јер је вода већ била на путу"),
        ("kk", "ru", "Жители посёлка вернулись домой, где были вода и свет"),
        ("uz", "ru", "Жители посёлка вернулись домой, где уже были вода и свет"),
        ("en", "de", "Die Bewohner kehrten über die geöffnete Brücke nach Hause zurück, für die sie gekämpft hatten"),
        ("en", "pl", "Mieszkańcy wrócili do domów, w których już była woda i światło"),
        ("en", "tr", "Köylüler suyun ve ışığın yeniden geldiği evlerine döndü"),
        ("zh", "ja", "村人たちは水と電気が戻った家に帰った"),
        ("ru", "bg", "Жителите на селото се върнаха по домовете си, където вече имаше вода и ток, каза кметицата пред журналисти."),
        ("bg", "ru", "Жители села вернулись в дома, где уже дали воду и свет, сообщила глава района на встрече с журналистами."),
    ],
)  # fmt: skip
def test_one_item_of_another_language_is_told_from_a_sentence(
    declared: str, spoken: str, text: str
) -> None:
    assert language(declared, text) == spoken


@pytest.mark.parametrize(
    ("declared", "text", "code"),
    [
        ("bul", "Кметът", "bg"),
        ("kaz", "Көпір ашылды", "kk"),
        ("rus-RU", "Мост", "ru"),
        ("iw", "הגשר נפתח", "he"),
        ("English", "Кметът откри обновената гара", "bg"),
        ("cn", "市长为新桥剪彩", "zh"),
        ("ua", "Лікарі переїхали до нової будівлі", "uk"),
        ("x-default", "The mayor opened the new bridge", "en"),
    ],
)
def test_a_declaration_is_a_code_or_nothing(declared: str, text: str, code: str) -> None:
    assert language(declared, text) == code
