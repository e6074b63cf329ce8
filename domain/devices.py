"""What sort of device a session is on: enough for its user to know it again, too little to tell it from others."""

import re

_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,39}", re.ASCII)


def device_of(agent: str | None) -> str | None:
    """A name for the device that sent this User-Agent: "Firefox on Linux", "okhttp"; None if it says nothing."""
    if not agent:
        return None
    browser = next((name for mark, name in _BROWSERS.items() if f"{mark}/" in agent), None)
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), None)
    if browser and system:
        return f"{browser} on {system}"
    product = _PRODUCT.match(agent.partition("/")[0].strip())
    return product[0] if product else None
