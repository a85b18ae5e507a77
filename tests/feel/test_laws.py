"""Laws that hold for all values: three-valued logic, numbers, dates, durations, ranges, lists and texts."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from server import feel
from server.kernel.errors import ModelError
from server.kernel.values import YearsMonths

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TRUTHS = st.sampled_from([True, False, None])
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
SMALL = st.integers(-40, 40).map(Decimal)
DAYS = st.dates(date(1, 1, 1), date(9990, 12, 31))
DURATIONS = st.timedeltas(timedelta(days=-3000), timedelta(days=3000))
MONTHS = st.integers(-2000, 2000).map(YearsMonths)


def value(text, **scope):
    return feel.compile(text).evaluate(scope, NOW)


@given(TRUTHS, TRUTHS, TRUTHS)
def test_and_or_and_not_follow_the_laws_of_kleene(a, b, c):
    assert value("not(a and b)", a=a, b=b) is value("not(a) or not(b)", a=a, b=b)
    assert value("a and b", a=a, b=b) is value("b and a", a=a, b=b)
    assert value("a or (b and c)", a=a, b=b, c=c) is value("(a or b) and (a or c)", a=a, b=b, c=c)
    assert value("(a and b) and c", a=a, b=b, c=c) is value("a and (b and c)", a=a, b=b, c=c)
    assert value("not(not(a))", a=a) is a
    assert value("a and true", a=a) is a
    assert value("a or false", a=a) is a


@given(st.lists(TRUTHS, max_size=5))
def test_quantifiers_are_chains_of_and_and_or(items):
    assert value("every x in l satisfies x", l=items) is value("all(l)", l=items)
    assert value("some x in l satisfies x", l=items) is value("any(l)", l=items)
    assert value("every x in l satisfies x", l=items) is value("not(some x in l satisfies not(x))", l=items)


@given(NUMBERS, NUMBERS)
def test_the_order_of_numbers_is_total(a, b):
    assert [value("a < b", a=a, b=b), value("a = b", a=a, b=b), value("a > b", a=a, b=b)].count(True) == 1
    assert value("a <= b", a=a, b=b) is value("not(a > b)", a=a, b=b)
    assert value("a != b", a=a, b=b) is value("not(a = b)", a=a, b=b)


@given(NUMBERS, NUMBERS)
def test_sums_and_differences_are_exact_and_undo_each_other(a, b):
    assert value("a + b - b", a=a, b=b) == a
    assert value("a + b", a=a, b=b) == a + b
    assert value("-(-a)", a=a) == a


@given(st.integers(-(10**12), 10**12).map(Decimal), st.integers(-(10**6), 10**6).filter(bool).map(Decimal))
def test_modulo_is_what_the_floor_of_the_quotient_leaves(a, b):
    assert value("modulo(a, b)", a=a, b=b) == a - b * Decimal(int(a) // int(b))
    assert value("modulo(a, b) = 0 or (modulo(a, b) < 0) = (b < 0)", a=a, b=b) is True


@given(NUMBERS, st.integers(-3, 3).map(Decimal))
def test_rounding_stays_within_one_unit_and_on_its_side(n, scale):
    unit = Decimal(10) ** -int(scale)
    low, high = value("floor(n, s)", n=n, s=scale), value("ceiling(n, s)", n=n, s=scale)
    assert low <= n <= high
    assert high - low in (0, unit)
    for name in ("round up", "round down", "round half up", "round half down", "decimal"):
        assert value(f"{name}(n, s)", n=n, s=scale) in (low, high)
    assert abs(value("round half up(n, s)", n=n, s=scale) - n) <= unit / 2


@given(DAYS, DURATIONS)
def test_a_date_and_time_moved_there_and_back_is_itself(day, gap):
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert value("m + g - g", m=moment, g=gap) == moment
    assert value("(m + g) - m", m=moment, g=gap) == gap


@given(DAYS, st.integers(-3000, 3000))
def test_days_are_counted_as_the_calendar_counts_them(day, count):
    moved = value('d + n * @"P1D"', d=day, n=Decimal(count))
    assert value('(m - d) / @"P1D"', m=moved, d=day) == count
    if type(moved) is date:
        assert moved.toordinal() - day.toordinal() == count
    assert value("modulo(m.weekday - d.weekday - n, 7)", m=moved, d=day, n=Decimal(count)) == 0


@given(DAYS, MONTHS)
def test_months_keep_the_day_or_stop_at_the_end_of_the_month(day, gap):
    moved = value("d + g", d=day, g=gap)
    count = (moved.year - day.year) * 12 + moved.month - day.month
    assert count == gap.months
    assert moved.day == day.day or value('(d + @"P1D").day', d=moved) == 1
    assert moved.day <= day.day


@given(DAYS, DAYS)
def test_whole_months_between_two_dates_never_pass_the_second(start, end):
    gap = value("years and months duration(a, b)", a=start, b=end)
    step = YearsMonths(1 if end >= start else -1)
    reached, beyond = value("a + g", a=start, g=gap), value("a + g + s", a=start, g=gap, s=step)
    assert min(start, end) <= reached <= max(start, end)
    # One month more reaches the second date at the soonest.
    assert beyond is None or (beyond >= end if step.months > 0 else beyond <= end)


@given(DURATIONS, DURATIONS)
def test_durations_add_like_their_seconds(a, b):
    assert value("a + b", a=a, b=b) == a + b
    assert value("a - b + b", a=a, b=b) == a
    assert value("abs(a) = a or abs(a) = -a", a=a) is True


@given(st.integers(-(10**12), 10**12))
def test_the_year_of_any_date_is_read_again_from_its_text(number):
    text = value('string(@"2000-01-01" + n * @"P1D")', n=Decimal(number // 10**4))
    assert value("string(date(t)) = t", t=text) is True


@given(DURATIONS | MONTHS)
def test_a_duration_is_read_again_from_its_text(gap):
    assert value("duration(string(g)) = g", g=gap) is True


@given(SMALL, SMALL, SMALL, st.sampled_from("[("), st.sampled_from("])"))
def test_a_point_is_in_a_range_by_its_two_comparisons(a, b, point, opening, closing):
    low, high = sorted((a, b))
    spans = f"{opening}low..high{closing}"
    above = point > low or (opening == "[" and point == low)
    below = point < high or (closing == "]" and point == high)
    assert value(f"p in {spans}", p=point, low=low, high=high) is (above and below)
    assert value(f"includes({spans}, p)", p=point, low=low, high=high) is (above and below)
    assert feel.compile_unary(spans).test(point, {"low": low, "high": high}, NOW) is (above and below)


RANGES = st.builds(
    lambda ends, o, c: f"{o}{min(ends)}..{max(ends)}{c}",
    st.tuples(st.integers(0, 6), st.integers(0, 6)),
    st.sampled_from("[("),
    st.sampled_from("])"),
)


@settings(max_examples=40)
@given(RANGES, RANGES)
def test_relations_of_ranges_answer_each_other(a, b):
    for one, other in (
        ("before", "after"),
        ("meets", "met by"),
        ("overlaps", "overlaps"),
        ("overlaps before", "overlaps after"),
        ("finishes", "finished by"),
        ("includes", "during"),
        ("starts", "started by"),
        ("coincides", "coincides"),
    ):
        assert value(f"{one}({a}, {b})") is value(f"{other}({b}, {a})")
    assert value(f"before({a}, {b}) or after({a}, {b}) or overlaps({a}, {b})") is True
    assert value(f"coincides({a}, {b})") is value(f"includes({a}, {b}) and includes({b}, {a})")


@given(RANGES)
def test_a_range_is_read_again_from_its_text(span):
    assert value(f"range(string({span})) = {span}") is True


@given(st.lists(SMALL, max_size=8))
def test_lists_keep_their_counts(items):
    assert value("reverse(reverse(l))", l=items) == items
    assert value("count(distinct values(l))", l=items) == len(set(items))
    assert value("sort(l, function(a, b) a < b)", l=items) == sorted(items)
    assert value("count(l[item > 0]) + count(l[item <= 0])", l=items) == len(items)
    assert value("flatten([l, [l]])", l=items) == items + items
    assert value("for i in 1..3 return l", l=items) == [items] * 3


@given(st.text(max_size=12), st.text(min_size=1, max_size=2))
def test_a_text_is_cut_and_joined_again(text, mark):
    before = value("substring before(t, m)", t=text, m=mark)
    if mark in text:
        assert value("substring before(t, m) + m + substring after(t, m)", t=text, m=mark) == text
    assert before in text
    assert value("string length(t)", t=text) == len(text)


@given(st.text(alphabet="abc-", max_size=20))
def test_a_literal_written_by_string_is_read_again(text):
    quoted = value("string([t])", t=text)
    assert value(quoted) == [text]


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_french_but_never_breaks(text):
    with suppress(ModelError):
        feel.compile(text).evaluate({}, NOW)
