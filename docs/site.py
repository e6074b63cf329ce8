"""Pages of the documentation that stand at the root of the repository, for mkdocs.

The README is the site's first page. Links are written for readers of the repository; here they lead to the site's
pages, and those to source files, which the site has not, become plain text.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_ROOT = Path(__file__).parents[1]
# A page's place in the repository, and on the site.
_AT_ROOT = {"README.md": "index.md", "README.zh-CN.md": "index.zh-CN.md", "CHANGELOG.md": "changes.md"}
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>(?!https?:|#)[^)#]+)(?P<anchor>#[^)]*)?\)")
_DIAGRAM = re.compile(r"```mermaid\n(?P<kind>flowchart|stateDiagram).*?```\n", re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages at the root, and those of decisions to the navigation."""
    for source, page in _AT_ROOT.items():
        files.append(File.generated(config, page, content=(_ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """The page's text, with links that lead somewhere, and without diagrams, which need a script from elsewhere."""
    here = page.file.src_uri
    source = {site: source for source, site in _AT_ROOT.items()}.get(here, f"docs/{here}")
    drawn = _DIAGRAM.sub(_picture, markdown)
    return _LINK.sub(lambda link: _led(link, folder=posixpath.dirname(source), here=here), drawn)


def _picture(diagram: re.Match[str]) -> str:
    """The picture of the architecture; the table below it says what the drawing of an order's life does."""
    return "![How it works](architecture.svg)\n" if diagram["kind"] == "flowchart" else ""


def _led(link: re.Match[str], *, folder: str, here: str) -> str:
    """The link as the site needs it."""
    target = posixpath.normpath(posixpath.join(folder, link["target"]))
    page = _AT_ROOT.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
    if page is None:
        return link["text"] if "`" in link["text"] else f"`{target}`"
    return f"[{link['text']}]({posixpath.relpath(page, posixpath.dirname(here) or '.')}{link['anchor'] or ''})"
