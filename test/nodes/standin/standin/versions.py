"""What each RKE2 version accepts and does, by the tags of its source."""
import re


def parse(version):
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    return tuple(int(part) for part in found.groups())


def at_least(version, minimum, patches):
    """True from the given patch of each minor line, and from the minor line `minimum` on."""
    _, minor, patch = parse(version)
    return minor >= minimum or (minor in patches and patch >= patches[minor])


def knows_etcd_profile(version):
    return at_least(version, 34, {30: 14, 31: 10, 32: 6, 33: 2})


def accepted_profiles(version):
    _, minor, patch = parse(version)
    if minor < 20 or (minor == 20 and patch < 5):
        return ["cis-1.5"]
    if minor < 25:
        return ["cis-1.5", "cis-1.6"]
    if knows_etcd_profile(version):
        return ["cis", "etcd"]
    if at_least(version, 29, {25: 15, 26: 10, 27: 7, 28: 2}):
        return ["cis-1.23", "cis"]
    return ["cis-1.23"]


def private_manifests(version):
    return at_least(version, 29, {25: 15, 26: 10, 27: 7, 28: 3})


def shortens_tokens(version):
    return at_least(version, 35, {31: 14, 32: 10, 33: 6, 34: 2})


def has_pod_security_admission(version):
    return parse(version)[1] >= 25


def kubelet_drop_in(version):
    return parse(version)[1] >= 32


def exempt_namespaces(version):
    _, minor, patch = parse(version)
    if at_least(version, 36, {33: 10, 34: 6, 35: 3}):
        return ["kube-system", "compliance-operator-system", "tigera-operator"]
    if (minor, patch) == (25, 0):
        return ["kube-system", "cis-operator-system"]
    return ["kube-system", "cis-operator-system", "tigera-operator"]


def system_policies(version):
    """(annotation suffix, name part, pod labels, ports) of the policies that only kube-system gets."""
    nginx = {"app.kubernetes.io/name": "rke2-ingress-nginx"}
    found = [("dns", {"k8s-app": "kube-dns"}, [("TCP", 53), ("UDP", 53)])]
    if at_least(version, 25, {22: 13, 23: 10, 24: 4}):
        found.append(("ingress", nginx, [("TCP", "http"), ("TCP", "https")]))
    if at_least(version, 30, {26: 14, 27: 11, 28: 7, 29: 2}):
        webhook = {"app.kubernetes.io/name": "rke2-snapshot-validation-webhook"}
        found.append(("ingress-webhook", nginx, [("TCP", "webhook")]))
        found.append(("snapshot-validation-webhook", webhook, [("TCP", "https")]))
        found.append(("metrics-server", {"app": "rke2-metrics-server"}, [("TCP", "https")]))
    if at_least(version, 31, {30: 4}):
        found.append(("traefik", {"app.kubernetes.io/name": "rke2-traefik"}, [("TCP", "web"), ("TCP", "websecure")]))
    return found
