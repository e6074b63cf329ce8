"""Where the demo company sells: its regions, and how customers there are named and reached."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class City:
    """A city: the code and name of its region, and what addresses there look like ({} is a number)."""

    code: str
    name: str
    streets: tuple[str, ...]
    postcode: str
    province: str | None = None


@dataclass(frozen=True)
class Market:
    """A country with its cities by the sales region they belong to; `tax` is the rate on what is sold there.

    `team` sells there, in `currency`. `share` says how many of a hundred customers are there.
    """

    country: str
    code: str
    name: str
    team: str
    currency: str
    tax: Decimal
    phone: str
    share: int
    areas: dict[tuple[str, str], tuple[City, ...]]


ENGLISH_STREETS = ("{} High Street", "{} Station Road", "{} Mill Lane", "{} Albion Street", "Unit {}, Canal Wharf")
GERMAN_STREETS = ("Hauptstraße {}", "Bahnhofstraße {}", "Gartenweg {}", "Am Markt {}")
FRENCH_STREETS = ("{} rue de la République", "{} avenue Victor Hugo", "{} place du Marché")
DUTCH_STREETS = ("Kerkstraat {}", "Prinsengracht {}", "Stationsweg {}")
AMERICAN_STREETS = ("{} Main Street", "{} Broadway", "{} Oak Avenue", "{} Market Street")
CHINESE_STREETS = ("中山路{}号", "人民路{}号", "解放大道{}号", "建设路{}号", "科技园{}栋")
JAPANESE_STREETS = ("中央1丁目{}番", "本町2丁目{}番", "栄3丁目{}番")


def _cities(streets: tuple[str, ...], *cities: tuple[str, str, str], province: str | None = None) -> tuple[City, ...]:
    return tuple(City(code, name, streets, postcode, province) for code, name, postcode in cities)


MARKETS = (
    Market(
        *("GB", "united-kingdom", "United Kingdom", "London", "GBP", Decimal("0.2"), "+44 20 7946 0{:03}"),
        share=34,
        areas={
            ("uk-england", "England"): _cities(
                ENGLISH_STREETS,
                *(("uk-london", "London", "EC1A {}BB"), ("uk-manchester", "Manchester", "M1 {}AE")),
                *(("uk-bristol", "Bristol", "BS1 {}QA"), ("uk-leeds", "Leeds", "LS1 {}DY")),
            ),
            ("uk-scotland", "Scotland"): _cities(
                ENGLISH_STREETS, ("uk-edinburgh", "Edinburgh", "EH1 {}RE"), ("uk-glasgow", "Glasgow", "G1 {}DU")
            ),
            ("uk-wales", "Wales"): _cities(ENGLISH_STREETS, ("uk-cardiff", "Cardiff", "CF10 {}AL")),
        },
    ),
    Market(
        *("DE", "germany", "Germany", "Europe", "EUR", Decimal("0.19"), "+49 30 23125 {:03}"),
        share=9,
        areas={
            ("de-north", "North Germany"): _cities(
                GERMAN_STREETS, ("de-berlin", "Berlin", "1011{}"), ("de-hamburg", "Hamburg", "2009{}")
            ),
            ("de-south", "South Germany"): _cities(GERMAN_STREETS, ("de-munich", "München", "8033{}")),
        },
    ),
    Market(
        *("FR", "france", "France", "Europe", "EUR", Decimal("0.2"), "+33 1 99 00 1{:03}"),
        share=6,
        areas={
            ("fr-north", "Northern France"): _cities(FRENCH_STREETS, ("fr-paris", "Paris", "7500{}")),
            ("fr-south", "Southern France"): _cities(FRENCH_STREETS, ("fr-lyon", "Lyon", "6900{}")),
        },
    ),
    Market(
        *("NL", "netherlands", "Netherlands", "Europe", "EUR", Decimal("0.21"), "+31 20 555 0{:03}"),
        share=4,
        areas={("nl-randstad", "Randstad"): _cities(DUTCH_STREETS, ("nl-amsterdam", "Amsterdam", "101{} AB"))},
    ),
    Market(
        *("US", "united-states", "United States", "North America", "USD", Decimal("0"), "+1 212 555 0{:03}"),
        share=12,
        areas={
            ("us-east", "East Coast"): _cities(
                AMERICAN_STREETS, ("us-new-york", "New York", "1000{}"), ("us-boston", "Boston", "0210{}")
            ),
            ("us-west", "West Coast"): _cities(
                AMERICAN_STREETS, ("us-san-francisco", "San Francisco", "9410{}"), ("us-seattle", "Seattle", "9810{}")
            ),
        },
    ),
    Market(
        *("CN", "china", "中国", "Shanghai 上海", "CNY", Decimal("0.13"), "+86 21 5555 0{:03}"),
        share=20,
        areas={
            ("cn-east", "华东"): (
                *_cities(CHINESE_STREETS, ("cn-shanghai", "上海", "20000{}"), province="上海市"),
                *_cities(CHINESE_STREETS, ("cn-hangzhou", "杭州", "31000{}"), province="浙江省"),
                *_cities(CHINESE_STREETS, ("cn-suzhou", "苏州", "21500{}"), province="江苏省"),
            ),
            ("cn-north", "华北"): _cities(CHINESE_STREETS, ("cn-beijing", "北京", "10000{}"), province="北京市"),
            ("cn-south", "华南"): _cities(
                CHINESE_STREETS,
                *(("cn-guangzhou", "广州", "51000{}"), ("cn-shenzhen", "深圳", "51800{}")),
                province="广东省",
            ),
            ("cn-south-west", "西南"): _cities(CHINESE_STREETS, ("cn-chengdu", "成都", "61000{}"), province="四川省"),
        },
    ),
    Market(
        *("JP", "japan", "日本", "Japan", "JPY", Decimal("0.1"), "+81 3 5550 0{:03}"),
        share=15,
        areas={
            ("jp-kanto", "関東"): _cities(JAPANESE_STREETS, ("jp-tokyo", "東京", "100-000{}"), province="東京都"),
            ("jp-kansai", "関西"): _cities(JAPANESE_STREETS, ("jp-osaka", "大阪", "530-000{}"), province="大阪府"),
        },
    ),
)

SOUTHERN_CHINA = ("cn-south", "cn-south-west")
"""The areas of China in which the team in Shenzhen sells."""
