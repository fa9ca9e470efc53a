"""Public drawings and what they gave, as an officer writes them."""

from shuangsuiji.core.seed import Announced, Drawing, PublicValue


def announced(text: str) -> Announced:
    """A public value to come: `kl8:2021088`, or with fallbacks `kl8:2021088/kl8:2021089`.

    ValueError if it has not that form.
    """
    first, *fallback = map(_drawing, text.split("/"))
    return Announced(first.source, first.issue, tuple(fallback))


def public_value(text: str) -> PublicValue:
    """A public value: `fc3d:2021088=052`. ValueError if it has not that form."""
    drawing, equals, value = text.partition("=")
    if not equals:
        raise ValueError(text)
    own = _drawing(drawing)
    return PublicValue(own.source, own.issue, value.strip())


def _drawing(text: str) -> Drawing:
    source, colon, issue = text.strip().partition(":")
    if not colon:
        raise ValueError(text)
    return Drawing(source, issue)
