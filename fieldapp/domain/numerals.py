"""Chinese numerals as they are spoken and typed: 十二点五, 一百零五, 两亩半, 二〇一八."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")}
_DIGITS |= {"○": 0, "两": 2, "貳": 2, "陸": 6, "叄": 3}
_STEPS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_SIGNS = {"负": "-", "正": "+"}


def read_numeral(text: str) -> str | tuple[str, str] | None:
    """The numeral in Western digits; both readings when it has two (一百二: 120 or 102); None when it is no numeral."""
    sign = ""
    if text[:1] in _SIGNS:
        sign, text = _SIGNS[text[0]], text[1:]
    text, half = (text[:-1], True) if text.endswith("半") else (text, False)
    text = text.removesuffix("个") if half else text
    whole, point, fraction = text.partition("点")
    if half and (point or not text):
        return sign + "0.5" if not text else None
    value = _whole(whole)
    if isinstance(value, tuple):
        return (sign + value[0], sign + value[1]) if not point and not half else None
    digits = _digits(fraction) if point else ("5" if half else "")
    if value is None or digits is None or (point and not digits):
        return None
    return f"{sign}{value}.{digits}" if digits else f"{sign}{value}"


def _digits(text: str) -> str | None:
    """One digit a character, Chinese or Western."""
    found = [str(_DIGITS[c]) if c in _DIGITS else c for c in text]
    return "".join(found) if all(re.fullmatch("[0-9]", c) for c in found) else None


def _whole(text: str) -> str | tuple[str, str] | None:
    if not text:
        return None
    spelled = _digits(text)
    if spelled is not None:
        return spelled
    high, ten_thousand, low = text.partition("万")
    if not ten_thousand:
        return _section(text)
    upper, lower = _section(high), _section(low) if low else "0"
    if not isinstance(upper, str) or not isinstance(lower, str) or (low[:1] in _DIGITS and len(low) == 1):
        return None
    return str(int(upper) * 10_000 + int(lower))


def _section(text: str) -> str | tuple[str, str] | None:
    """A numeral below ten thousand; steps must fall, as in 一千二百三十四."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    total, last, zero, digit = 0, 10_000, False, None
    for position, character in enumerate(text):
        if character in _STEPS:
            step = _STEPS[character]
            if step >= last or (digit is None and not (step == 10 and position == 0)):
                return None
            total, last, digit, zero = total + (1 if digit is None else digit) * step, step, None, False
        elif character in _DIGITS and digit is None:
            value = _DIGITS[character]
            zero, digit = (True, None) if value == 0 else (zero, value)
        else:
            return None
    if digit is None:
        return str(total)
    if last >= 100 and last < 10_000 and not zero:
        return str(total + digit * (last // 10)), str(total + digit)
    return str(total + digit)
