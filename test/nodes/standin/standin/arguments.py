"""Argument lists of the processes RKE2 starts."""
from . import config as configuration
from . import resolver, versions


def overlay(defaults, given):
    """RKE2's defaults with the operator's key=value over them: his replace a default and pile up among themselves."""
    keys = [each.partition("=")[0] for each in given]
    kept = [f"--{key}={value}" for key, value in defaults.items() if key not in keys]
    return sorted(kept + ["--" + each for each in given])


def apiserver(config, version, mode, data, node):
    tls = f"{data}/server/tls"
    own = ["--admission-control-config-file=" + configuration.text(
        config, "pod-security-admission-config-file", "/etc/rancher/rke2/rke2-pss.yaml")]
    if not versions.has_pod_security_admission(version):
        own = []
    given = configuration.extra(config, "kube-apiserver-arg")
    policy = configuration.text(config, "audit-policy-file")
    if mode == "cis" and not policy:
        policy = "/etc/rancher/rke2/audit-policy.yaml"
    if policy:
        own += ["--audit-policy-file=" + policy, "--audit-log-maxage=30", "--audit-log-maxbackup=10",
                "--audit-log-maxsize=100"]
        if not any(each.startswith("audit-log-path=") for each in given):
            own.append(f"--audit-log-path={data}/server/logs/audit.log")
    if mode == "cis" and versions.shortens_tokens(version):
        own.append("--service-account-extend-token-expiration=false")
    own += ["--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
            "--enable-admission-plugins=NodeRestriction" if versions.has_pod_security_admission(version)
            else "--enable-admission-plugins=NodeRestriction,PodSecurityPolicy"]
    return own + overlay({
        "advertise-address": node["address"],
        "allow-privileged": "true",
        "anonymous-auth": "false",
        "api-audiences": "https://kubernetes.default.svc.cluster.local,rke2",
        "authorization-mode": "Node,RBAC",
        "bind-address": "0.0.0.0",
        "cert-dir": f"{tls}/temporary-certs",
        "client-ca-file": f"{tls}/client-ca.crt",
        "egress-selector-config-file": f"{data}/server/etc/egress-selector-config.yaml",
        "enable-aggregator-routing": "true",
        "encryption-provider-config": f"{data}/server/cred/encryption-config.json",
        "etcd-cafile": f"{tls}/etcd/server-ca.crt",
        "etcd-certfile": f"{tls}/etcd/client.crt",
        "etcd-keyfile": f"{tls}/etcd/client.key",
        "etcd-servers": "https://127.0.0.1:2379",
        "kubelet-certificate-authority": f"{tls}/server-ca.crt",
        "kubelet-client-certificate": f"{tls}/client-kube-apiserver.crt",
        "kubelet-client-key": f"{tls}/client-kube-apiserver.key",
        "profiling": "false",
        "secure-port": "6443",
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": f"{tls}/service.key",
        "service-account-signing-key-file": f"{tls}/service.current.key",
        "service-cluster-ip-range": "10.43.0.0/16",
        "storage-backend": "etcd3",
        "tls-cert-file": f"{tls}/serving-kube-apiserver.crt",
        "tls-cipher-suites": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,"
                             "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "tls-private-key-file": f"{tls}/serving-kube-apiserver.key",
    }, given)


def controller_manager(config, data):
    tls = f"{data}/server/tls"
    return ["--permit-port-sharing=true", "--terminated-pod-gc-threshold=1000"] + overlay({
        "allocate-node-cidrs": "true",
        "authorization-kubeconfig": f"{data}/server/cred/controller.kubeconfig",
        "bind-address": "127.0.0.1",
        "cluster-cidr": "10.42.0.0/16",
        "kubeconfig": f"{data}/server/cred/controller.kubeconfig",
        "profiling": "false",
        "root-ca-file": f"{tls}/server-ca.crt",
        "secure-port": "10257",
        "service-account-private-key-file": f"{tls}/service.current.key",
        "use-service-account-credentials": "true",
    }, configuration.extra(config, "kube-controller-manager-arg"))


def scheduler(config, data):
    return ["--permit-port-sharing=true"] + overlay({
        "authorization-kubeconfig": f"{data}/server/cred/scheduler.kubeconfig",
        "bind-address": "127.0.0.1",
        "kubeconfig": f"{data}/server/cred/scheduler.kubeconfig",
        "profiling": "false",
        "secure-port": "10259",
    }, configuration.extra(config, "kube-scheduler-arg"))


def kube_proxy(config, data, node):
    return overlay({
        "cluster-cidr": "10.42.0.0/16",
        "healthz-bind-address": "127.0.0.1",
        "hostname-override": node["name"],
        "kubeconfig": f"{data}/agent/kubeproxy.kubeconfig",
        "proxy-mode": "iptables",
    }, configuration.extra(config, "kube-proxy-arg"))


def cloud_controller(data):
    return overlay({
        "allocate-node-cidrs": "true",
        "authorization-kubeconfig": f"{data}/server/cred/cloud-controller.kubeconfig",
        "bind-address": "127.0.0.1",
        "kubeconfig": f"{data}/server/cred/cloud-controller.kubeconfig",
        "profiling": "false",
    }, [])


def kubelet(config, version, protects, data, node):
    flags = {
        "cloud-provider": "external",
        "config-dir": f"{data}/agent/etc/kubelet.conf.d",
        "container-runtime-endpoint": "unix:///run/k3s/containerd/containerd.sock",
        "hostname-override": node["name"],
        "kubeconfig": f"{data}/agent/kubelet.kubeconfig",
        "log-file": f"{data}/agent/logs/kubelet.log",
        "logtostderr": "false",
        "node-ip": node["address"],
        "node-labels": "",
    }
    if protects:
        flags["protect-kernel-defaults"] = "true"
    if not versions.kubelet_drop_in(version):
        del flags["config-dir"]
        flags.update({
            "resolv-conf": resolver.chosen(config, data),
            "anonymous-auth": "false",
            "authentication-token-webhook": "true",
            "authorization-mode": "Webhook",
            "client-ca-file": f"{data}/agent/client-ca.crt",
            "pod-manifest-path": f"{data}/agent/pod-manifests",
            "read-only-port": "0",
            "tls-cert-file": f"{data}/agent/serving-kubelet.crt",
            "tls-private-key-file": f"{data}/agent/serving-kubelet.key",
        })
    return overlay(flags, configuration.extra(config, "kubelet-arg"))


def kubelet_drop_in(config, data):
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": f"{data}/agent/client-ca.crt"},
        },
        "authorization": {"mode": "Webhook"},
        "readOnlyPort": 0,
        "resolvConf": resolver.chosen(config, data),
        "staticPodPath": f"{data}/agent/pod-manifests",
        "tlsCertFile": f"{data}/agent/serving-kubelet.crt",
        "tlsPrivateKeyFile": f"{data}/agent/serving-kubelet.key",
    }
