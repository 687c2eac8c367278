"""The objects that a cluster of the snap starts with."""
from standin import objects, store


def seed_node(node, version):
    labels = {"kubernetes.io/hostname": node["name"], "kubernetes.io/os": "linux", "node-role.kubernetes.io/worker": ""}
    if node["role"] == "server":
        labels["node-role.kubernetes.io/control-plane"] = ""
    status = {"addresses": [{"type": "InternalIP", "address": node["address"]}, {"type": "Hostname", "address": node["name"]}],
              "nodeInfo": {"kubeletVersion": version, "osImage": "Debian GNU/Linux"}}
    store.write(store.kind_named("nodes"), store.build("node", node["name"], None, labels, spec={}, status=status))
    agent = {"name": "cilium-agent", "image": "ghcr.io/canonical/cilium", "securityContext": {"privileged": True}}
    store.write(store.kind_named("pods"), objects.pod(f"cilium-{node['name']}", "kube-system", {"k8s-app": "cilium"}, [agent],
                                                      node["name"], hostNetwork=True))


def seed():
    """Makes the first objects; a second call finds them there."""
    about = store.cluster()
    with store.locked():
        if store.read(store.kind_named("namespaces"), None, "default"):
            return
        for name in ["kube-system", "default", "kube-public", "kube-node-lease", "shop"]:
            labels = {"kubernetes.io/metadata.name": name}
            store.write(store.kind_named("namespaces"), store.build(
                "namespace", name, None, labels, spec={"finalizers": ["kubernetes"]}, status={"phase": "Active"}))
            store.write(store.kind_named("serviceaccounts"), store.build("serviceaccount", "default", name))
        for node in about["nodes"]:
            seed_node(node, about["version"])
        last = about["nodes"][-1]["name"]
        objects.seed_workload("kube-system", "coredns", {"k8s-app": "coredns"}, "ghcr.io/canonical/coredns", last)
        objects.seed_workload("shop", "web", {"app": "web"}, "nginx", last)
