"""The cluster's objects: one JSON file each, in a folder that all nodes of the cluster share."""
import contextlib
import copy
import fcntl
import json
import os
import time
import uuid

HOME = "/var/lib/rke2-standin"
KINDS = [
    # plural, kind, apiVersion, namespaced, short names
    ("pods", "Pod", "v1", True, ["po"]),
    ("nodes", "Node", "v1", False, ["no"]),
    ("namespaces", "Namespace", "v1", False, ["ns"]),
    ("serviceaccounts", "ServiceAccount", "v1", True, ["sa"]),
    ("services", "Service", "v1", True, ["svc"]),
    ("secrets", "Secret", "v1", True, []),
    ("configmaps", "ConfigMap", "v1", True, ["cm"]),
    ("events", "Event", "v1", True, ["ev"]),
    ("deployments", "Deployment", "apps/v1", True, ["deploy"]),
    ("daemonsets", "DaemonSet", "apps/v1", True, ["ds"]),
    ("statefulsets", "StatefulSet", "apps/v1", True, ["sts"]),
    ("networkpolicies", "NetworkPolicy", "networking.k8s.io/v1", True, ["netpol"]),
    ("podsecuritypolicies", "PodSecurityPolicy", "policy/v1beta1", False, ["psp"]),
    ("clusterroles", "ClusterRole", "rbac.authorization.k8s.io/v1", False, []),
    ("clusterrolebindings", "ClusterRoleBinding", "rbac.authorization.k8s.io/v1", False, []),
    ("roles", "Role", "rbac.authorization.k8s.io/v1", True, []),
    ("rolebindings", "RoleBinding", "rbac.authorization.k8s.io/v1", True, []),
    ("helmchartconfigs", "HelmChartConfig", "helm.cattle.io/v1", True, []),
    ("apiservices", "APIService", "apiregistration.k8s.io/v1", False, []),
]


class Kind:
    def __init__(self, plural, kind, version, namespaced, short):
        self.plural, self.kind, self.version, self.namespaced = plural, kind, version, namespaced
        group = version.rpartition("/")[0]
        self.qualified = f"{plural}.{group}" if group else plural
        singular = kind.lower()
        self.label = f"{singular}.{group}" if group else singular
        self.names = {plural, singular, self.qualified, self.label, kind.lower(), *short}


def kind_named(name):
    for row in KINDS:
        kind = Kind(*row)
        if name.lower() in kind.names:
            return kind
    return None


def cluster():
    with open(f"{HOME}/cluster.json") as file:
        return json.load(file)


def this_node():
    name = os.uname().nodename
    return next((node for node in cluster()["nodes"] if node["name"] == name), {"name": name, "address": "127.0.0.1"})


@contextlib.contextmanager
def locked():
    with open(f"{HOME}/lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def mark_up(name):
    """Holds the mark for as long as this process lives, however it ends."""
    os.makedirs(f"{HOME}/up", exist_ok=True)
    file = open(f"{HOME}/up/{name}", "a")  # noqa: SIM115
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def is_up(name):
    try:
        with open(f"{HOME}/up/{name}") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True


def runs(name, part):
    """Whether a part of a node runs, where each has its own mark; else whether the node's only unit does."""
    parts = cluster().get("parts")
    return parts == "always" or is_up(f"{name}.{part}" if parts else name)


def path(kind, namespace, name):
    return f"{HOME}/objects/{kind.plural}/{namespace or '_'}/{name}.json"


def read(kind, namespace, name):
    try:
        with open(path(kind, namespace, name)) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def listing(kind, namespace=None):
    base = f"{HOME}/objects/{kind.plural}"
    found = []
    for folder in sorted(os.listdir(base)) if os.path.isdir(base) else []:
        if namespace and folder != namespace:
            continue
        for name in sorted(os.listdir(f"{base}/{folder}")):
            if name.endswith(".json"):
                with open(f"{base}/{folder}/{name}") as file:
                    found.append(json.load(file))
    return found


def write(kind, thing):
    """Writes an object whole; whoever reads sees the old one or the new one."""
    meta = thing["metadata"]
    before = read(kind, meta.get("namespace"), meta["name"])
    changed = copy.deepcopy(thing)
    meta = changed["metadata"]
    meta.setdefault("uid", str(uuid.uuid4()))
    meta.setdefault("creationTimestamp", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    if before and {**before, "metadata": {**before["metadata"], "resourceVersion": ""}} == \
            {**changed, "metadata": {**meta, "resourceVersion": ""}}:
        return before
    meta["resourceVersion"] = str(time.monotonic_ns() // 1000)
    target = path(kind, meta.get("namespace"), meta["name"])
    for last in (False, True):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        try:
            with open(target + ".new", "w") as file:
                json.dump(changed, file, indent=1)
            os.replace(target + ".new", target)
            break
        except FileNotFoundError:
            # Its folder was emptied and taken away by another call meanwhile.
            if last:
                raise
    return changed


def remove(kind, namespace, name):
    target = path(kind, namespace, name)
    os.unlink(target)
    # What held nothing before holds nothing again: a test compares the folders too.
    for folder in (os.path.dirname(target), os.path.dirname(os.path.dirname(target))):
        try:
            os.rmdir(folder)
        except OSError:
            break


def build(kind_name, name, namespace=None, labels=None, **rest):
    kind = kind_named(kind_name)
    meta = {"name": name}
    if namespace:
        meta["namespace"] = namespace
    if labels:
        meta["labels"] = labels
    return {"apiVersion": kind.version, "kind": kind.kind, "metadata": meta, **rest}
