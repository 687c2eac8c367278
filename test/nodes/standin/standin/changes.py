"""kubectl's verbs that change objects; with --dry-run nothing is kept."""
import copy
import json
import sys

from . import patching, psa, store
from .config import yaml
from .words import Failure, existing, kind_of, named, namespace_of, not_found, selected

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def suffix(given):
    return {"server": " (server dry run)", "client": " (dry run)"}.get(given.get("dry-run", "none"), "")


def keep(kind, before, after, given):
    """Keeps the object unless it is a dry run, after the warnings and refusals of Pod Security Admission."""
    if given.get("dry-run") != "client" and kind.kind == "Namespace":
        labels = after["metadata"].get("labels", {})
        old = before["metadata"].get("labels", {}) if before else {}
        for warning in psa.label_warnings(after["metadata"]["name"], old, labels):
            print(f"Warning: {warning}", file=sys.stderr)
    if kind.kind == "Pod" and not before and given.get("dry-run") != "client":
        refused = psa.refusal(after)
        if refused:
            source = "STDIN" if given.get("filename", "-") == "-" else given["filename"]
            raise Failure(f'Error from server (Forbidden): error when creating "{source}": {refused}')
    if given.get("dry-run", "none") == "none":
        store.write(kind, after)
        if kind.kind == "Namespace" and not before:
            account = store.build("serviceaccount", "default", after["metadata"]["name"])
            store.write(kind_of("serviceaccounts"), account)


def targets(given, words):
    found = []
    for kind, name in named(words):
        if name is not None:
            found.append((kind, existing(kind, namespace_of(kind, given), name)))
        elif given.get("all") or given.get("selector"):
            found += [(kind, thing) for thing in selected(kind, given, bool(given.get("all-namespaces")))]
        else:
            raise Failure("error: resource(s) were provided, but no name was specified")
    return found


def patch(given, words, _):
    text = given.get("patch")
    if "patch-file" in given:
        with open(given["patch-file"]) as file:
            text = file.read()
    if not text:
        raise Failure("error: must specify --patch or --patch-file containing the contents of the patch")
    try:
        change = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Failure(f"error: unable to parse {text!r}: {error}") from None
    form = given.get("type", "strategic")
    with store.locked():
        for kind, before in targets(given, words):
            after = patching.json_patch(before, change) if form == "json" else \
                patching.merge(before, change, form == "strategic")
            keep(kind, before, after, given)
            note = "" if after != before else " (no change)"
            print(f"{kind.label}/{before['metadata']['name']} patched{suffix(given)}{note}")


def documents(given):
    name = given.get("filename")
    if not name:
        raise Failure("error: must specify one of -f and -k")
    try:
        text = sys.stdin.read() if name == "-" else open(name).read()  # noqa: SIM115
        found = [each for each in yaml.safe_load_all(text) if each]
    except FileNotFoundError:
        raise Failure(f'error: the path "{name}" does not exist') from None
    except yaml.YAMLError as error:
        raise Failure(f"error: error parsing {name if name != '-' else 'STDIN'}: {error}") from None
    flat = [item for each in found for item in (each["items"] if each.get("kind") == "List" else [each])]
    if not flat:
        raise Failure("error: no objects passed to apply")
    return [(kind_by_kind(each), each) for each in flat]


def kind_by_kind(thing):
    kind = store.kind_named(thing.get("kind", ""))
    if not kind:
        raise Failure(f'error: resource mapping not found for name: "{thing.get("metadata", {}).get("name", "")}" '
                      f'namespace: "" from "STDIN": no matches for kind "{thing.get("kind")}" in version '
                      f'"{thing.get("apiVersion")}"')
    return kind


def settle(kind, thing, given):
    meta = thing.setdefault("metadata", {})
    if kind.namespaced:
        meta.setdefault("namespace", given.get("namespace", "default"))
        if not store.read(kind_of("namespaces"), None, meta["namespace"]):
            raise not_found(kind_of("namespaces"), meta["namespace"])
    return thing


