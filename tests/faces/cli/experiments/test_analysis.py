"""Analysis."""

from datetime import date, timedelta


def test_rows_out_of_order_and_columns_twice_are_refused(run, tmp_path):
    file = tmp_path / "x.csv"
    days = [date(2025, 1, 6) + timedelta(weeks=n) for n in range(30)]
    file.write_text(
        "week,y\n" + "".join(f"{day},{n % 7}\n" for n, day in enumerate(reversed(days)))
    )
    asked = ["experiment", "analyse", str(file), "--outcome", "y", "--from", "20"]
    assert "not in order of time" in run(*asked, code=1)
