"""The one file of a multipart/form-data body (RFC 7578), as browsers send it, while the body comes in."""

from collections.abc import AsyncIterator

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from domain.words import Words


class NoFile(Exception):
    """The form is broken, or has no file or several; the message says which."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


class Form:
    """A form whose `boundary` came with its media type; `stream` is the body, a piece at a time."""

    def __init__(self, stream: AsyncIterator[bytes], boundary: bytes) -> None:
        self._stream = stream
        self._name = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._filename: str | None = None
        self._in_file = self._ended = False
        self._pieces: list[bytes] = []
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._data,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    async def filename(self) -> str:
        """The file's name, once the body has come so far. Raises NoFile."""
        while self._filename is None and await self._read_on():
            pass
        if self._filename is None:
            raise NoFile(Words("The form has no file.", "表单中没有文件。"))
        return self._filename

    async def pieces(self) -> AsyncIterator[bytes]:
        """The file's content, after `filename`. Raises NoFile when the form does not come to its end."""
        while True:
            while self._pieces:
                yield self._pieces.pop(0)
            if not await self._read_on():
                break
        if not self._ended:
            raise NoFile(Words("The form ends early.", "表单提前中断。"))

    async def _read_on(self) -> bool:
        piece = await anext(self._stream, None)
        if piece is None:
            return False
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise NoFile(Words(f"The form is broken: {error}.", f"表单损坏：{error}。")) from None
        return True

    def _begin_part(self) -> None:
        self._headers.clear()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"filename" not in options:
            return
        if self._filename is not None:
            raise NoFile(
                Words("The form has more than one file: send each by itself.", "表单含有多个文件：请逐个发送。")
            )
        self._filename = options[b"filename"].decode("utf-8", "replace")
        self._in_file = True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._pieces.append(data[start:end])

    def _end_part(self) -> None:
        self._in_file = False

    def _end(self) -> None:
        self._ended = True
