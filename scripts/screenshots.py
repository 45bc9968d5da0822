"""`make screenshots`: pictures of the pages for docs/, of a demo that is started for them and thrown away.

Words given choose: only pictures whose file name holds one of them.
"""

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser import serving  # noqa: E402
from tests.browser.conftest import CHROMIUM  # noqa: E402
from tests.browser.sizes import DESKTOP, PHONE  # noqa: E402
from tests.browser.visitor import Visitor  # noqa: E402

TARGET = ROOT / "docs/screenshots"
LIBRARY = "/domains/mediatheque.example/"


class Picture(NamedTuple):
    file: str
    role: str
    path: str
    language: str = "en"
    on_phone: bool = False
    scheme: str = "light"


PICTURES = (
    Picture("start", "", "/"),
    Picture("sign-in", "", "/sign-in/", scheme="dark"),
    Picture("domains", "owner", "/domains/"),
    Picture("domains-dark", "owner", "/domains/", scheme="dark"),
    Picture("addresses", "owner", LIBRARY),
    Picture("addresses-phone", "owner", LIBRARY, "fr", on_phone=True),
    Picture("mailbox", "owner", f"{LIBRARY}mailboxes/adele.marchand/"),
    Picture("mailbox-phone", "owner", f"{LIBRARY}mailboxes/adele.marchand/", "fr", on_phone=True, scheme="dark"),
    Picture("aliases", "owner", f"{LIBRARY}aliases/"),
    Picture("dns", "owner", "/domains/harbour-festival.example/dns/"),
    Picture("dns-phone", "owner", "/domains/harbour-festival.example/dns/", "fr", on_phone=True),
    Picture("people", "owner", f"{LIBRARY}people/"),
    Picture("settings", "owner", f"{LIBRARY}settings/"),
    Picture("history", "owner", f"{LIBRARY}history/"),
    Picture("statistics", "operator", "/statistics/"),
    Picture("explain", "owner", "/explain/?address=accueil@mediatheque.example"),
    Picture("holder", "holder", "/my/"),
    Picture("holder-devices", "holder", "/my/devices/", "fr", on_phone=True),
    Picture("operator", "operator", "/operate/"),
    Picture("search", "operator", "/search/?q=adele"),
    Picture("hub", "", "/docs/"),
)


def main() -> int:
    if CHROMIUM is None:
        sys.stderr.write("There is no chromium here: apt-get install chromium\n")
        return 1
    wanted = [one for one in PICTURES if not sys.argv[1:] or any(word in one.file for word in sys.argv[1:])]
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="postroom-screenshots-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with serving.running(Path(folder), "") as town:
            for picture in wanted:
                sys.stdout.write(f"{picture.file}\n")
                _take(browser, town, picture)
        browser.close()
    return 0


def _take(browser, town, picture: Picture) -> None:
    size = PHONE if picture.on_phone else DESKTOP
    visitor = Visitor(browser, town, picture.language, size=size, scheme=picture.scheme)
    if picture.role:
        visitor.sign_in(picture.role)
    visitor.go(picture.path)
    visitor.page.screenshot(path=TARGET / f"{picture.file}.png")
    visitor.close()


if __name__ == "__main__":
    sys.exit(main())
