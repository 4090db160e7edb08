"""What a static host needs so that a phone keeps the code book: page, manifest, service worker, icon."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from importlib import resources

from blinkcode_host.book.builder import Options, build
from blinkcode_host.catalog import Catalog

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
<rect width="512" height="512" fill="#1b1b1b"/><circle cx="256" cy="256" r="120" fill="#ffb000"/></svg>
"""


def site(catalog: Catalog, table_id: str, options: Options | None = None) -> dict[str, str]:
    """The files of a site, by name. Raises ValueError as `build` does."""
    options = replace(options or Options(), site=True)
    page = build(catalog, table_id, options)
    name = options.maker.title or "blinkcode"
    manifest = {
        "name": f"{name}: the code book",
        "short_name": name[:12],
        "start_url": "./index.html",
        "scope": "./",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1b1b1b",
        "icons": [{"src": "icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}],
    }
    worker = (resources.files(__package__) / "service-worker.js").read_text(encoding="utf-8")
    version = hashlib.sha256(page.encode()).hexdigest()[:16]
    return {
        "index.html": page,
        "manifest.webmanifest": json.dumps(manifest, ensure_ascii=False, indent=1) + "\n",
        "service-worker.js": worker.replace("VERSION", version),
        "icon.svg": ICON,
    }
