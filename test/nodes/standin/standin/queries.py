"""kubectl's verbs that only look."""
import json
import os
import sys

from . import output, store
from .words import Failure, existing, kind_of, named, namespace_of, selected


def live(thing):
    """A node is Ready while its unit runs; everything else is as stored."""
    if thing["kind"] != "Node":
        return thing
    name = thing["metadata"]["name"]
    up = store.runs(name, "kubelet") and not os.path.exists(f"{store.HOME}/not-ready/{name}")
    ready = {"type": "Ready", "status": "True" if up else "Unknown",
             "reason": "KubeletReady" if up else "NodeStatusUnknown"}
    return {**thing, "status": {**thing["status"], "conditions": [ready]}}


def health():
    """The checks of /readyz; etcd fails without a majority of its members."""
    servers = [node["name"] for node in store.cluster()["nodes"] if node["role"] == "server"]
    quorum = sum(store.runs(name, "etcd") for name in servers) > len(servers) // 2
    checks = [("ping", True), ("log", True), ("etcd", quorum), ("etcd-readiness", quorum), ("informer-sync", True),
              ("poststarthook/start-apiextensions-controllers", True), ("shutdown", True)]
    return quorum, [f"[+]{name} ok" if fine else f"[-]{name} failed: reason withheld" for name, fine in checks]


def raw(path):
    name, _, query = path.partition("?")
    if name in ("/readyz", "/livez", "/healthz"):
        fine, lines = health()
        word = name.strip("/")
        if not fine and name != "/livez":
            body = "\\n".join([*lines, f"{word} check failed"])
            raise Failure(f'Error from server (InternalError): an error on the server ("{body}") has prevented the '
                          "request from succeeding")
        print("\n".join([*lines, f"{word} check passed"]) if "verbose" in query else "ok")
    elif name == "/version":
        print(json.dumps({"gitVersion": store.cluster()["version"]}))
    else:
        raise Failure("Error from server (NotFound): the server could not find the requested resource")


def get(given, words, _):
    if "raw" in given:
        return raw(given["raw"])
    targets = named(words)
    everywhere = bool(given.get("all-namespaces"))
    single = len(targets) == 1 and targets[0][1] is not None
    found, missing = [], []
    for kind, name in targets:
        if name is None:
            found += selected(kind, given, everywhere)
            continue
        try:
            found.append(existing(kind, namespace_of(kind, given), name))
        except Failure as failure:
            if not given.get("ignore-not-found"):
                missing.append(failure)
    form = given.get("output", "")
    if not found and (missing or single):
        if missing:
            raise missing[0]
        return 0
    things = [live(thing) for thing in found]
    if form in ("", "wide"):
        show_tables(things, everywhere, given, targets)
    else:
        sys.stdout.write(output.show(things, form, single, everywhere, not given.get("no-headers")))
    for failure in missing:
        print(failure, file=sys.stderr)
    return 1 if missing else 0


def show_tables(things, everywhere, given, targets):
    if not things:
        place = "" if everywhere or not targets[0][0].namespaced else \
            f" in {given.get('namespace', 'default')} namespace"
        print(f"No resources found{place}{'.' if place else ''}", file=sys.stderr)
    for plural in dict.fromkeys(thing["kind"] for thing in things):
        group = [thing for thing in things if thing["kind"] == plural]
        sys.stdout.write(output.show(group, "", False, everywhere, not given.get("no-headers")))


def version(given, _words, _command):
    number = store.cluster()["version"]
    if given.get("output") == "json":
        about = {"clientVersion": {"gitVersion": number}}
        if not given.get("client"):
            about["serverVersion"] = {"gitVersion": number}
        print(json.dumps(about, indent=2))
    else:
        print(f"Client Version: {number}" + ("" if given.get("client") else f"\nServer Version: {number}"))


def resources(_given, _words, _command):
    print("NAME   SHORTNAMES   APIVERSION   NAMESPACED   KIND")
    for plural, kind, api, namespaced, short in store.KINDS:
        try:
            kind_of(plural)
        except Failure:
            continue
        print(f"{plural}   {','.join(short)}   {api}   {str(namespaced).lower()}   {kind}")


def may(_given, words, _command):
    if words[:1] != ["can-i"]:
        raise Failure("error: the stand-in knows only auth can-i")
    print("yes")


def wait(given, words, _command):
    kind, name = named(words)[0]
    thing = live(existing(kind, namespace_of(kind, given), name))
    wanted = given.get("for", "").partition("=")[2].lower()
    for condition in thing.get("status", {}).get("conditions", []):
        if condition["type"].lower() == wanted and condition["status"] == "True":
            print(f"{kind.label}/{name} condition met")
            return 0
    raise Failure(f"error: timed out waiting for the condition on {kind.plural}/{name}")


def execute(given, words, command):
    """Only what asks etcd how it is."""
    pod = existing(kind_of("pods"), given.get("namespace", "default"), words[0].removeprefix("pod/"))
    text = " ".join(command)
    if pod["metadata"].get("labels", {}).get("component") != "etcd" or "etcdctl" not in text:
        raise Failure("error: Internal error occurred: the stand-in runs no containers")
    if not store.is_up(pod["spec"]["nodeName"]):
        raise Failure("error: Internal error occurred: error sending request: connection refused")
    worst = 0
    for node in [node for node in store.cluster()["nodes"] if node["role"] == "server"]:
        if "--cluster" not in text and "member" not in text and node["name"] != pod["spec"]["nodeName"]:
            continue
        address = f"https://{node['address']}:2379"
        up = store.is_up(node["name"])
        if "member list" in text:
            print(f"8e9e05c52164694d, started, {node['name']}-5f3a1c2e, {address.replace('2379', '2380')}, {address}, false")
        elif up:
            print(f"{address} is healthy: successfully committed proposal: took = 5.628ms")
        else:
            print(f"{address} is unhealthy: failed to commit proposal: context deadline exceeded", file=sys.stderr)
            worst = 1
    if worst:
        print("Error: unhealthy cluster", file=sys.stderr)
    return worst
