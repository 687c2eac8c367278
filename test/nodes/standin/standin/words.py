"""Arguments that name objects, and kubectl's words for those that are not there."""
from . import store


class Failure(Exception):
    """What kubectl prints on its error stream before it exits with 1."""


def kind_of(name):
    kind = store.kind_named(name)
    if not kind or (kind.plural == "podsecuritypolicies" and not policies_served()):
        raise Failure(f'error: the server doesn\'t have a resource type "{name}"')
    return kind


def policies_served():
    from . import versions
    return not versions.has_pod_security_admission(store.cluster()["version"])


def namespace_of(kind, given):
    return given.get("namespace", "default") if kind.namespaced else None


def named(words):
    """[(kind, name or None)] of words such as `pods`, `sa default`, `ns/shop`, `sa,netpol`."""
    if not words:
        raise Failure("error: You must specify the type of resource to get. Use \"kubectl api-resources\" for a "
                      "complete list of supported resources.")
    if "/" in words[0]:
        pairs = [word.partition("/") for word in words]
        return [(kind_of(kind), name) for kind, _, name in pairs]
    kinds = [kind_of(each) for each in words[0].split(",")]
    return [(kind, name) for kind in kinds for name in (words[1:] or [None])]


def not_found(kind, name):
    return Failure(f'Error from server (NotFound): {kind.qualified} "{name}" not found')


def existing(kind, namespace, name):
    thing = store.read(kind, namespace, name)
    if thing is None:
        raise not_found(kind, name)
    return thing


def matches(thing, selector):
    """Whether the labels satisfy a selector of a=b, a!=b, a and !a."""
    labels = thing["metadata"].get("labels", {})
    for part in filter(None, (selector or "").split(",")):
        key, differs, value = part.partition("!=")
        if differs:
            fits = labels.get(key) != value
        elif "=" in part:
            key, _, value = part.replace("==", "=").partition("=")
            fits = labels.get(key) == value
        elif part.startswith("!"):
            fits = part[1:] not in labels
        else:
            fits = part in labels
        if not fits:
            return False
    return True


def selected(kind, given, everywhere=False):
    namespace = None if everywhere else namespace_of(kind, given)
    found = [thing for thing in store.listing(kind, namespace) if matches(thing, given.get("selector"))]
    for part in filter(None, given.get("fields", "").split(",")):
        path, _, value = part.replace("==", "=").partition("=")
        found = [thing for thing in found if field(thing, path) == value]
    return found


def field(thing, path):
    for word in path.split("."):
        thing = thing.get(word, {}) if isinstance(thing, dict) else {}
    return thing or ""