def removed(old, new):
    """The merge patch that takes away what the last apply had and this one has not."""
    gone = {key: None for key in old if key not in new}
    for key, value in old.items():
        if isinstance(value, dict) and isinstance(new.get(key), dict):
            inner = removed(value, new[key])
            if inner:
                gone[key] = inner
    return gone


def apply(given, _words, _):
    server_side = bool(given.get("server-side"))
    with store.locked():
        for kind, thing in documents(given):
            wanted = settle(kind, copy.deepcopy(thing), given)
            name = wanted["metadata"]["name"]
            before = store.read(kind, wanted["metadata"].get("namespace"), name)
            after = copy.deepcopy(wanted)
            if before:
                last = json.loads(before["metadata"].get("annotations", {}).get(APPLIED, "{}"))
                after = patching.merge(patching.merge(before, removed(last, wanted)), wanted)
            if not server_side:
                text = json.dumps(wanted, separators=(",", ":"), sort_keys=True) + "\n"
                after["metadata"].setdefault("annotations", {})[APPLIED] = text
            keep(kind, before, after, given)
            word = "created" if not before else "unchanged" if after == before else "configured"
            print(f"{kind.label}/{name} {'serverside-applied' if server_side else word}{suffix(given)}")


def create(given, words, _):
    if words[:1] in (["namespace"], ["ns"]):
        things = [(kind_of("ns"), store.build("namespace", words[1], status={"phase": "Active"}))]
    else:
        things = documents(given)
    with store.locked():
        for kind, thing in things:
            wanted = settle(kind, thing, given)
            name = wanted["metadata"]["name"]
            if store.read(kind, wanted["metadata"].get("namespace"), name):
                raise Failure(f'Error from server (AlreadyExists): {kind.qualified} "{name}" already exists')
            keep(kind, None, wanted, given)
            print(f"{kind.label}/{name} created{suffix(given)}")


def replace(given, _words, _):
    with store.locked():
        for kind, thing in documents(given):
            wanted = settle(kind, thing, given)
            before = existing(kind, wanted["metadata"].get("namespace"), wanted["metadata"]["name"])
            for key in ("uid", "creationTimestamp"):
                wanted["metadata"].setdefault(key, before["metadata"][key])
            keep(kind, before, wanted, given)
            print(f"{kind.label}/{wanted['metadata']['name']} replaced{suffix(given)}")


def delete(given, words, _):
    with store.locked():
        try:
            if "filename" in given:
                found = [(kind, settle(kind, thing, given)) for kind, thing in documents(given)]
                found = [(kind, existing(kind, thing["metadata"].get("namespace"), thing["metadata"]["name"]))
                         for kind, thing in found]
            else:
                found = targets(given, words)
        except Failure:
            if given.get("ignore-not-found"):
                return
            raise
        for kind, thing in found:
            meta = thing["metadata"]
            if not suffix(given):
                store.remove(kind, meta.get("namespace"), meta["name"])
            print(f'{kind.label} "{meta["name"]}" deleted{suffix(given)}')


def marks(field, verb, given, words):
    """label and annotate: key=value sets, key- removes."""
    changes = [word for word in words if "=" in word or word.endswith("-")]
    with store.locked():
        for kind, before in targets(given, [word for word in words if word not in changes]):
            after = copy.deepcopy(before)
            held = after["metadata"].setdefault(field, {})
            for change in changes:
                key, sets, value = change.partition("=")
                if not sets:
                    held.pop(key[:-1], None)
                    continue
                if held.get(key, value) != value and not given.get("overwrite"):
                    raise Failure(f"error: '{key}' already has a value ({held[key]}), and --overwrite is false")
                held[key] = value
            if not held:
                del after["metadata"][field]
            keep(kind, before, after, given)
            taken = all("=" not in change for change in changes) and field == "labels"
            word = f"not {verb}" if after == before and field == "labels" else f"un{verb}" if taken else verb
            print(f"{kind.label}/{before['metadata']['name']} {word}{suffix(given)}")


def label(given, words, _):
    marks("labels", "labeled", given, words)


def annotate(given, words, _):
    marks("annotations", "annotated", given, words)
