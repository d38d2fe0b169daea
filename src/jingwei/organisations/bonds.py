"""What binds organisations to one another: alliances, agreements with their promises, help, candidates put forward."""

from django.db import models
from django.db.models import Q


class Alliance(models.Model):
    """Organisations around one core: 1+5+N, or a joint working committee 大工委."""

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    sort = models.CharField(max_length=48, help_text="a key of the county's sorts of alliance")
    core = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="leads_alliances")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("county", "name", condition=Q(until=None), name="alliance_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An organisation in an alliance; `part` is one of the standing sorts of member, or empty for a further one."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="memberships")
    part = models.CharField(max_length=48, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("alliance", "organisation", condition=Q(until=None), name="member_once"),
            models.UniqueConstraint("alliance", "organisation", "since", name="member_since_once"),
        ]


class Agreement(models.Model):
    """What two organisations signed: a term, and a list of promises."""

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    sort = models.CharField(max_length=48, help_text="a key of the county's sorts of agreement")
    first = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    second = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, blank=True, related_name="agreements")
    since = models.DateField(help_text="the day it was signed")
    term_until = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="the day it was ended")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(first=models.F("second")), name="agreement_of_two"),
            models.UniqueConstraint("first", "second", "title", "since", name="agreement_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Promise(models.Model):
    """What one of the two promised, and by when."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="promises")
    by = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    words = models.CharField(max_length=200)
    due = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.words


class Fulfilment(models.Model):
    """A day on which a promise was kept, or kept in part, and by what one can tell."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="fulfilments")
    on = models.DateField()
    evidence = models.CharField(max_length=200)
    whole = models.BooleanField(default=True, help_text="nothing of the promise is left to be done")
    post = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("promise", "on", "evidence", name="fulfilled_once")]


class Support(models.Model):
    """What a new organisation is given for a time: room, training, practice in a community."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="supports")
    sort = models.CharField(max_length=48, help_text="a key of the county's list")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "sort", "since", name="support_once")]


class Forming(models.Model):
    """One forming or renewal of an owners' committee, while its candidates are looked at."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="formings")
    renewal = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="when those chosen were appointed, or it was given up")

    class Meta:
        constraints = [models.UniqueConstraint("organisation", condition=Q(until=None), name="one_forming_at_a_time")]


class Candidate(models.Model):
    """Who was put forward for an owners' committee, and whether those who look at candidates had an objection.

    Who looked is never who put her forward. Nothing is kept of an objection but its key.
    """

    forming = models.ForeignKey(Forming, models.PROTECT, related_name="candidates")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="candidacies")
    put_forward_by = models.BigIntegerField(null=True, help_text="the person who put her forward")
    put_forward_on = models.DateField()
    settled_on = models.DateField(null=True)
    passed = models.BooleanField(null=True)
    objection = models.CharField(max_length=48, blank=True)
    settled_by = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("forming", "person", name="candidate_once"),
            models.CheckConstraint(
                condition=Q(passed=None, settled_on=None) | Q(passed__isnull=False, settled_on__isnull=False),
                name="candidate_settled_wholly",
            ),
        ]
