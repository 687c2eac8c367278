"""The objects a cluster starts with, and what a profile changes in them."""
import time

from . import store, versions

CORE = ["kube-system", "default", "kube-public"]


def running(containers, node, owner=None, **spec):
    meta = {"ownerReferences": [owner]} if owner else {}
    ready = [{"name": each["name"], "ready": True, "restartCount": 0} for each in containers]
    status = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": ready,
              "startTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    return meta, {"spec": {"nodeName": node, "containers": containers, **spec}, "status": status}


def pod(name, namespace, labels, containers, node, owner=None, **spec):
    meta, rest = running(containers, node, owner, **spec)
    thing = store.build("pod", name, namespace, labels, **rest)
    thing["metadata"].update(meta)
    return thing


def seed_static_pods(node, version):
    names = ["kube-proxy"]
    if node["role"] == "server":
        names += ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "cloud-controller-manager"]
    kind = store.kind_named("pods")
    for name in names:
        container = {"name": name, "image": f"index.docker.io/rancher/hardened-kubernetes:{version.replace('+', '-')}"}
        privileged = {"securityContext": {"privileged": True}} if name == "kube-proxy" else {}
        store.write(kind, pod(f"{name}-{node['name']}", "kube-system", {"component": name, "tier": "control-plane"},
                              [{**container, **privileged}], node["name"], hostNetwork=True))


def seed_nodes(nodes, version):
    for node in nodes:
        labels = {"kubernetes.io/hostname": node["name"], "kubernetes.io/os": "linux"}
        if node["role"] == "server":
            for role in ["control-plane", "etcd", "master"]:
                labels[f"node-role.kubernetes.io/{role}"] = "true"
        status = {
            "addresses": [{"type": "InternalIP", "address": node["address"]},
                          {"type": "Hostname", "address": node["name"]}],
            "nodeInfo": {"kubeletVersion": version, "osImage": "Debian GNU/Linux"},
        }
        store.write(store.kind_named("nodes"), store.build("node", node["name"], None, labels, spec={}, status=status))
        seed_static_pods(node, version)
        container = {"name": "calico-node", "image": "rancher/hardened-calico", "securityContext": {"privileged": True}}
        store.write(store.kind_named("pods"), pod(f"rke2-canal-{node['name']}", "kube-system", {"k8s-app": "canal"},
                                                  [container], node["name"], hostNetwork=True))


def seed_workload(namespace, name, labels, image, node):
    container = {"name": name, "image": image, "ports": [{"containerPort": 8080}]}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    deployment = store.build("deployment", name, namespace, labels, spec={
        "replicas": 1, "selector": {"matchLabels": labels}, "template": template,
    }, status={"replicas": 1, "readyReplicas": 1, "availableReplicas": 1, "updatedReplicas": 1})
    store.write(store.kind_named("deployments"), deployment)
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{name}-6d4b75cb6d", "controller": True}
    store.write(store.kind_named("pods"), pod(f"{name}-6d4b75cb6d-x7k2p", namespace, labels, [container], node, owner))


def seed():
    """Makes the first objects; a second call finds them there."""
    about = store.cluster()
    nodes, version = about["nodes"], about["version"]
    namespaces = store.kind_named("namespaces")
    if store.read(namespaces, None, "default"):
        return
    for name in [*CORE, "kube-node-lease", "shop"]:
        labels = {"kubernetes.io/metadata.name": name}
        store.write(namespaces, store.build("namespace", name, None, labels, spec={"finalizers": ["kubernetes"]},
                                            status={"phase": "Active"}))
        store.write(store.kind_named("serviceaccounts"), store.build("serviceaccount", "default", name))
    seed_nodes(nodes, version)
    first = nodes[0]["name"]
    seed_workload("kube-system", "rke2-coredns-rke2-coredns", {"k8s-app": "kube-dns"}, "rancher/hardened-coredns", first)
    seed_workload("shop", "web", {"app": "web"}, "nginx", nodes[-1]["name"])
    port = [{"name": "udp-53", "port": 53, "protocol": "UDP"}, {"name": "tcp-53", "port": 53, "protocol": "TCP"}]
    store.write(store.kind_named("services"), store.build(
        "service", "rke2-coredns-rke2-coredns", "kube-system", {"k8s-app": "kube-dns"},
        spec={"clusterIP": "10.43.0.10", "ports": port, "selector": {"k8s-app": "kube-dns"}}))
    if not versions.has_pod_security_admission(version):
        profile_policies(False)


def policy(name, annotation, namespace, selector, ingress):
    thing = store.build("networkpolicy", name, namespace, spec={
        "podSelector": selector, "policyTypes": ["Ingress"], "ingress": ingress})
    thing["metadata"]["annotations"] = {annotation: "resolved"}
    return thing


def network_policies(version):
    """Each policy is guarded by an annotation of its namespace: while that is there, RKE2 leaves the policy alone."""
    namespaces, policies = store.kind_named("namespaces"), store.kind_named("networkpolicies")
    wanted = [(name, "np.rke2.io", "default-network-policy", {}, [{"from": [{"podSelector": {}}]}]) for name in CORE]
    for part, labels, ports in versions.system_policies(version):
        allowed = [{"ports": [{"protocol": protocol, "port": port} for protocol, port in ports]}]
        wanted.append(("kube-system", f"np.rke2.io/{part}", f"default-network-{part}-policy",
                       {"matchLabels": labels}, allowed))
    for namespace, annotation, name, selector, ingress in wanted:
        home = store.read(namespaces, None, namespace)
        marks = home["metadata"].setdefault("annotations", {})
        if annotation in marks:
            continue
        if store.read(policies, namespace, name):
            store.remove(policies, namespace, name)
        store.write(policies, policy(name, annotation, namespace, selector, ingress))
        marks[annotation] = "resolved"
        store.write(namespaces, home)


def profile_policies(restricted):
    kind = store.kind_named("podsecuritypolicies")
    names = ["global-restricted-psp", "system-unrestricted-psp"] if restricted else ["global-unrestricted-psp"]
    for name in names:
        free = "unrestricted" in name
        store.write(kind, store.build("podsecuritypolicy", name, spec={
            "privileged": free, "allowPrivilegeEscalation": free,
            "runAsUser": {"rule": "RunAsAny" if free else "MustRunAsNonRoot"}}))
    gone = "global-unrestricted-psp"
    if restricted and store.read(kind, None, gone):
        store.remove(kind, None, gone)


def apply_profile(version):
    """What switching a CIS profile on changes in the cluster, at every start."""
    network_policies(version)
    accounts = store.kind_named("serviceaccounts")
    for namespace in [*CORE, "kube-node-lease"]:
        account = store.read(accounts, namespace, "default")
        if account:
            account["automountServiceAccountToken"] = False
            store.write(accounts, account)
    if not versions.has_pod_security_admission(version):
        profile_policies(True)
