"""The rows of casework: cases and their rounds, standings, acts, words, clocks and motions."""

from django.db import models
from django.db.models import Q

from jingwei.casework.kinds import Ending, Kind, Stage, kind_named
from jingwei.people.locked import LockedText

OPEN, CONFIDENTIAL = 0, 1

WHOLLY_TOLD = 3.0
"""The mark of a case whose owner was told that it is late; nothing of its clock is left to be told."""
UNTOLD = models.Case(models.When(is_open=True, told_share__lt=WHOLLY_TOLD, then="due_at"))
"""The due time of a case of whose clock something is left to be told; an index knows it by this expression alone."""

WATCHED = Q(supervised=True) | Q(urged__gt=0) | Q(returned__gt=0)
"""What those who watch over work look at first, where it is still open."""


class Case(models.Model):
    """One matter, from the moment it came in until it ended in front of whoever asked.

    What every kind has is a column; what only its kind has is `record`. `ground_path` is the ground
    as it is now; standings keep the ground as it was. `due_at` is the earliest due time of the clocks
    that run, derived from the ledger. Unknown moments are null, never invented.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="cases", db_index=False)
    edition = models.ForeignKey("policy.Edition", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=24)
    code_mark = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=120)
    stage = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    grade = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=60, blank=True)
    request_class = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=40)
    tier = models.PositiveSmallIntegerField(default=OPEN)
    record = models.JSONField(default=dict)

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    ground_path = models.CharField(max_length=80, db_collation="C")
    where = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    owner = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="owes", db_index=False)
    lead = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="leads", db_index=False)
    opened_by = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    asker = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="asked", db_index=False)
    asks_back = models.BooleanField(default=False, help_text="the asker can be rung up and asked")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_index=False)
    main = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined_to_it", db_index=False)

    received_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True)
    told_share = models.FloatField(default=0, help_text="how far through its clock the owner was last told")
    source_system = models.CharField(max_length=40, blank=True)
    source_number = models.CharField(max_length=60, blank=True)

    urged = models.PositiveSmallIntegerField(default=0)
    returned = models.PositiveSmallIntegerField(default=0)
    redone = models.PositiveSmallIntegerField(default=0)
    extended = models.PositiveSmallIntegerField(default=0)
    supervised = models.BooleanField(default=False)
    arbitrated = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_told = models.BooleanField(default=False, help_text="told by telephone, and kept apart")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.UniqueConstraint(
                "county",
                "source_system",
                "source_number",
                name="case_from_source_once",
                condition=~Q(source_number=""),
            ),
            models.CheckConstraint(condition=Q(is_open=True) | Q(owner=None), name="ended_case_owes_nothing"),
            models.CheckConstraint(condition=Q(is_open=True) | Q(due_at=None), name="ended_case_runs_no_clock"),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="rating_of_five_levels"),
        ]
        indexes = [
            models.Index("owner", "due_at", "id", name="case_owed", condition=Q(is_open=True)),
            models.Index(fields=["due_at", "-id"], name="case_due", condition=Q(due_at__isnull=False)),
            models.Index(UNTOLD, "told_share", name="case_untold"),
            models.Index("ground_path", "id", name="case_by_ground"),
            models.Index("code_mark", name="case_by_code", condition=~Q(code_mark="")),
            models.Index(fields=["county", "-id"], name="case_newest"),
            models.Index(fields=["county", "category", "-id"], name="case_of_sort"),
            models.Index("asker", name="case_of_asker", condition=Q(asker__isnull=False)),
            models.Index("parent", name="case_of_parent", condition=Q(parent__isnull=False)),
            models.Index("main", name="case_joined", condition=Q(main__isnull=False)),
            models.Index(fields=["due_at", "-id"], name="case_watched", condition=Q(is_open=True) & WATCHED),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stands_by_itself(self) -> bool:
        """Whether it was opened by a bad rating of the case it hangs on: neither of the two waits for the other."""
        return self.parent is not None and self.parent.of_kind.rectified_by == self.kind

    @property
    def of_kind(self) -> type[Kind]:
        """The declaration this case follows."""
        return kind_named(self.kind)

    @property
    def at_stage(self) -> Stage:
        """Where the case stands."""
        return self.of_kind.stages[self.stage]

    @property
    def met(self) -> bool:
        """Whether the case ended by doing what was asked for."""
        stage = self.at_stage
        return isinstance(stage, Ending) and stage.met


class Hand(models.Model):
    """An organisation whose hands have been on a case; what an organisation sees is read from here."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="hands", db_index=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "case", name="hand_once")]


