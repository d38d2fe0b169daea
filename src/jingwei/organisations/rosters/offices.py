"""The roster of organisations and posts: a row is a post, or an organisation that has none yet."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports.cells import key as plain
from jingwei.imports.importers import Field, Passage, Record
from jingwei.imports.pack import RostersSection
from jingwei.imports.refusals import RowRefused
from jingwei.imports.rosters import Roster, StandsInTheWay, What, Wrote, goes_along, roster
from jingwei.organisations.acts.posts import alter_post, create_post, held_by
from jingwei.organisations.acts.tree import alter, found
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART, OrganisationLine, Role
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.organisations.rosters import finding
from jingwei.places.models import Place
from jingwei.places.rosters import county_of

NAME = "organisations"
RECEIVING = (Nature.DEPARTMENT, Nature.CENTRE, Nature.COMMUNITY)
"""Natures whose first post receives what their organisation is sent, where the roster does not say which does."""

FIELDS = (
    Field("organisation", gettext_lazy("Organisation"), required=True, down=True),
    Field("kind", gettext_lazy("Kind of organisation")),
    Field("parent", gettext_lazy("Organisation above")),
    Field("ground", gettext_lazy("Ground")),
    Field("title", gettext_lazy("Post")),
    Field("roles", gettext_lazy("What the post does")),
    Field("front_desk", gettext_lazy("Receives what is sent"), kinds=("yes_no",)),
)


def write(record: Record, passage: Passage) -> Wrote:
    """Find or found the organisation, then the post in it."""
    try:
        return _Row(record, passage).write()
    except OrganisationRefused as no:
        raise RowRefused(no.sentence) from no


class _Row:
    def __init__(self, record: Record, passage: Passage) -> None:
        self.values, self.passage = record.values, passage
        self.made: list[tuple[str, int]] = []
        self.changed = False

    def said(self, name: str) -> str:
        return str(self.values.get(name) or "")

    def write(self) -> Wrote:
        home = finding.organisation(self.passage, self.said("organisation"))
        home = self._found() if home is None else self._brought_up(home)
        if title := self.said("title"):
            self._post(home, title)
        if self.made:
            return Wrote(What.NEW, tuple(self.made))
        return Wrote(What.CHANGED if self.changed else What.SAME)

    # ---- the organisation

    def _found(self) -> Organisation:
        name = self.said("organisation")
        line, place = finding.pack_line(self.passage, name)
        parent = self._parent()
        ground = Place.objects.get(pk=place) if place else self._ground()
        home = found(
            finding.county(self.passage),
            name=name,
            kind=self._kind(line),
            ground=ground or (parent.ground if parent else county_of(self.passage.county)),
            parent=parent,
            key=finding.pack_key(self.passage, name),
            actor=self.passage.actor,
            at=self.passage.at,
        )
        self.made.append(("organisation", home.pk))
        if not self.said("title") and line is not None:
            self._usual_posts(home, line)
        return home

    def _usual_posts(self, home: Organisation, line: OrganisationLine) -> None:
        """The posts the pack gives such an organisation, where the roster gives none."""
        for one in line.posts:
            post = create_post(
                home,
                title=one.title,
                english=one.english,
                roles=[role.value for role in one.roles],
                key=one.key,
                front_desk=one.front_desk,
                actor=self.passage.actor,
                at=self.passage.at,
            )
            self.made.append(("post", post.pk))

    def _brought_up(self, home: Organisation) -> Organisation:
        """What the row says of an organisation that stands already."""
        says: dict[str, object] = {}
        if self.said("kind") and (kind := self._kind(None)) != home.kind:
            says["kind"] = kind
        if self.said("parent") and (parent := self._parent()) is not None and parent.pk != home.parent_id:
            says["parent"] = parent
        ground = self._ground()
        if ground is not None and ground.pk != home.ground_id and not self.said("title"):
            says["ground"] = ground
        if not says:
            return home
        self.changed = True
        return alter(home, actor=self.passage.actor, at=self.passage.at, **says)

    def _kind(self, line: OrganisationLine | None) -> str:
        kinds = finding.book(self.passage)[OfficesSection].kinds
        if said := self.said("kind"):
            return finding.one_of(self.passage, kinds, said, NAME, "kind")
        if line is not None:
            return line.kind
        raise RowRefused(
            _("It is not said what kind of organisation “%(name)s” is.") % {"name": self.said("organisation")}
        )

    def _parent(self) -> Organisation | None:
        if not (name := self.said("parent")):
            return None
        above = finding.organisation(self.passage, name)
        if above is None:
            raise RowRefused(
                _("The organisation above, “%(name)s”, is not there. Write its own row before this one.")
                % {"name": name}
            )
        return above

    def _ground(self) -> Place | None:
        said = self.said("ground")
        if not said or plain(said) in {plain(word) for word in ("全县", "本县", "县", "县级", "全区", "全市")}:
            return None
        return finding.place(self.passage, said)

    # ---- the post

    def _post(self, home: Organisation, title: str) -> None:
        roles = self._roles()
        ground = self._ground()
        standing = home.posts.filter(title=title, until=None).select_related("organisation__county", "ground").first()
        if standing is None:
            desk = self._desk(home)
            if desk and not roles:
                roles = [Role.DEPARTMENT.value]
            post = create_post(
                home, title=title, roles=roles, ground=ground, front_desk=desk,
                actor=self.passage.actor, at=self.passage.at,
            )  # fmt: skip
            self.made.append(("post", post.pk))
            return
        says: dict[str, object] = {}
        if roles and set(roles) != set(standing.roles):
            says["roles"] = roles
        if ground is not None and ground.pk != standing.ground_id:
            says["ground"] = ground
        if says:
            self._refuse_own_or_officers(standing)
            alter_post(standing, actor=self.passage.actor, at=self.passage.at, **says)
            self.changed = True

    def _refuse_own_or_officers(self, standing: Post) -> None:
        """A sheet changes neither the three officers' posts nor one that whoever adopts it holds herself."""
        if KEPT_APART.intersection(standing.roles):
            raise RowRefused(_("Administrator, security officer and auditor are not brought in by a roster."))
        if held_by([standing], self.passage.actor, localdate(self.passage.at)):
            raise RowRefused(
                _("You hold “%(name)s” yourself; another administrator changes it.") % {"name": standing.full_title}
            )

    def _desk(self, home: Organisation) -> bool:
        taken = home.posts.filter(front_desk=True, until=None).exists()
        said = self.values.get("front_desk")
        if said and taken:
            raise RowRefused(_("“%(name)s” has a post that receives already.") % {"name": home.name})
        nature = finding.book(self.passage)[OfficesSection].nature(home.kind)
        return bool(said) if said is not None else nature in RECEIVING and not taken

    def _roles(self) -> list[str]:
        """What the post does, in the pack's words; several are parted by 、."""
        words = finding.book(self.passage)[RostersSection].words(NAME).values.get("roles", {})
        known = {plain(word): key for key, said in words.items() for word in (key, *said)}
        told = []
        for said in self.said("roles").replace("，", "、").replace(",", "、").replace("；", "、").split("、"):
            if not (word := plain(said)):
                continue
            if word not in known or known[word] not in set(Role):
                offered = "、".join(one[0] for one in words.values() if one)
                raise RowRefused(_("“%(said)s” is not one of: %(values)s.") % {"said": said[:40], "values": offered})
            if known[word] in KEPT_APART:
                raise RowRefused(_("Administrator, security officer and auditor are not brought in by a roster."))
            told.append(known[word])
        return list(dict.fromkeys(told))


