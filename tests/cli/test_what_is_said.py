"""By-laws of what a command says of its steps: a step ends with the mark it earned."""

import pytest

from jingwei.cli.said import Steps


@pytest.mark.parametrize(("faults", "warnings", "mark"), [(0, 0, "✓"), (0, 2, "!"), (1, 0, "✗"), (1, 2, "✗")])
def test_a_step_that_found_faults_does_not_end_with_a_tick(
    faults: int, warnings: int, mark: str, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = Steps()
    with steps.step("留痕 · trail") as progress:
        progress.found(faults, warnings)
    began, ended = capsys.readouterr().out.splitlines()
    assert (began, ended.partition("  ")[0]) == ("… 留痕 · trail", f"{mark} 留痕 · trail")


def test_a_step_that_broke_off_is_not_said_to_have_ended(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), Steps().step("留痕 · trail"):
        raise ZeroDivisionError
    assert capsys.readouterr().out == "… 留痕 · trail\n"
