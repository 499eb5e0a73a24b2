"""Strict JSON and RFC 8785, from `spec/events.md`, sections 2 to 4, alone."""
import decimal
import json
import re

SAFE = 2**53 - 1


class Invalid(Exception):
    """The code of the finding (`event.…`) without its first part."""


class Number(str):
    """A number as it was written."""

    def integer(self):
        return int(self) if re.fullmatch(r"0|[1-9][0-9]{0,15}", self) and int(self) <= SAFE else None


def number(text):
    digits = re.split("[eE]", text)[0].strip("-")
    if not digits.replace(".", "").strip("0"):
        return Number(text)
    try:
        double = float(text)
        exact = double not in (0, float("inf"), float("-inf")) and decimal.Decimal(text) == decimal.Decimal(repr(double))
    except (ArithmeticError, ValueError):
        exact = False
    if not exact:
        raise Invalid("number-inexact")
    return Number(text)


def members(pairs):
    value = {}
    for name, member in pairs:
        if name in value:
            raise Invalid("duplicate-name")
        value[name] = member
    return value


def constant(text):
    raise Invalid("malformed")


def too_deep(text):
    depth = 0
    for bracket in re.findall(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', text):
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > 64:
            return True
    return False


def has_lone_surrogate(value):
    if isinstance(value, dict):
        return any(has_lone_surrogate(x) for pair in value.items() for x in pair)
    if isinstance(value, list):
        return any(map(has_lone_surrogate, value))
    return isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value)


def parse(data):
    """The object in these bytes; raises Invalid."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("unicode") from None
    if text.startswith("\ufeff"):
        raise Invalid("unicode")
    if too_deep(text):
        raise Invalid("too-deep")
    try:
        value = json.loads(text, object_pairs_hook=members, parse_float=number, parse_int=number, parse_constant=constant)
    except ValueError:
        raise Invalid("malformed") from None
    if not isinstance(value, dict):
        raise Invalid("malformed")
    if has_lone_surrogate(value):
        raise Invalid("unicode")
    return value


def ecmascript(text):
    """The number as ECMAScript writes its double."""
    double = float(text)
    if double == 0:
        return "0"
    sign, digits, exponent = decimal.Decimal(repr(double)).normalize().as_tuple()
    digits = "".join(map(str, digits))
    point = len(digits) + exponent
    if 0 < point <= 21:
        body = digits.ljust(point, "0") if len(digits) <= point else digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        body = "0." + "0" * -point + digits
    else:
        body = digits[0] + ("." + digits[1:] if digits[1:] else "") + "e" + ("+" if point > 0 else "-") + str(abs(point - 1))
    return ("-" if sign else "") + body


SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text):
    return '"' + "".join(SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def written(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(quoted(name) + ":" + written(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, Number):
        return ecmascript(value)
    if isinstance(value, str):
        return quoted(value)
    return {True: "true", False: "false", None: "null"}[value]


def canonical(value, without=()):
    return written({name: member for name, member in value.items() if name not in without}).encode()
