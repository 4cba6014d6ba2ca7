"""How heavy the first page is: all that a browser fetches that has nothing yet."""

import os
import shutil
from collections import Counter

from playwright.sync_api import sync_playwright

from tools.bench.ground import Ground, serving
from tools.bench.table import Figure, at_most, missing

WEIGHT_GOAL_KB = 100
#: The browser's requests come as the proxy that ends HTTPS would hand them on.
AS_A_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def measure(place: Ground, database: str) -> list[Figure]:
    """Open the sign-in page in Chromium with an empty cache, and add up what came over the wire, heads included."""
    what, goal = "Weight of the first page, as sent", f"≤ {WEIGHT_GOAL_KB} KB"
    program = os.environ.get("KUNJAE_TEST_CHROMIUM") or shutil.which("chromium")
    if program is None:
        return [missing(what, "Chromium is not installed", goal)]
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    weights: Counter[str] = Counter()
    kinds: dict[str, str] = {}
    with serving(place, place.environment(database), workers=1) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments, headless=True)
        context = chromium.new_context(locale="th-TH", extra_http_headers=AS_A_PROXY)
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        network.on(
            "Network.loadingFinished",
            lambda event: weights.update({kinds.get(event["requestId"], "Other"): int(event["encodedDataLength"])}),
        )
        network.send("Network.enable")
        page.goto(f"http://localhost:{server.port}/sign-in/", wait_until="networkidle", timeout=20_000)
        page.evaluate("document.fonts.ready")
        chromium.close()
    shares = ", ".join(f"{kind.lower()} {weight / 1000:.1f}" for kind, weight in weights.most_common())
    total = weights.total() / 1000
    return [at_most(what, total, WEIGHT_GOAL_KB, " KB", digits=1, note=f"{len(kinds)} requests: {shares}")]
