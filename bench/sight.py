"""The first page seen from one town, and from more and less ground, in a tree of 700 thousand places.

The tree has a country's five layers and lies below the county's own ground; a million cases are strewn over its
leaves. Each page is asked through WSGI, signed in, beside the page of a post that sees all of the tree.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any

from bench import county
from bench.measuring import Bench, Sample, arguments, compared, opened, timed
from bench.queue import Question, asked_by

MOST = 2.0
LAYERS = {"province": 31, "city": 11, "district": 9, "town": 14, "grid": 16}
"""How many places of a layer lie below each of the layer above: 733,863 in all."""
QUERIES = ("queue=seen", "queue=late")

LAY = """
    INSERT INTO places_place
    SELECT laid.*
    FROM (SELECT place, n, row_number() OVER () AS nth
          FROM places_place place CROSS JOIN generate_series(1, %(many)s) n WHERE path ~ %(above)s) above
    CROSS JOIN LATERAL jsonb_populate_record(place, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('places_place', 'id')), 'parent_id', (place).id, 'layer', %(layer)s::text,
        'path', (place).path || %(letter)s || lpad(n::text, 2, '0') || '/', 'boundary', NULL,
        'code', %(letter)s || nth, 'name', %(letter)s || nth, 'qr', %(letter)s || lpad(nth::text, 9, '0'))) laid"""
"""The letter of a layer stands in its paths, where the county's own codes have none."""

STREW = """
    UPDATE casework_case c SET place_id = leaf.id, ground_path = leaf.path
    FROM (SELECT row_number() OVER (ORDER BY path) - 1 AS n, id, path FROM places_place WHERE path ~ %(leaf)s) leaf
    WHERE leaf.n = c.id * 7919 %% %(leaves)s"""


def main(said: Sequence[str]) -> int:
    """Measure, and return 0 whatever came out."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--pages", type=int, default=8, help="how often each page is asked in a turn")
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases lie in the tree")
    asked = parser.parse_args(said)
    with opened(asked) as bench:
        county.stand(bench)
        county.fill(bench, asked.cases)
        name = _tree(bench, asked.cases)
        with county.turned_to(name):
            facts = {"cases": f"{asked.cases:,}", "places": f"{_places():,}"}
            for query in QUERIES:
                samples = bench.rounds({who: _turn(who, query, asked.pages) for who in ("unscoped", *LAYERS)})
                for who in LAYERS:
                    result = compared(f"one {who}: {query} (page)", samples, who, "unscoped", by="p50", aim=MOST)
                    bench.tell(result, **facts)
    return 0


def _tree(bench: Bench, size: int) -> str:
    """The name of a database in which the cases lie in the tree; made once."""
    name = f"{size}_in_a_tree"
    with bench.connect(owner=True) as owner:
        if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"cases_{name}"]).fetchone():
            county.bring_up_to_date(name)
            return name
        owner.execute(f"CREATE DATABASE unfinished TEMPLATE cases_{size} STRATEGY file_copy".encode())
    bench.say("laying the tree, and strewing the cases over it")
    with bench.connect(owner=True, name="unfinished", autocommit=False) as owner:
        owner.execute("SET LOCAL session_replication_role = replica")
        dropped = county.without_indexes(owner)
        above = "^[0-9]+/$"
        for letter, (layer, many) in zip("abcde", LAYERS.items(), strict=True):
            owner.execute(LAY, {"layer": layer, "letter": letter, "many": many, "above": above})
            above = f"/{letter}[0-9]+/$"
        owner.execute("ANALYZE places_place")
        owner.execute(STREW, {"leaf": above, "leaves": prod(LAYERS.values())})
        for statement in dropped:
            owner.execute(statement)
        owner.commit()
        owner.autocommit = True
        owner.execute("VACUUM FULL ANALYZE casework_case")
        owner.execute("VACUUM ANALYZE")
    with bench.connect(owner=True) as owner:
        owner.execute(f"ALTER DATABASE unfinished RENAME TO cases_{name}".encode())
    return name


def _places() -> int:
    from jingwei.places.models import Place

    return Place.objects.count()


def _turn(who: str, query: str, pages: int) -> Callable[[], Sample]:
    asking = asked_by(_post(who), Question(who, query))
    asking()
    asking()
    return partial(timed, asking, pages)


def _post(who: str) -> Any:
    """A post that sees the middle place of a layer, or everything."""
    from jingwei.organisations.models import Organisation, Post
    from jingwei.places.models import Place

    ground = Place.objects.get(layer="county")
    if who != "unscoped":
        found = Place.objects.filter(layer=who, path__regex="[a-e]").order_by("path")
        ground = found[found.count() // 2]
    organisation, _made = Organisation.objects.get_or_create(
        county_id=county.CODE,
        key=f"of_{who}",
        defaults={"name": who, "kind": "town", "ground": ground, "since": ground.since},
    )
    post, _made = Post.objects.get_or_create(
        organisation=organisation, key="desk", defaults={"title": who, "roles": ["dispatcher"], "ground": ground}
    )
    return post
