"""The first page of a queue of 10 thousand, 100 thousand and a million cases, and a search in it.

Each page is asked through WSGI, signed in, at posts that see the whole county, a tenth of it, thirty cases, and a
community. The same lists are also asked without drawing a page, since drawing would hide much.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench import county, words
from bench.measuring import Bench, Sample, arguments, compared, counted, opened, timed

SIZES = (10_000, 100_000, 1_000_000)
MOST = 1.2
MOST_SEARCHED = 5.0

LISTS = {
    "dispatcher": (
        "queue=mine",
        "queue=late",
        "queue=watched",
        "queue=seen",
        "queue=seen&category=noise&source=counter",
    ),
    "busiest department": ("queue=ours", "queue=late", "queue=ended", "queue=seen&stage=handling"),
    "section with thirty": ("queue=seen", "queue=late"),
    "community": ("queue=ours", "queue=seen", "queue=late"),
}
"""Who asks for which lists."""
SEARCHES = {
    "a rare word": words.RARE,
    "a common word": words.COMMON,
    "a common phrase of common words": words.PHRASE,
    "a phrase of common words, in 8 of 1,000": words.LOOSE_PHRASE,
    "a phrase of common words, in 2 of 10,000": words.RARE_PHRASE,
}


@dataclass(frozen=True)
class Question:
    """A list that somebody at a post asks for."""

    who: str
    query: str

    def __str__(self) -> str:
        return f"{self.who}: {self.query}"


def main(said: Sequence[str]) -> int:
    """Measure, and return 0 whatever came out."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--pages", type=int, default=8, help="how often each page is asked in a turn")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of cases")
    asked = parser.parse_args(said)
    with opened(asked) as bench:
        county.stand(bench)
        for size in asked.sizes:
            county.fill(bench, size)
        _searches(bench, max(asked.sizes))
        _sizes(bench, asked.sizes)
    return 0


def _sizes(bench: Bench, sizes: Sequence[int]) -> None:
    small, big = min(sizes), max(sizes)
    for question in (Question(who, query) for who, queries in LISTS.items() for query in queries):
        for what, ask in (("page", asked_by), ("list alone", _list)):
            contenders = {f"{size:,} cases": _turn(size, question, ask, bench.said.pages) for size in sizes}
            samples = bench.rounds(contenders)
            aim = MOST if what == "page" else None
            name = f"{question} ({what})"
            bench.tell(compared(name, samples, f"{big:,} cases", f"{small:,} cases", by="p50", aim=aim))
        costs = {size: _cost(size, question) for size in sizes}
        bench.tell(
            counted(
                f"{question}: questions more than at {small:,}", costs[big] - costs[small], costs[small], "questions"
            )
        )


def _searches(bench: Bench, size: int) -> None:
    pages = bench.said.pages
    for who in ("dispatcher", "busiest department", "community"):
        plain = Question(who, "queue=seen")
        contenders = {"unsearched": _turn(size, plain, asked_by, pages)}
        contenders |= {
            name: _turn(size, Question(who, f"q={said}&queue=seen"), asked_by, pages) for name, said in SEARCHES.items()
        }
        samples = bench.rounds(contenders)
        for name in SEARCHES:
            result = compared(f"{who}: {name}", samples, name, "unsearched", by="p50", aim=MOST_SEARCHED)
            bench.tell(result, cases=f"{size:,}")


Ask = Callable[[Any, Question], Callable[[], object]]


def _turn(size: int, question: Question, ask: Ask, pages: int) -> Callable[[], Sample]:
    def turn() -> Sample:
        with county.turned_to(size):
            asking = ask(_post(question.who), question)
            asking()
            asking()
            return timed(asking, pages)

    return turn


def _post(who: str) -> Any:
    """The post of one who asks."""
    from django.db.models import Count

    from jingwei.casework.models import Hand
    from jingwei.organisations.models import Post

    posts = Post.objects.select_related("organisation", "ground").order_by("pk")
    match who:
        case "dispatcher":
            return posts.filter(roles__contains=["dispatcher"])[0]
        case "community":
            return posts.filter(roles__contains=["first_secretary"])[0]
        case "section with thirty":
            return posts.filter(roles__contains=["section"]).order_by("-organisation_id")[0]
        case _:
            desks = posts.filter(roles=["department"]).values("organisation")
            hands = Hand.objects.filter(organisation__in=desks).values("organisation").annotate(n=Count("pk"))
            return posts.filter(roles=["department"], organisation=hands.order_by("-n")[0]["organisation"])[0]


def _list(post: Any, question: Question) -> Callable[[], object]:
    """The list without its page."""
    from django.http import QueryDict

    from jingwei.casework.pages.lists import filter_of
    from jingwei.casework.paging import Listing

    by = filter_of(QueryDict(question.query))

    def asking() -> object:
        listed = Listing(post, by, county.AT)
        return listed.page(), listed.counted()

    return asking


def asked_by(post: Any, question: Question) -> Callable[[], object]:
    """The whole page through WSGI, signed in."""
    client = _signed_in(post)

    def asking() -> object:
        answer = client.get(f"/desk/?{question.query}")
        if answer.status_code != 200:
            raise SystemExit(f"{question} is answered by {answer.status_code} {answer.headers.get('Location', '')}")
        return answer

    return asking


def _signed_in(post: Any) -> Any:
    """A client that sits at the post, whoever sits there."""
    from django.test import Client
    from django.utils import timezone

    from jingwei.accounts.models import Account
    from jingwei.accounts.sitting import CHOSEN
    from jingwei.organisations.models import Appointment

    account = Account.objects.filter(username=f"bench{post.pk}").first()
    if account is None:
        account = Account.objects.create(username=f"bench{post.pk}", person_id=_person())
        Appointment.objects.create(post=post, person_id=account.person_id, since=timezone.localdate())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[CHOSEN] = post.pk
    session.save()
    return client


def _person() -> int:
    """Somebody who cannot sign in yet; she gets a second post for this."""
    from jingwei.people.models import Person

    return int(Person.objects.filter(account=None, appointments__isnull=False).order_by("pk").values_list("pk")[0][0])


def _cost(size: int, question: Question) -> int:
    """How many questions the page asks the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with county.turned_to(size):
        asking = asked_by(_post(question.who), question)
        asking()
        with CaptureQueriesContext(connection) as asked:
            asking()
        return len(asked)
