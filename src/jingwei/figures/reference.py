"""The reference of all figures, made from their declarations: `python -m jingwei.figures.reference`."""

import os
import sys

import django


def reference() -> str:
    """The page, in English and Chinese."""
    from django.utils.translation import override

    from jingwei.figures.declared import BOOKS, Figure, Share

    def line(figure: Figure) -> str:
        with override("zh-hans"):
            chinese, meaning = str(figure.title), str(figure.says)
        with override("en"):
            parts = f"`{figure.part.name}` / `{figure.of.name}`" if isinstance(figure, Share) else ""
            sort = type(figure).__name__.lower()
            left = f" Left out: {figure.leaves_out}" if figure.leaves_out else ""
            cells = (
                f"`{figure.full_name}`",
                f"{figure.title} {chinese}",
                parts or sort,
                f"{figure.says}{left} {meaning}",
            )
            return "| " + " | ".join((*cells, str(figure.source))) + " |"

    told = [HEAD]
    for book in BOOKS.values():
        with override("en"):
            told.append(f"\n## {book.title}\n\n| figure | title | sort, or part and whole | definition | named by |")
        told += ["|---|---|---|---|---|", *(line(figure) for figure in book.figures.values())]
    return "\n".join(told) + "\n"


HEAD = """# Figures

Every figure there is, made from the declarations (`python -m jingwei.figures.reference`); `tests/figures` compares. How
to add one: [add-a-figure.md](../how/add-a-figure.md). A *flow* happened in a period, a *stock* stood at its end."""

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.settings")
    django.setup()
    sys.stdout.write(reference())
