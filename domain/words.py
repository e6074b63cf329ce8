"""What people are told by something that is no refusal of a use case: in both languages, where it is raised."""

from typing import Self


class Words(str):
    """A text in one language that knows itself in the other. It is written in English, `chinese` beside it.

    Where it is raised, nobody knows who reads it; whoever answers does, and takes it `in_` the reader's language.
    """

    english: str
    chinese: str

    def __new__(cls, english: str, chinese: str, *, language: str = "en") -> Self:
        """The text in `language`: "zh", or English for anything else."""
        words = super().__new__(cls, chinese if language == "zh" else english)
        words.english, words.chinese = english, chinese
        return words

    def in_(self, language: str) -> "Words":
        """The same in `language`."""
        return Words(self.english, self.chinese, language=language)


def words_in(text: str, language: str) -> str:
    """`text` in `language`, if it knows itself in it; what libraries say is English."""
    return text.in_(language) if isinstance(text, Words) else text
