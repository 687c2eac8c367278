"""Merge patches and JSON patches."""
import copy
import json

KEYED = {"containers": "name", "volumes": "name", "env": "name", "ports": "containerPort", "initContainers": "name"}


class BadPatch(Exception):
    pass


def unescape(text):
    return json.loads('"' + text.replace('"', '\\"') + '"')


def merge(target, patch, strategic=False):
    """RFC 7386; the strategic form also merges the lists that have a key."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif strategic and key in KEYED and isinstance(value, list) and isinstance(result.get(key), list):
            result[key] = merge_list(result[key], value, KEYED[key])
        else:
            result[key] = merge(result.get(key), value, strategic)
    return result


def merge_list(target, patch, key):
    result = list(target)
    for item in patch:
        at = next((at for at, old in enumerate(result) if old.get(key) == item.get(key)), None)
        if at is None:
            result.append(item)
        else:
            result[at] = merge(result[at], item, True)
    return result


def find(target, pointer):
    words = [word.replace("~1", "/").replace("~0", "~") for word in pointer.split("/")[1:]]
    for word in words[:-1]:
        try:
            target = target[int(word)] if isinstance(target, list) else target[word]
        except (KeyError, IndexError, ValueError):
            raise BadPatch("The request is invalid: the server rejected our request due to an error in our request"
                           ) from None
    return target, words[-1]


def json_patch(target, operations):
    result = copy.deepcopy(target)
    for operation in operations:
        holder, word = find(result, operation["path"])
        at = (len(holder) if word == "-" else int(word)) if isinstance(holder, list) else word
        verb = operation["op"]
        there = at < len(holder) if isinstance(holder, list) else at in holder
        if verb == "test":
            if not there or holder[at] != operation["value"]:
                raise BadPatch(f"The request is invalid: testing path {operation['path']} value failed")
        elif verb == "add" and isinstance(holder, list):
            holder.insert(at, operation["value"])
        elif verb == "add" or (verb == "replace" and there):
            holder[at] = operation["value"]
        elif verb == "remove" and there:
            del holder[at]
        else:
            raise BadPatch("The request is invalid: the server rejected our request due to an error in our request")
    return result
