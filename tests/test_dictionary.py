"""The data dictionary on paper is the one in the code."""

from tools.make_dictionary import PAGE, dictionary


def test_the_page_says_what_the_records_declare() -> None:
    assert PAGE.read_text("utf-8") == dictionary(), "run: python -m tools.make_dictionary"
