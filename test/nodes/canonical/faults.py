"""What the components refuse at their start, in their words."""
import os

from standin import checks
from standin.config import yaml

PLUGINS = {"AlwaysAdmit", "AlwaysPullImages", "DenyServiceExternalIPs", "EventRateLimit", "ImagePolicyWebhook",
           "NamespaceLifecycle", "NodeRestriction", "PodSecurity", "ServiceAccount", "ValidatingAdmissionPolicy",
           "ValidatingAdmissionWebhook"}


def flags(words):
    found = {}
    for word in words:
        name, _, value = word.removeprefix("--").partition("=")
        found[name] = value or "true"
    return found


def missing(path):
    return f"open {path}: no such file or directory" if not os.path.exists(path) else None


def admission(path):
    """Why the API server cannot read its admission configuration."""
    if missing(path):
        return f"failed to read plugin config: unable to read admission control configuration from {path!r} [{missing(path)}]"
    with open(path) as file:
        plugins = (yaml.safe_load(file) or {}).get("plugins") or []
    for plugin in plugins:
        own = plugin.get("path")
        if own and missing(os.path.join(os.path.dirname(path), own)):
            return f"failed to read plugin config: {missing(os.path.join(os.path.dirname(path), own))}"
    return None


def fault(service, words):
    given = flags(words)
    if service == "kubelet" and given.get("protect-kernel-defaults") == "true":
        found = checks.kubelet_faults(True)
        return f'E0101 00:00:00.000000 1 run.go:74] "command failed" err="failed to run Kubelet: [{", ".join(found)}]"' \
            if found else None
    if service != "kube-apiserver":
        return None
    plugins = [name for name in given.get("enable-admission-plugins", "").split(",") if name]
    stranger = next((name for name in plugins if name not in PLUGINS), None)
    if stranger:
        return f'Error: enable-admission-plugins plugin "{stranger}" is unknown'
    policy = given.get("audit-policy-file")
    if policy and missing(policy):
        return f"Error: loading audit policy file: failed to read file path {policy!r}: {missing(policy)}"
    configuration = given.get("admission-control-config-file")
    return admission(configuration) if configuration else None
