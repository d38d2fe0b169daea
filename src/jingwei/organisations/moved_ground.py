"""Posts, organisations and assigned responsibilities go with their ground, to what took over where it ended."""

from jingwei.organisations.models import Organisation, Post, Responsibility
from jingwei.places.following import Followed, follows_ground


@follows_ground("posts")
def take_posts_along(followed: Followed) -> int:
    """Give whoever answered for a place that ended its main successor; how many posts.

    Without a successor they stay where they are: the ground above is not theirs to see..
    """
    posts = 0
    for ended, successor in followed.ended.items():
        if successor is None:
            continue
        posts += Post.objects.filter(ground=ended, until=None).update(ground=successor)
        Organisation.objects.filter(ground=ended, until=None).update(ground=successor)
        again = Responsibility.objects.filter(place=successor, until=None).values("post")
        Responsibility.objects.filter(place=ended, until=None).exclude(post__in=again).update(place=successor)
    return posts
