from architecture import odd_table


def test_the_parameters_in_odd_are_those_of_the_program() -> None:
    assert odd_table.ODD.read_text(encoding="utf-8") == odd_table.written() + odd_table.table()
