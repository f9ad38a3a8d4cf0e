"""Foreign names in Chinese: which syllable character stands for which sound.

News names are written with a set of some three hundred characters (the convention of Xinhua's name
tables): 津克 is Zinke, 卡萨诺瓦 Casanova. A run of such characters is read as consonant classes
(`skeleton.coarse`), with the vowels gone, and so meets the names of the other alphabets.
"""

from __future__ import annotations

import re
from functools import cache

_SOUNDS = {
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
_SOUND_OF = {
    character: sound.strip()
    for sound, characters in reversed(_SOUNDS.items())
    for character in characters
}
_RUN = re.compile(f"[{''.join(_SOUND_OF)}]{{2,}}")


@cache
def sounds(run: str) -> str:
    """The consonants of a run of syllable characters."""
    joined = "".join(_SOUND_OF[character] for character in run)
    return re.sub(r"(.)\1+", r"\1", joined)


def runs(text: str) -> list[tuple[int, str]]:
    """The runs of two syllable characters or more, each with where it begins."""
    return [(match.start(), match.group()) for match in _RUN.finditer(text)]
