# SPDX-License-Identifier: MIT
"""Tables of docs/conformance.md, for the programs that write them."""

import pathlib

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs/conformance.md"


def table(head, rows):
    """In Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]) + "\n"


def replace(name, text):
    """What stands between the page's markers of that name becomes text."""
    page = PAGE.read_text()
    marker = f"<!-- {name}: begin -->\n"
    begin, end = page.index(marker) + len(marker), page.index(f"<!-- {name}: end -->\n")
    PAGE.write_text(page[:begin] + "\n" + text + "\n" + page[end:])