class Round(models.Model):
    """One going-through of a case; a reopening begins the next. Figures count rounds."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=40, blank=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_told = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    redone = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("case", "number", name="round_once")]


class Standing(models.Model):
    """An interval in which a case stood at one stage, with one owner, on one ground, in one tier."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="standings")
    round = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=40)
    owner = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    ground_path = models.CharField(max_length=80, db_collation="C")
    tier = models.PositiveSmallIntegerField(default=OPEN)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", name="stands_in_one_place", condition=Q(current=True)),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=models.F("since")),
                name="standing_runs_forward",
            ),
        ]


class Act(models.Model):
    """One thing done on a case: the line of its timeline. `works` counts against closing in the same round."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="acts", db_index=False)
    round = models.PositiveSmallIntegerField()
    verb = models.CharField(max_length=60)
    step = models.CharField(max_length=40, blank=True)
    works = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    actor_kind = models.CharField(max_length=8)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField(max_length=200, help_text="the actor's title as it was")
    at = models.DateTimeField(null=True)
    from_stage = models.CharField(max_length=40, blank=True)
    to_stage = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    key = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("key", name="act_once", condition=Q(key__isnull=False))]
        indexes = [models.Index("case", "id", name="act_of_case")]


class Statement(models.Model):
    """Words said with an act; locked at rest, and erasable, so the trail keeps only their digest."""

    act = models.ForeignKey(Act, models.CASCADE, related_name="statements")
    case = models.ForeignKey(Case, models.CASCADE, related_name="statements")
    name = models.CharField(max_length=40, help_text="the need it answers, or what it is: matter, reply, remark")
    words = LockedText()
    public = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)


class Attachment(models.Model):
    """A photograph that came with an act."""

    act = models.ForeignKey(Act, models.CASCADE, related_name="attachments")
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)


class ClockRun(models.Model):
    """One run of a named clock in a round, as the ledger's entries make it; replaying them gives the same row.

    `state`: running, paused, stopped, or unknown (a calendar is missing, or the moment it stopped is not known).
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks", db_index=False)
    round = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    run = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10)
    since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    left_ms = models.BigIntegerField(null=True)
    stopped_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("case", "round", "name", "run", name="clock_run_once")]
        indexes = [models.Index("due_at", name="clock_that_waits", condition=Q(name="waiting", state="running"))]

    @property
    def late(self) -> bool | None:
        """Whether the run stopped after its due time; None where either moment is not known or it still runs."""
        if self.stopped_at is None or self.due_at is None:
            return None
        return self.stopped_at > self.due_at


class ClockEntry(models.Model):
    """One entry of the ledger of clocks: what happened to a clock, when, by which rule of which edition.

    told_at: when it was written down here, which may be long after `at`.
    """

    clock = models.ForeignKey(ClockRun, models.CASCADE, related_name="entries")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField(null=True)
    span = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True)
    rule = models.CharField(max_length=120)
    edition = models.ForeignKey("policy.Edition", models.PROTECT, related_name="+", db_index=False)
    told_at = models.DateTimeField()


class Deadline(models.Model):
    """When a round was due, as its answering clock said over an interval, and as far as that was known over another.

    It stood from `at` (None: nobody knows since when) to before `until`, and was known from `told_at` to before
    `untold_at`. `stopped`: it had been answered by then, at `at`. On hold, or where no due time is known, there is
    none. So a past moment can be asked what was owed, as it was known then; the ledger says why.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines", db_index=False)
    round = models.PositiveSmallIntegerField()
    clock = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    stopped = models.BooleanField(default=False)
    at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    told_at = models.DateTimeField()
    untold_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("case", "round", name="deadlines_of_round"),
            models.Index("due_at", name="deadlines_by_day"),
            models.Index("until", "due_at", name="deadlines_not_met", condition=Q(stopped=False)),
        ]


class Motion(models.Model):
    """Something put to a post about a case, and what came of it: extension, hold, supervision, instruction.

    The clock of a motion is its own; the case goes on meanwhile.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="motions")
    round = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=20)
    raised = models.ForeignKey(Act, models.CASCADE, related_name="raises", db_index=False)
    by = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    to = models.ForeignKey("organisations.Post", models.PROTECT, related_name="motions", db_index=False)
    asked_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    settled = models.ForeignKey(Act, models.CASCADE, null=True, related_name="settles", db_index=False)
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "sort", name="one_motion_of_a_sort", condition=Q(settled=None)),
        ]
        indexes = [models.Index("to", "due_at", name="motion_owed", condition=Q(settled=None))]
