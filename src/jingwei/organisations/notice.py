"""Who is named on the public notice of a grid: the posts that work it, and of their holders what the pack publishes."""

import datetime as dt

from jingwei.organisations.models import Appointment, Post
from jingwei.organisations.pack import Role
from jingwei.places.models import Place
from jingwei.places.notice import notice_of


def workers_of(grid: Place, day: dt.date) -> list[dict[str, str]]:
    """The grid workers' posts on a grid; name and telephone only where the county's pack names the law for it."""
    rules = notice_of(grid).rules
    posts = Post.objects.filter(ground=grid, roles__contains=[Role.GRID_WORKER], until=None).order_by("id")
    held = Appointment.objects.filter(post__in=posts, since__lte=day).exclude(until__lte=day)
    by_post: dict[int, list[Appointment]] = {}
    for one in held.select_related("person").order_by("id"):
        by_post.setdefault(one.post_id, []).append(one)
    rows = []
    for post in posts.select_related("organisation"):
        people = [one.person for one in by_post.get(post.pk, ())]
        names = "、".join(person.name for person in people) if rules.worker_name else ""
        telephones = "、".join(filter(None, (p.telephone for p in people))) if rules.worker_telephone else ""
        rows.append({"title": str(post), "names": names, "telephones": telephones})
    return rows
