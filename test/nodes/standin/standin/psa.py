"""Pod Security Admission, as far as a label or a pod shows it."""
from . import store
from .config import yaml

LEVELS = ["privileged", "baseline", "restricted"]


def quoted(names):
    listed = ", ".join(f'"{name}"' for name in names)
    return f"container {listed}" if len(names) == 1 else f"containers {listed}"


def offenders(spec, test):
    every = spec.get("initContainers", []) + spec.get("containers", [])
    return [each["name"] for each in every if test(each, each.get("securityContext") or {})]


def violations(spec, level):
    """(short reason, with its detail) for each rule of the level that the pod breaks."""
    if level not in LEVELS[1:]:
        return []
    found = []
    whole = spec.get("securityContext") or {}

    def rule(short, detail, names):
        if names:
            found.append((short, f"{short} ({detail.replace('%', quoted(names))})"))

    if level == "restricted":
        rule("allowPrivilegeEscalation != false", "% must set securityContext.allowPrivilegeEscalation=false",
             offenders(spec, lambda _, own: own.get("allowPrivilegeEscalation") is not False))
        rule("unrestricted capabilities", '% must set securityContext.capabilities.drop=["ALL"]',
             offenders(spec, lambda _, own: "ALL" not in (own.get("capabilities") or {}).get("drop", [])))
    host = [key for key in ["hostNetwork", "hostPID", "hostIPC"] if spec.get(key)]
    if host:
        found.append(("host namespaces", f"host namespaces ({', '.join(f'{key}=true' for key in host)})"))
    paths = [each["name"] for each in spec.get("volumes", []) if "hostPath" in each]
    if paths:
        listed = ", ".join(f'"{name}"' for name in paths)
        found.append(("hostPath volumes", f"hostPath volumes ({'volume' if len(paths) == 1 else 'volumes'} {listed})"))
    rule("hostPort", "% uses hostPort", offenders(
        spec, lambda each, _: any(port.get("hostPort") for port in each.get("ports", []))))
    rule("privileged", "% must not set securityContext.privileged=true",
         offenders(spec, lambda _, own: own.get("privileged")))
    if level == "restricted":
        plain = whole.get("runAsNonRoot") is not True
        rule("runAsNonRoot != true", "pod or % must set securityContext.runAsNonRoot=true",
             offenders(spec, lambda _, own: own.get("runAsNonRoot") is False or (plain and not own.get("runAsNonRoot"))))
        unset = not whole.get("seccompProfile")
        rule("seccompProfile", 'pod or % must set securityContext.seccompProfile.type to "RuntimeDefault" or '
             '"Localhost"', offenders(spec, lambda _, own: unset and not own.get("seccompProfile")))
    return found


def defaults():
    """The levels a namespace without labels gets from the file the API server was started with."""
    try:
        with open("/etc/rancher/rke2/rke2-pss.yaml") as file:
            plugins = yaml.safe_load(file)["plugins"]
    except (OSError, KeyError, TypeError):
        return {}, []
    about = next((each["configuration"] for each in plugins if each["name"] == "PodSecurity"), {})
    return about.get("defaults", {}), about.get("exemptions", {}).get("namespaces", [])


def enforced(namespace):
    given, exempt = defaults()
    if namespace in exempt:
        return "privileged", "latest"
    home = store.read(store.kind_named("namespaces"), None, namespace) or {"metadata": {}}
    labels = home["metadata"].get("labels", {})
    label = "pod-security.kubernetes.io/enforce"
    if label in labels:
        return labels[label], labels.get(label + "-version", "latest")
    return given.get("enforce", "privileged"), given.get("enforce-version", "latest")


def label_warnings(namespace, before, after):
    """What the API server warns of when an enforce label gets stricter than the pods that run."""
    label = "pod-security.kubernetes.io/enforce"
    level = after.get(label)
    if level not in LEVELS[1:] or before.get(label) == level:
        return []
    groups = {}
    for pod in store.listing(store.kind_named("pods"), namespace):
        broken = violations(pod["spec"], level)
        if broken:
            groups.setdefault(", ".join(short for short, _ in broken), []).append(pod["metadata"]["name"])
    if not groups:
        return []
    version = after.get(label + "-version", "latest")
    lines = [f'existing pods in namespace "{namespace}" violate the new PodSecurity enforce level "{level}:{version}"']
    for reason, names in sorted(groups.items(), key=lambda group: group[1][0]):
        more = len(names) - 1
        others = f" (and {more} other pod{'s' if more > 1 else ''})" if more else ""
        lines.append(f"{names[0]}{others}: {reason}")
    return lines


def refusal(pod):
    """The API server's refusal of a new pod, or None."""
    namespace = pod["metadata"]["namespace"]
    level, version = enforced(namespace)
    broken = violations(pod["spec"], level)
    if not broken:
        return None
    details = ", ".join(detail for _, detail in broken)
    return f'pods "{pod["metadata"]["name"]}" is forbidden: violates PodSecurity "{level}:{version}": {details}'
