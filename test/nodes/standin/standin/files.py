"""The files RKE2 leaves on a node."""
import json
import os
import pwd

from . import arguments, versions
from .config import yaml


def write(path, content, mode):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)


def write_once(path, content, mode):
    if not os.path.exists(path):
        write(path, content, mode)


def pem(kind):
    return f"-----BEGIN {kind}-----\nc3RhbmQtaW4=\n-----END {kind}-----\n"


def certificates(folder, names):
    for name in names:
        write_once(f"{folder}/{name}.crt", pem("CERTIFICATE"), 0o644)
        write_once(f"{folder}/{name}.key", pem("EC PRIVATE KEY"), 0o600)


def kubeconfig(user):
    cluster = {"server": "https://127.0.0.1:6443", "certificate-authority-data": "c3RhbmQtaW4="}
    return yaml.safe_dump({
        "apiVersion": "v1", "kind": "Config", "current-context": "default",
        "clusters": [{"name": "default", "cluster": cluster}],
        "contexts": [{"name": "default", "context": {"cluster": "default", "user": user}}],
        "users": [{"name": user, "user": {"client-key-data": "c3RhbmQtaW4="}}],
    })


def agent_files(config, data, version):
    mode = 0o600 if versions.private_manifests(version) else 0o644
    for name in ["kubelet", "kubeproxy", "rke2controller"]:
        write(f"{data}/agent/{name}.kubeconfig", kubeconfig(name), mode)
    certificates(f"{data}/agent", ["serving-kubelet", "client-kubelet", "client-kube-proxy"])
    for name in ["client-ca", "server-ca"]:
        write(f"{data}/agent/{name}.crt", pem("CERTIFICATE"), mode)
    if versions.kubelet_drop_in(version):
        path = f"{data}/agent/etc/kubelet.conf.d/00-rke2-defaults.conf"
        write(path, json.dumps(arguments.kubelet_drop_in(config, data)), 0o600)
    write("/etc/cni/net.d/10-canal.conflist", '{"name":"k8s-pod-network","cniVersion":"0.3.1"}\n', 0o600)
    os.makedirs("/var/lib/cni/networks/k8s-pod-network", exist_ok=True)
    write("/var/lib/cni/networks/k8s-pod-network/lock", "", 0o750)
    for name in ["kubectl", "crictl"]:
        link = f"{data}/bin/{name}"
        os.makedirs(f"{data}/bin", exist_ok=True)
        if not os.path.lexists(link):
            os.symlink(f"/usr/local/lib/rke2-standin/{name}", link)


def pss(mode, version):
    if mode == "cis":
        defaults = {"enforce": "restricted", "enforce-version": "latest", "audit": "restricted",
                    "audit-version": "latest", "warn": "restricted", "warn-version": "latest"}
        exempt = versions.exempt_namespaces(version)
    else:
        defaults, exempt = {"enforce": "privileged", "enforce-version": "latest"}, []
    settings = {
        "apiVersion": "pod-security.admission.config.k8s.io/v1beta1", "kind": "PodSecurityConfiguration",
        "defaults": defaults, "exemptions": {"usernames": [], "runtimeClasses": [], "namespaces": exempt},
    }
    return yaml.safe_dump({
        "apiVersion": "apiserver.config.k8s.io/v1", "kind": "AdmissionConfiguration",
        "plugins": [{"name": "PodSecurity", "configuration": settings}],
    }, sort_keys=False)


def server_files(data, version, mode, audit_policy, own_pss):
    tls = f"{data}/server/tls"
    certificates(tls, ["client-ca", "server-ca", "request-header-ca", "client-admin", "client-kube-apiserver",
                       "client-controller", "client-scheduler", "serving-kube-apiserver"])
    certificates(f"{tls}/etcd", ["server-ca", "peer-ca", "client", "server-client", "peer-server-client"])
    for name in ["service", "service.current"]:
        write_once(f"{tls}/{name}.key", pem("RSA PRIVATE KEY"), 0o600)
    private = 0o600 if versions.private_manifests(version) else 0o644
    for name in ["admin", "api-server", "controller", "scheduler", "cloud-controller"]:
        write(f"{data}/server/cred/{name}.kubeconfig", kubeconfig(name), private)
    provider = {"aescbc": {"keys": [{"name": "aescbckey", "secret": "c3RhbmQtaW4="}]}}
    write_once(f"{data}/server/cred/encryption-config.json", json.dumps({
        "kind": "EncryptionConfiguration", "apiVersion": "apiserver.config.k8s.io/v1",
        "resources": [{"resources": ["secrets"], "providers": [provider, {"identity": {}}]}],
    }), 0o600)
    write_once(f"{data}/server/token", "K10standin::server:standin\n", 0o600)
    write("/etc/rancher/rke2/rke2.yaml", kubeconfig("default"), 0o600)
    if versions.has_pod_security_admission(version) and not own_pss:
        write("/etc/rancher/rke2/rke2-pss.yaml", pss(mode, version), 0o600)
    if audit_policy:
        policy = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "metadata": {}, "rules": [{"level": "None"}]}
        write_once(audit_policy, yaml.safe_dump(policy), 0o600)
        write_once(f"{data}/server/logs/audit.log", "", 0o600)


def etcd_config(data, node):
    tls = f"{data}/server/tls/etcd"

    def trust(name, ca):
        return {"cert-file": f"{tls}/{name}.crt", "key-file": f"{tls}/{name}.key", "client-cert-auth": True,
                "trusted-ca-file": f"{tls}/{ca}.crt"}
    return yaml.safe_dump({
        "name": node["name"], "data-dir": f"{data}/server/db/etcd",
        "listen-client-urls": f"https://127.0.0.1:2379,https://{node['address']}:2379",
        "listen-metrics-urls": "http://127.0.0.1:2381",
        "client-transport-security": trust("server-client", "server-ca"),
        "peer-transport-security": trust("peer-server-client", "peer-ca"),
    })


def etcd_owner():
    account = pwd.getpwnam("etcd")
    return account.pw_uid, account.pw_gid


def chown_tree(path, uid, gid):
    os.lchown(path, uid, gid)
    for folder, folders, names in os.walk(path):
        for name in folders + names:
            os.lchown(os.path.join(folder, name), uid, gid)


def etcd_files(data, node, mode, leave_database):
    """Writes etcd's folder; under a profile it is etcd's own, but for the database where the old etcd wrote it again."""
    home = f"{data}/server/db/etcd"
    database = f"{home}/member/snap/db"
    os.makedirs(home, exist_ok=True)
    os.chmod(home, 0o700)
    for part in ["member/snap", "member/wal"]:
        os.makedirs(f"{home}/{part}", mode=0o700, exist_ok=True)
    write_once(f"{home}/name", node["name"] + "-5f3a1c2e", 0o600)
    write_once(database, "stand-in\n", 0o600)
    write(f"{home}/config", etcd_config(data, node), 0o600)
    if not mode:
        return
    uid, gid = etcd_owner()
    chown_tree(home, uid, gid)
    chown_tree(f"{data}/server/tls/etcd", uid, gid)
    if leave_database:
        os.chown(database, 0, 0)


def static_pod(name, image, command, security, host_path):
    container = {"name": name, "image": image, "command": command[:1], "args": command[1:]}
    spec = {"hostNetwork": True, "priorityClassName": "system-cluster-critical", "containers": [container],
            "volumes": [{"name": "dir0", "hostPath": {"path": host_path}}]}
    if security:
        spec["securityContext"] = security
    return yaml.safe_dump({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "kube-system", "labels": {"component": name, "tier": "control-plane"}},
        "spec": spec,
    }, sort_keys=False)
