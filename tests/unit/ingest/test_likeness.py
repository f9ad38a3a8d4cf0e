"""An edited title is likened to what it was in every script, and to no other report's."""

from __future__ import annotations

import pytest

from aggregator.ingest.likeness import likeness, words_of
from aggregator.model import Change
from tests.unit.ingest.identity_samples import Memory, changes, entry

EDITS = {
    "zh": ("铁路职工将获新制服", "国家铁路职工明年将获新制服"),
    "yue": ("港鐵下月加價", "港鐵宣布下月起加價百分之三"),
    "ja": ("首相が離島の診療所を訪問", "首相、離島の診療所を訪れる"),
    "ja, kana": ("サッカーワールドカップ開幕", "サッカー・ワールドカップが開幕"),
    "ko": ("정부, 농가 지원책 발표", "정부 농가 지원 대책 발표"),
    "th": ("นายกฯ พบชาวนาที่เชียงราย", "นายกรัฐมนตรีพบชาวนาที่เชียงราย"),
    "lo": ("ນາຍົກພົບລັດຖະມົນຕີຕ່າງປະເທດ", "ນາຍົກພົບລັດຖະມົນຕີຕ່າງປະເທດບັນກາຣີ"),
    "km": ("នាយករដ្ឋមន្ត្រីជួបរដ្ឋមន្ត្រីការបរទេស", "នាយករដ្ឋមន្ត្រីជួបរដ្ឋមន្ត្រីការបរទេសប៊ុលហ្គារី"),
    "my": (
        "ဝန်ကြီးချုပ် နိုင်ငံခြားရေးဝန်ကြီးနှင့် တွေ့ဆုံ",
        "ဝန်ကြီးချုပ် ဘူလ်ဂေးရီးယား နိုင်ငံခြားရေးဝန်ကြီးနှင့် တွေ့ဆုံ",
    ),
    "bo": ("སྲིད་བློན་གྱིས་ཕྱི་སྲིད་བློན་ཆེན་དང་མཇལ་འཕྲད་གནང་བ།", "སྲིད་བློན་གྱིས་བུལ་ག་རིའི་ཕྱི་སྲིད་བློན་ཆེན་དང་མཇལ་འཕྲད་གནང་བ།"),
    "hi": ("प्रधानमंत्री विदेश मंत्री से मिले", "प्रधानमंत्री बुल्गारिया के विदेश मंत्री से मिले"),
    "ta": ("பிரதமர் வெளியுறவு அமைச்சரை சந்தித்தார்", "பிரதமர் பல்கேரிய வெளியுறவு அமைச்சரை சந்தித்தார்"),
    "kk": ("Теміржолшыларға жаңа киім берілді", "Теміржолшыларға биыл жаңа киім берілді"),
}  # fmt: skip
OTHERS = {
    "zh": ("外交部发言人就渔业问题答记者问", "外交部举行新年招待会"),
    "ja": ("首相が離島の診療所を訪問", "首相が予算案を説明"),
    "ko": ("정부, 농가 지원책 발표", "정부, 새 대사 임명"),
    "th": ("รัฐมนตรีต่างประเทศเยือนโซเฟีย", "รัฐมนตรีคลังแถลงงบประมาณ"),
    "lo": ("ລັດຖະບານຊ່ວຍຊາວກະສິກອນ", "ຫໍພິພິທະພັນເປີດງານວາງສະແດງ"),
    "km": ("រដ្ឋាភិបាលជួយកសិករ", "សារមន្ទីរបើកពិព័រណ៍"),
    "my": ("အစိုးရက တောင်သူများကို ကူညီ", "ပြတိုက်တွင် ပြပွဲဖွင့်"),
    "hi": ("सरकार ने किसानों की मदद की", "संग्रहालय में प्रदर्शनी खुली"),
}


@pytest.mark.parametrize("titles", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("guid", [None, "n-7"], ids=["no guid", "a guid"])
def test_an_edited_title_at_one_link_is_a_revision(
    titles: tuple[str, str], guid: str | None
) -> None:
    memory = Memory()
    for title, change in zip(titles, (Change.NEW, Change.REVISED), strict=True):
        assert changes(memory.poll(entry(title, "", guid=guid))) == [change]
        assert memory.poll(entry(title, "", guid=guid)) == []


@pytest.mark.parametrize("titles", OTHERS.values(), ids=OTHERS)
def test_another_report_at_a_used_link_is_another_item(titles: tuple[str, str]) -> None:
    memory = Memory()
    for title in titles:
        assert changes(memory.poll(entry(title, "", guid=None))) == [Change.NEW]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Мостът на Дунав, 7 км", {"мостът", "дунав", "7"}),
        ("हिन्दी में", {"हिन्दी", "में"}),
        ("邮票", {"邮票"}),
        ("新邮票", {"新邮", "邮票"}),
        ("票", {"票"}),
        ("切手を買った", {"切手", "手を", "を買", "買っ"}),
        ("ไปรษณีย์", {"ไปรษ", "ปรษณ", "รษณี", "ษณีย", "ณีย์"}),
        ("и\u0306од йод", {"йод"}),
        ("新APP 上线", {"新", "app", "上线"}),
        ("…", set()),
    ],
)
def test_what_texts_are_likened_by(text: str, words: set[str]) -> None:
    assert words_of(text, "") == words


def test_likeness_is_of_the_shorter_text() -> None:
    one, other = frozenset("abcd"), frozenset("cdefgh")
    assert likeness(one, other) == likeness(other, one) == 0.5
    assert likeness(frozenset(), one) == 0.0
