"""Names as consonant skeletons: the consonants of a word, the same in whichever alphabet it is written.

Кошербаев, Kosherbayev, Қошербаев all become KSRBF: letters fold to a few classes of sound, vowels go,
doubles fold. An initial vowel leaves the mark A. Chinese writes foreign names with a set of some three
hundred syllable characters (卡萨诺瓦 ~ Casanova, 津克 ~ Zinke): their skeleton, folded further
(`coarse`), meets the coarse skeletons of the other alphabets' names.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from aggregator.languages import SOUND_CLASSES, languages

LONGEST = 12  # classes kept of a word

_CYRILLIC = {
    "B": "бԓ", "P": "п", "F": "вфѳ", "K": "гґғкққҝхһҳѓќ", "S": "зсжшщчцџѕћђҷҗ", "D": "д", "T": "т", "L": "лљ",
    "M": "м", "N": "нңњ", "R": "р",
    "A": "аеёиоуыэюяіїєәөұүйјўӯӣ",
}  # fmt: skip
_LATIN = {
    "B": "b", "P": "p", "F": "fvw", "K": "kgqh", "S": "szj", "D": "d", "T": "t", "L": "l", "M": "m", "N": "n",
    "R": "r", "A": "aeiouyəıøæœ",
}  # fmt: skip
_FOLD = str.maketrans(
    {
        letter: sound
        for table in (_CYRILLIC, _LATIN)
        for sound, letters in table.items()
        for letter in letters
    }
)
_ACCENTED = str.maketrans({"й": "A", "ё": "A", "ї": "A", "ў": "A", "ң": "N", "č": "S", "ć": "S", "ç": "S", "ş": "S", "ș": "S", "š": "S", "ž": "S", "ż": "S", "ź": "S", "ś": "S", "ğ": "A", "ł": "L", "ð": "D", "đ": "D", "þ": "T", "ß": "S", "ţ": "S", "ț": "S", "ř": "R", "ќ": "K", "ѓ": "K"})  # fmt: skip

_CYRILLIC_PAIRS = (("дж", "S"), ("дз", "S"), ("тч", "S"), ("тс", "S"), ("тц", "S"))
_HISSED = re.compile(r"tsch|tch|sch|shch|sh|zh|ch|ts|tz|cz|dzh|dz|dj")
_LATIN_PAIRS = (("ph", "F"), ("th", "T"), ("ck", "K"), ("kh", "K"), ("gh", "K"), ("qu", "K"))
_SOFT_C = (
    ("ce", "Se"),
    ("ci", "Si"),
    ("cy", "Sy"),
    ("cé", "Sé"),
    ("cè", "Sè"),
    ("cí", "Sí"),
    ("cî", "Sî"),
)
_SILENT_H = re.compile(r"(?<=[a-zA-Z])h(?![aeiouy])|(?<=[bcdfgjklmnpqrstvwxzSFTK])h")
# Of languages that have no file of their own: case endings of Kyrgyz; j and w have one sound in Turkish
# and Azerbaijani.
_OTHER_CASE_ENDINGS = {"ky": "(?:[ндт][ыиуү]н|[гк][ае]|[ндт][ыиуү]|[дт][ае]н?)"}
_OTHER_PHONETIC_SPELLINGS = frozenset({"tr", "az"})
_CASE_ENDINGS = {
    code: re.compile(rf"(?<=\w{{3}}){endings}$")
    for code, endings in {
        **_OTHER_CASE_ENDINGS,
        **{one.code: one.case_endings for one in languages().values() if one.case_endings},
    }.items()
}
_PHONETIC_SPELLINGS = _OTHER_PHONETIC_SPELLINGS.union(
    one.code for one in languages().values() if one.phonetic_spelling
)
_OWN_SOUNDS = {one.code: dict(one.sounds) for one in languages().values() if one.sounds}
_OWN_LETTERS = {  # what has a sound of its own in a language, the longest letters first
    code: re.compile("|".join(sorted(map(re.escape, sounds), key=len, reverse=True)))
    for code, sounds in _OWN_SOUNDS.items()
}
_APOSTROPHES = re.compile(r"['’‘ʻʼ`ъь]")
_BEFORE_ITSELF = re.compile(r"(.)(?=\1)")


class _Sounds(dict[int, str]):
    """The class of each letter, as `str.translate` asks for it: what is no letter goes."""

    def __missing__(self, letter: int) -> None:
        return None


_SOUNDS = _Sounds(_FOLD | {ord(sound): sound for sound in SOUND_CLASSES})


def skeleton(word: str, language: str = "") -> str:
    """The consonant classes of a word, at most `LONGEST` of them; "" when it has no known letter.

    A language whose file has `sounds` is read by them (x is kh in Uzbek); the other languages that
    write in Latin letters share one reading, near to that of English.
    """
    letters = word.casefold()
    if letters.isascii():
        if "'" in letters or "`" in letters:
            letters = _APOSTROPHES.sub("", letters)
        return _consonants(_latin(letters, language))
    letters = _APOSTROPHES.sub("", letters)
    if _is_latin(letters):
        letters = _latin(letters, language)
    else:
        for pair, sound in _CYRILLIC_PAIRS:
            letters = letters.replace(pair, sound)
    return _consonants(_plain(letters.translate(_ACCENTED)))


def skeletons(word: str, language: str = "") -> tuple[str, str]:
    """The skeleton of a word, and a second one where a name may be read in two ways, else "".

    Spelling leaves two for j (Fajon ~ Файон), w at the beginning (William) and ch (Michael); in the
    languages whose case endings are syllables of their own, the second skeleton is without them.
    """
    first, folded = skeleton(word, language), word.casefold()
    other = folded
    if language in _CASE_ENDINGS:
        other = _CASE_ENDINGS[language].sub("", other)
    if language not in _PHONETIC_SPELLINGS:
        other = other.replace("j", "y")
        other = "u" + other[1:] if other.startswith("w") else other
    if other == folded:
        other = other.replace("ch", "k")
    second = skeleton(other, language) if other != folded else first
    return first, second if second != first else ""


def coarse(sounds: str) -> str:
    """A skeleton as Chinese syllables can tell it: no r (l), no m apart from n, no initial vowel."""
    return _BEFORE_ITSELF.sub("", sounds.lstrip("A").replace("R", "L").replace("M", "N"))


def _is_latin(letters: str) -> bool:
    return "a" <= unicodedata.normalize("NFD", letters[:1])[:1] <= "z"


def _latin(letters: str, language: str) -> str:
    """Sounds that take more than a letter, or depend on the next, as classes; each rule after the other."""
    if language in _OWN_SOUNDS:
        sounds = _OWN_SOUNDS[language]
        return _OWN_LETTERS[language].sub(lambda match: sounds[match[0]], letters)
    if "h" in letters or "z" in letters or "ts" in letters or "dj" in letters:
        letters = _HISSED.sub("S", letters)
    for pair, sound in _LATIN_PAIRS:
        letters = letters.replace(pair, sound)
    if "x" in letters:
        letters = ("S" + letters[1:] if letters[0] == "x" else letters).replace("x", "KS")
    if "c" in letters:
        for pair, sound in _SOFT_C:
            letters = letters.replace(pair, sound)
        letters = letters.replace("c", "K")
    return _SILENT_H.sub("", letters) if "h" in letters else letters


def _plain(letters: str) -> str:
    """Letters without accents."""
    apart = unicodedata.normalize("NFD", letters)
    if apart == letters:
        return letters
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


def _consonants(letters: str) -> str:
    known = letters.translate(_SOUNDS)
    single = _BEFORE_ITSELF.sub("", known).replace("A", "")
    return ("A" + single if known[:1] == "A" else single)[:LONGEST]


# ----------------------------------------------------------------------------- syllables of Chinese

# By the convention of Xinhua's name tables, which characters stand for which consonants.
_SYLLABLES = {
    "B": "巴布伯贝比博柏彼拜鲍波勃",
    "BN": "本班邦宾滨",
    "P": "帕普佩珀皮波蒲派佩庞坡",
    "PN": "潘彭平",
    "F": "夫弗福费菲法佛芙维瓦沃威韦伏",
    "FN": "凡范万文温冯芬方丰旺",
    "K": "克科卡基库格戈加古哈赫胡霍海豪凯考柯该盖贾吉黑希怀华侯可喀",
    "KN": "肯坎根甘康昆孔冈汉亨洪金贡宫",
    "S": "斯萨塞西索苏兹扎泽佐祖茨采察策楚乔杰切奇契恰查朱尤沙舍什施舒绍夏希谢辛齐吉吕士史丝桑"
    "则久焦若日热茹蔡肖修许",
    "SN": "森桑申珊尚孙松宋辛欣钦琴琼詹章真珍曾仲津京靖尊陈成",
    "D": "德达代戴多杜迪蒂狄都道",
    "DN": "丹登邓顿丁东敦当",
    "T": "特塔泰托图提蒂忒陶",
    "TN": "坦滕汤通廷汀腾唐",
    "L": "尔拉莱里利罗洛卢鲁勒雷赖劳利丽莉黎璐路留柳列",
    "LN": "兰伦林伦隆朗龙琳仑",
    "N": "姆马玛迈梅莫穆米默恩纳娜内尼诺努奈耐涅妮芒门曼蒙明敏宁农南嫩能瑙",
    "": "阿埃艾爱奥厄伊亚雅耶叶尤约伍乌欧",
    "N ": "安昂因英杨扬延雍翁恩",
}
_SYLLABLE_SKELETON = {
    character: sound.strip()
    for sound, characters in reversed(_SYLLABLES.items())
    for character in characters
}
_SYLLABLE_RUN = re.compile(f"[{''.join(_SYLLABLE_SKELETON)}]{{2,}}")


@cache
def syllable_skeleton(run: str) -> str:
    """The consonant classes of a run of syllable characters."""
    return _BEFORE_ITSELF.sub("", "".join(_SYLLABLE_SKELETON[character] for character in run))


def syllable_runs(text: str) -> list[tuple[int, str]]:
    """The runs of two syllable characters or more, each with where it begins."""
    return [(match.start(), match.group()) for match in _SYLLABLE_RUN.finditer(text)]
