"""The desk, where officials work, as Django knows it."""

from collections.abc import Collection, Mapping

from django.apps import AppConfig


class Desk(AppConfig):
    """`jingwei.doors.desk`."""

    name = "jingwei.doors.desk"
    label = "desk"

    def ready(self) -> None:
        """Say where a notice about a case leads."""
        from jingwei.notices.links import register

        register("case", addresses_of_cases)


def addresses_of_cases(ids: Collection[int]) -> Mapping[int, str]:
    """Where cases stand on the desk, by their ids, in one query."""
    from jingwei.casework.models import Case

    numbers = Case.objects.filter(pk__in=ids).values_list("pk", "number")
    return {pk: f"/desk/case/{number}/" for pk, number in numbers}
