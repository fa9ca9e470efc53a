"""Lines of a plan file, as an officer would write them."""

import json

from shuangsuiji.core.plan import AnyDistrict, Neighbours, OtherPool, RaiseCap, Relaxation


def relaxation_lines(relaxation: Relaxation, name: str) -> str:
    """One `[[relaxation]]` of a plan file (人员不足时的放宽), with its name for people; ends with a line feed."""
    return f"[[relaxation]]\nname = {_text(name)}\n{_keys(relaxation)}"


def _keys(relaxation: Relaxation) -> str:
    match relaxation:
        case RaiseCap(cap):
            return f"cap = {cap}\n"
        case AnyDistrict(slot):
            return f'slot = "{slot}"\ndistrict = "any"\n'
        case Neighbours(slot, districts):
            pairs = (f"{_text(name)} = {_texts(others)}" for name, others in districts.items())
            return f'slot = "{slot}"\nneighbours = {{ {", ".join(pairs)} }}\n'
        case OtherPool(slot, pool):
            return f'slot = "{slot}"\npool = {json.dumps(pool.source, ensure_ascii=False)}\n'


def _text(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's too, but that it leaves U+007F alone."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, texts))}]"
