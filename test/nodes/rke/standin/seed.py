#!/usr/bin/python3
"""The objects that a cluster of rke starts with; a second call finds them there."""
import sys

sys.path[:0] = ["/usr/local/lib/rke2-standin"]
from standin import objects, store  # noqa: E402

about = store.cluster()
with store.locked():
    if store.read(store.kind_named("namespaces"), None, "default"):
        sys.exit(0)
    for name in ["kube-system", "default", "kube-public", "kube-node-lease", "ingress-nginx", "cattle-system", "shop"]:
        labels = {"kubernetes.io/metadata.name": name}
        store.write(store.kind_named("namespaces"), store.build(
            "namespace", name, None, labels, spec={"finalizers": ["kubernetes"]}, status={"phase": "Active"}))
        store.write(store.kind_named("serviceaccounts"), store.build("serviceaccount", "default", name))
    for node in about["nodes"]:
        roles = ["controlplane", "etcd"] if node["role"] == "server" else ["worker"]
        labels = {"kubernetes.io/hostname": node["name"], "kubernetes.io/os": "linux",
                  **{f"node-role.kubernetes.io/{role}": "true" for role in roles}}
        status = {"addresses": [{"type": "InternalIP", "address": node["address"]}],
                  "nodeInfo": {"kubeletVersion": about["version"].partition("-")[0], "osImage": "Debian GNU/Linux"}}
        thing = store.build("node", node["name"], None, labels, spec={}, status=status)
        thing["metadata"]["annotations"] = {"rke.cattle.io/internal-ip": node["address"]}
        store.write(store.kind_named("nodes"), thing)
        canal = {"name": "calico-node", "image": "rancher/mirrored-calico-node", "securityContext": {"privileged": True}}
        store.write(store.kind_named("pods"), objects.pod(f"canal-{node['name']}", "kube-system", {"k8s-app": "canal"},
                                                          [canal], node["name"], hostNetwork=True))
    objects.seed_workload("shop", "web", {"app": "web"}, "nginx", about["nodes"][-1]["name"])
