"""The kubectl command: where the server is, what may be asked of it, and its words when it cannot answer."""
import os
import sys

from . import changes, flags, jsonpath, knobs, patching, queries, store, workloads
from .words import Failure

VERBS = {
    "get": queries.get, "version": queries.version, "exec": queries.execute, "api-resources": queries.resources,
    "auth": queries.may, "wait": queries.wait, "patch": changes.patch, "apply": changes.apply,
    "create": changes.create, "replace": changes.replace, "delete": changes.delete, "label": changes.label,
    "annotate": changes.annotate, "rollout": workloads.rollout, "cordon": workloads.cordon, "uncordon": workloads.uncordon,
    "drain": workloads.drain,
}


def server(given):
    """The address kubectl would talk to, by its kubeconfig."""
    path = given.get("kubeconfig") or os.environ.get("KUBECONFIG")
    if not path:
        path = os.path.expanduser("~/.kube/config")
        if not os.path.exists(path):
            return "localhost:8080"
    try:
        with open(path):
            return "127.0.0.1:6443"
    except FileNotFoundError:
        raise Failure(f"error: stat {path}: no such file or directory") from None
    except PermissionError:
        raise Failure(f'error: error loading config file "{path}": open {path}: permission denied') from None


def answers(address):
    if address != "127.0.0.1:6443" or knobs.knob("apiserver-down") is not None:
        return False
    return any(store.runs(node["name"], "kube-apiserver") for node in store.cluster()["nodes"] if node["role"] == "server")


def run(words):
    given, left, command = flags.parse(words)
    verb = left.pop(0) if left else ""
    if verb not in VERBS:
        raise Failure(f'error: unknown command "{verb}" for "kubectl" (or one the stand-in does not know)')
    if verb == "version" and given.get("client"):
        return queries.version(given, left, command)
    address = server(given)
    if not answers(address):
        raise Failure(f"The connection to the server {address} was refused - did you specify the right host or port?")
    return VERBS[verb](given, left, command)


def main(words):
    try:
        return run(words) or 0
    except (Failure, flags.BadFlag, jsonpath.BadPath, patching.BadPatch) as failure:
        print(failure, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 141


