"""The part of kubectl's JSONPath that people use: fields, quoted and escaped names, indexes, [*], filters, range."""
import json
import re

from . import patching

STEP = re.compile(
    r"\.(?P<star>\*)|\.(?P<field>(?:\\.|[\w/-])+)|\[(?P<all>\*)\]|\[(?P<index>-?\d+)\]"
    r"|\[['\"](?P<quoted>[^'\"]+)['\"]\]|\[\?\(@(?P<path>[^=!<>]*?)\s*(?:(?P<op>==|!=)\s*(?P<value>[^)]+))?\)\]")


class BadPath(Exception):
    pass


def literal(text):
    text = text.strip()
    if text[:1] in "'\"":
        return text[1:-1]
    return json.loads(text)


def walk(values, path):
    at = 0
    while at < len(path):
        found = STEP.match(path, at)
        if not found:
            raise BadPath(f"error: error parsing jsonpath {path}")
        at = found.end()
        values = [result for value in values for result in step(value, found)]
    return values


def step(value, found):
    if found["star"] or found["all"]:
        return list(value.values()) if isinstance(value, dict) else list(value or [])
    if found["index"] is not None:
        wanted = int(found["index"])
        return [value[wanted]] if isinstance(value, list) and -len(value) <= wanted < len(value) else []
    name = found["quoted"] or (re.sub(r"\\(.)", r"\1", found["field"]) if found["field"] else None)
    if name is not None:
        return [value[name]] if isinstance(value, dict) and name in value else []
    kept = []
    for each in value or []:
        inner = walk([each], found["path"].strip())
        if found["op"] is None:
            matches = bool(inner)
        else:
            matches = (inner[:1] == [literal(found["value"])]) == (found["op"] == "==")
        if matches:
            kept.append(each)
    return kept


def shown(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def render(template, root):
    parts = re.findall(r"\{((?:\"(?:\\.|[^\"])*\"|'(?:\\.|[^'])*'|[^{}])*)\}|([^{}]+)", template)
    text, rest = block(parts, root)
    if rest:
        raise BadPath("error: error parsing jsonpath: not in range, nothing to end")
    return text


def block(parts, root):
    out, parts = [], list(parts)
    while parts:
        code, plain = parts.pop(0)
        code = code.strip()
        if plain:
            out.append(plain)
        elif code == "end":
            return "".join(out), [("end", ""), *parts]
        elif code.startswith("range "):
            rest = skip(parts)
            for value in walk([root], normal(code[6:].strip())):
                out.append(block(parts, value)[0])
            parts = rest
        elif code[:1] in "'\"":
            out.append(patching.unescape(code[1:-1]))
        else:
            out.append(" ".join(shown(value) for value in walk([root], normal(code))))
    return "".join(out), []


def normal(path):
    path = path.removeprefix("$").removeprefix("@")
    if path == ".":
        return ""
    return path if path[:1] in ".[" or not path else "." + path


def skip(parts):
    depth = 1
    for at, (code, _) in enumerate(parts):
        depth += code.strip().startswith("range ")
        depth -= code.strip() == "end"
        if depth == 0:
            return parts[at + 1:]
    raise BadPath("error: error parsing jsonpath: unterminated range")