def _refuse_taking_along(row: Post | Organisation, name: str) -> None:
    if goes_along(row):
        raise StandsInTheWay(_("Of “%(name)s” there are records by now, of what is owed or done.") % {"name": name})


def unmake(kind: str, pk: int, passage: Passage) -> None:
    """Take back an organisation without posts, or a post that nobody holds and that owes nothing."""
    if kind == "post":
        post = Post.objects.select_for_update().get(pk=pk)
        if post.appointments.exists():
            raise StandsInTheWay(_("Somebody was appointed to “%(name)s”.") % {"name": post.full_title})
        if post.responsibilities.exists():
            raise StandsInTheWay(_("“%(name)s” answers for places.") % {"name": post.full_title})
        _refuse_taking_along(post, post.full_title)
        post.delete()
        return
    home = Organisation.objects.select_for_update().get(pk=pk)
    if home.posts.exists() or home.children.exists():
        raise StandsInTheWay(_("“%(name)s” has posts, or organisations below it.") % {"name": home.name})
    _refuse_taking_along(home, home.name)
    home.delete()


ORGANISATIONS = roster(
    Roster(
        name=NAME,
        title=gettext_lazy("Organisations and posts"),
        hint=gettext_lazy(
            "A row is a post of an organisation. The first post of a department, centre or committee receives what is "
            "sent to it, where no other is marked."
        ),
        fields=FIELDS,
        known_by=("organisation", "title"),
        write=write,
        unmake=unmake,
        order=20,
    )
)
