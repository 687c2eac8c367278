"""What RKE2 and the kubelet refuse, in their words."""
import random

from . import config as configuration
from . import versions

KERNEL = {"vm.overcommit_memory": 1, "vm.panic_on_oom": 0, "kernel.panic": 10, "kernel.panic_on_oops": 1}
KUBELET = {**KERNEL, "kernel.keys.root_maxkeys": 1000000, "kernel.keys.root_maxbytes": 25000000}


class Refusal(Exception):
    pass


def kernel_value(key):
    path = "/proc/sys/" + key.replace(".", "/")
    try:
        with open(path) as file:
            return int(file.read())
    except FileNotFoundError:
        raise Refusal(f"open {path}: no such file or directory") from None


def kernel_faults():
    faults = []
    # The vendor walks an unordered map: nobody may rely on an order.
    for key, wanted in random.sample(list(KERNEL.items()), len(KERNEL)):
        value = kernel_value(key)
        if value != wanted:
            faults.append(f"invalid kernel parameter value {key}={value} - expected {wanted}")
    return faults


def listed(path, name):
    with open(path) as file:
        return any(line.split(":")[0] == name for line in file)


def etcd_faults(role):
    if role != "server":
        return []
    faults = []
    if not listed("/etc/passwd", "etcd"):
        faults.append("missing required: user: unknown user etcd")
    if not listed("/etc/group", "etcd"):
        faults.append("missing required: group: unknown group etcd")
    return faults


def refuse(faults):
    if faults:
        raise Refusal("".join(fault + "\n" for fault in faults))


def profile(config, version, role):
    """The effective profile, or the vendor's refusal."""
    value = configuration.text(config, "profile")
    if value == "":
        return ""
    if value not in versions.accepted_profiles(version):
        raise Refusal("invalid value provided for --profile flag")
    together = not versions.knows_etcd_profile(version)
    if together:
        refuse(etcd_faults(role) + kernel_faults())
    elif value == "cis":
        refuse(kernel_faults())
    if value != "etcd":
        kept = configuration.text(config, "protect-kernel-defaults")
        if kept and kept.lower() != "true":
            raise Refusal(f"--protect-kernel-defaults must be true when using --profile={value}")
    if not together:
        refuse(etcd_faults(role))
    return value


def kubelet_faults(protects_kernel_defaults):
    if not protects_kernel_defaults:
        return []
    found = []
    for key, wanted in KUBELET.items():
        value = kernel_value(key)
        if value != wanted:
            slashes = key.replace(".", "/")
            found.append(f"invalid kernel flag: {slashes}, expected value: {wanted}, actual value: {value}")
    return found
