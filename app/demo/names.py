"""How customers and the people there are called in each market."""

from collections.abc import Mapping
from random import Random


def _lists(words: Mapping[str, str]) -> dict[str, list[str]]:
    return {country: line.split() for country, line in words.items()}


SURNAMES = _lists(
    {
        "GB": "Hartley Marlow Pembroke Ellison Thackeray Winslow Carver Bramley Fairfax Langdon Okoro Patel Whitcombe",
        "DE": "Brandt Keller Vogel Lindner Hoffmann Seidel Krüger Albrecht Neumann Bergmann",
        "FR": "Lefèvre Garnier Rousseau Chevalier Marchand Fontaine Delacroix Perrin",
        "NL": "Visser Bakker Dekker Hendriks Kuipers Vermeer Brouwer",
        "US": "Anderson Coleman Brooks Ramirez Sullivan Whitaker Foster Delgado Nguyen Harper",
        "CN": "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 林 郭 何 高 罗",
        "JP": "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤",
    }
)
GIVEN_NAMES = _lists(
    {
        "GB": "Alice George Priya Edward Hannah Oliver Ruth Samuel Amara Jack",
        "DE": "Anna Lukas Mia Jonas Sabine Felix Clara Stefan",
        "FR": "Camille Louis Élodie Hugo Manon Antoine Léa",
        "NL": "Daan Sanne Bram Femke Thijs Noor",
        "US": "Emily Carlos Madison Tyler Grace Ethan Maria Logan",
        "CN": "伟 芳 娜 敏 静 强 磊 洋 艳 勇 军 杰 晓明 思远 雨桐 建国",
        "JP": "陽翔 葵 蓮 結衣 大輔 美咲 健太 花子",
    }
)
TRADES = {
    "GB": ("Interiors", "Trading", "Hospitality", "Logistics", "Bookshops", "Engineering", "Garden Centres"),
    "DE": ("Bürobedarf", "Handel", "Logistik", "Technik", "Möbel"),
    "FR": ("Décor", "Bureau", "Distribution", "Hôtellerie"),
    "NL": ("Kantoor", "Handel", "Logistiek"),
    "US": ("Supply", "Outfitters", "Logistics", "Hospitality", "Office", "Labs"),
    "CN": ("贸易", "科技", "物流", "酒店管理", "办公用品", "电子商务"),
    "JP": ("商事", "物流", "工業", "文具", "電機"),
}
WORDS = _lists(
    {
        "CN": "华盛 天成 恒达 瑞丰 永信 东方 明辉 嘉禾 新宇 博远 鼎盛 金桥 蓝海 星辰 长青",
        "JP": "東亜 日光 大和 三栄 光陽 富士見 青葉 桜井 共立 丸福",
    }
)
LEGAL_FORMS = {"GB": "Ltd", "DE": "GmbH", "FR": "SARL", "NL": "B.V.", "US": "Inc."}
INDUSTRIES = ("Retail", "Hospitality", "Manufacturing", "Education", "Healthcare", "Logistics", "Technology", "制造业")
TITLES = ("Buyer", "Office manager", "Head of purchasing", "Warehouse lead", "Finance", "采购经理")


def company_name(choice: Random, country: str, city: str) -> str:
    """A company's name as it would be in `country`."""
    trade = choice.choice(TRADES[country])
    if country == "CN":
        return f"{city}{choice.choice(WORDS['CN'])}{trade}有限公司"
    if country == "JP":
        return f"株式会社{choice.choice(WORDS['JP'])}{trade}{city}"
    founders = " & ".join(choice.sample(SURNAMES[country], choice.choice((1, 1, 2))))
    return f"{founders} {trade} {LEGAL_FORMS[country]}"


def person_name(choice: Random, country: str) -> str:
    """A person's name as it would be in `country`: the family name first in China and Japan."""
    surname, given = choice.choice(SURNAMES[country]), choice.choice(GIVEN_NAMES[country])
    return {"CN": f"{surname}{given}", "JP": f"{surname} {given}"}.get(country, f"{given} {surname}")
