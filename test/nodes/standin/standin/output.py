"""How kubectl prints objects."""
import datetime
import json

from . import jsonpath, store
from .config import yaml


def age(thing):
    made = datetime.datetime.strptime(thing["metadata"]["creationTimestamp"], "%Y-%m-%dT%H:%M:%SZ")
    seconds = max(0, int((datetime.datetime.utcnow() - made).total_seconds()))
    for unit, size in [("d", 86400), ("h", 3600), ("m", 60)]:
        if seconds >= 2 * size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def ready_of(pod):
    states = pod.get("status", {}).get("containerStatuses", [])
    return f"{sum(each['ready'] for each in states)}/{len(pod['spec']['containers'])}"


def node_status(node):
    ready = next((each for each in node["status"].get("conditions", []) if each["type"] == "Ready"), None)
    status = "Ready" if ready and ready["status"] == "True" else "NotReady"
    return status + (",SchedulingDisabled" if node["spec"].get("unschedulable") else "")


def node_roles(node):
    prefix = "node-role.kubernetes.io/"
    roles = [key[len(prefix):] for key in node["metadata"].get("labels", {}) if key.startswith(prefix)]
    return ",".join(sorted(roles)) or "<none>"


def ratio(thing):
    return f"{thing.get('status', {}).get('readyReplicas', 0)}/{thing['spec'].get('replicas', 1)}"


COLUMNS = {
    "Pod": [("READY", ready_of), ("STATUS", lambda pod: pod.get("status", {}).get("phase", "Pending")),
            ("RESTARTS", lambda _: "0")],
    "Node": [("STATUS", node_status), ("ROLES", node_roles)],
    "Namespace": [("STATUS", lambda thing: thing.get("status", {}).get("phase", "Active"))],
    "Deployment": [("READY", ratio)],
    "NetworkPolicy": [("POD-SELECTOR", lambda thing: ",".join(
        f"{key}={value}" for key, value in thing["spec"].get("podSelector", {}).get("matchLabels", {}).items())
        or "<none>")],
    "ServiceAccount": [("SECRETS", lambda thing: str(len(thing.get("secrets", []))))],
    "Service": [("CLUSTER-IP", lambda thing: thing["spec"].get("clusterIP", "<none>"))],
    "PodSecurityPolicy": [("PRIV", lambda thing: str(thing["spec"].get("privileged", False)).lower())],
}


def table(things, everywhere, headers):
    columns = [("NAME", lambda thing: thing["metadata"]["name"]), *COLUMNS.get(things[0]["kind"], []), ("AGE", age)]
    if things[0]["kind"] == "Node":
        columns.append(("VERSION", lambda node: node["status"]["nodeInfo"]["kubeletVersion"]))
    if everywhere and things[0]["metadata"].get("namespace"):
        columns.insert(0, ("NAMESPACE", lambda thing: thing["metadata"]["namespace"]))
    rows = [[title for title, _ in columns]] if headers else []
    rows += [[value(thing) for _, value in columns] for thing in things]
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    return "".join("   ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() + "\n" for row in rows)


def spelled(value):
    """A value as Go prints it, which is how maps and lists stand in a column."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{spelled(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(spelled(each) for each in value) + "]"
    return jsonpath.shown(value)


def custom_columns(spec, things, headers):
    columns = [column.split(":", 1) for column in spec.split(",")]
    rows = [[title for title, _ in columns]] if headers else []
    for thing in things:
        values = [jsonpath.walk([thing], jsonpath.normal(path)) for _, path in columns]
        rows.append([",".join(spelled(value) for value in found) or "<none>" for found in values])
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))] if rows else []
    return "".join("   ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() + "\n" for row in rows)


def show(things, form, single, everywhere=False, headers=True):
    whole = things[0] if single else {"apiVersion": "v1", "items": things, "kind": "List",
                                      "metadata": {"resourceVersion": ""}}
    if form == "json":
        return json.dumps(whole, indent=4) + "\n"
    if form == "yaml":
        return yaml.safe_dump(whole, sort_keys=True)
    if form == "name":
        return "".join(f"{store.kind_named(thing['kind']).label}/{thing['metadata']['name']}\n" for thing in things)
    if form.startswith("jsonpath="):
        return jsonpath.render(form.partition("=")[2].strip("'"), whole)
    if form.startswith("custom-columns="):
        return custom_columns(form.partition("=")[2], things, headers)
    if form not in ("", "wide"):
        raise jsonpath.BadPath(f"error: unable to match a printer suitable for the output format \"{form}\"")
    return table(things, everywhere, headers) if things else ""
