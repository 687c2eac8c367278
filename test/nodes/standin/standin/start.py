"""The rke2 command: server, agent, etcd-snapshot."""
from datetime import datetime, timezone
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from . import arguments, checks, files, knobs, objects, resolver, store
from . import config as configuration
from .log import line

PROGRAMS = "/usr/local/lib/rke2-standin/bin"


version = knobs.version


def notify(message):
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto(message.encode(), address.replace("@", "\0", 1))


def spawn(name, args, owner=None):
    own = {"user": owner[0], "group": owner[1]} if owner else {}
    subprocess.Popen([name, *args], executable=f"{PROGRAMS}/{name}", stdin=subprocess.DEVNULL,
                     env={"PATH": os.environ.get("PATH", "")}, **own)


def stay():
    while True:
        signal.pause()


def stuck(message):
    while True:
        line("info", message)
        time.sleep(5)


def start_kubelet(config, data, node, mode):
    protects = mode not in ("", "etcd") or configuration.flag(config, "protect-kernel-defaults")
    faults = checks.kubelet_faults(protects)
    log = f"{data}/agent/logs/kubelet.log"
    os.makedirs(os.path.dirname(log), exist_ok=True)
    if faults:
        with open(log, "a") as file:
            file.write(f'E0101 00:00:00.000000       1 kubelet.go:1703] "Failed to start ContainerManager" '
                       f'err="[{", ".join(faults)}]"\n')
        while True:
            line("error", "Kubelet exited: exit status 1")
            time.sleep(5)
    files.write_once(log, "", 0o644)
    spawn("containerd", ["-c", f"{data}/agent/etc/containerd/config.toml"])
    spawn("kubelet", arguments.kubelet(config, version(), protects, data, node))


def start_etcd(data, node, mode):
    database = f"{data}/server/db/etcd/member/snap/db"
    foreign = os.path.exists(database) and os.stat(database).st_uid == 0
    leave = bool(mode) and foreign and knobs.knob("etcd-panic") is not None
    files.etcd_files(data, node, mode, leave)
    if leave:
        knobs.use_up("etcd-panic")
        error = f"open {database}: permission denied"
        pods = f"/var/log/pods/kube-system_etcd-{node['name']}_stand-in/etcd"
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        files.write(f"{pods}/0.log", now + ' stderr F {"level":"panic","caller":"backend/backend.go","msg":"failed to open database",'
                    f'"path":"{database}","error":"{error}"}}\n{now} stderr F panic: failed to open database\n', 0o640)
        stuck("Failed to test etcd connection: failed to get etcd status: rpc error: code = Unavailable desc = "
              'connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: '
              'connection refused"')
    owner = files.etcd_owner() if mode else None
    spawn("etcd", [f"--config-file={data}/server/db/etcd/config"], owner)


def manifest(data, name, args, mode, security=None):
    private = 0o600 if files.versions.private_manifests(version()) and mode else 0o644
    image = f"index.docker.io/rancher/hardened-kubernetes:{version().replace('+', '-')}"
    content = files.static_pod(name, image, [name, *args], security, f"{data}/server")
    files.write(f"{data}/agent/pod-manifests/{name}.yaml", content, private)


def start_server(config, data, node, mode):
    cis = "cis" if mode not in ("", "etcd") else ""
    own_pss = configuration.text(config, "pod-security-admission-config-file")
    audit = configuration.text(config, "audit-policy-file") or ("/etc/rancher/rke2/audit-policy.yaml" if cis else "")
    files.server_files(data, version(), cis, audit, own_pss)
    disabled = {name for name in ["etcd", "apiserver", "controller-manager", "scheduler", "kube-proxy"]
                if configuration.flag(config, f"disable-{name}")}
    if "etcd" not in disabled:
        start_etcd(data, node, mode)
        account = files.etcd_owner() if mode else None
        security = {"runAsUser": account[0], "runAsGroup": account[1]} if account else None
        manifest(data, "etcd", [f"--config-file={data}/server/db/etcd/config"], mode, security)
    pods = {
        "kube-apiserver": (arguments.apiserver(config, version(), cis, data, node), "apiserver"),
        "kube-controller-manager": (arguments.controller_manager(config, data), "controller-manager"),
        "kube-scheduler": (arguments.scheduler(config, data), "scheduler"),
        "cloud-controller-manager": (arguments.cloud_controller(data), ""),
    }
    for name, (args, key) in pods.items():
        if key not in disabled:
            manifest(data, name, args, mode)
            spawn(name, args)
    with store.locked():
        objects.seed()
        if cis:
            objects.apply_profile(version())


def run(role, words):
    config = configuration.load(words)
    data = configuration.text(config, "data-dir", "/var/lib/rancher/rke2")
    node = store.this_node()
    crash = knobs.knob("crash")
    if crash is not None:
        raise checks.Refusal(crash or "starting kubernetes: preparing server: failed to bootstrap cluster data")
    mode = checks.profile(config, version(), role)
    if not mode:
        line("warning", "not running in CIS mode")
    line("info", f"Starting rke2 {version()} ({'stand-in'})")
    if knobs.knob("stuck") is not None:
        stuck(knobs.knob("stuck") or "Waiting to retrieve agent configuration; server is not ready")
    time.sleep(float(knobs.knob("start-delay") or 0.2))
    resolver.generate(config, data)
    files.agent_files(config, data, version())
    start_kubelet(config, data, node, mode)
    if role == "server":
        start_server(config, data, node, mode)
    proxy = arguments.kube_proxy(config, data, node)
    manifest(data, "kube-proxy", proxy, mode)
    spawn("kube-proxy", proxy)
    mark = store.mark_up(node["name"])
    line("info", "rke2 is up and running")
    notify("READY=1\nSTATUS=rke2 is up")
    stay()
    return mark


def snapshot(words):
    config = configuration.load(words)
    data = configuration.text(config, "data-dir", "/var/lib/rancher/rke2")
    folder = f"{data}/server/db/snapshots"
    verb = next((word for word in words if not word.startswith("-")), "save")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if verb in ("ls", "list"):
        print("Name Location Size Created")
        for name in sorted(os.listdir(folder)):
            about = os.stat(f"{folder}/{name}")
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(about.st_mtime))
            print(f"{name} file://{folder}/{name} {about.st_size} {stamp}")
        return 0
    if not store.is_up(store.this_node()["name"]):
        line("fatal", 'Error: see server log for details: Post "https://127.0.0.1:9345/db/snapshot": '
                      "dial tcp 127.0.0.1:9345: connect: connection refused")
        return 1
    prefix = configuration.text(config, "name", "on-demand")
    name = f"{prefix}-{store.this_node()['name']}-{int(time.time())}"
    shutil.copyfile(f"{data}/server/db/etcd/member/snap/db", f"{folder}/{name}")
    os.chmod(f"{folder}/{name}", 0o600)
    line("info", f"Snapshot {name} saved.")
    return 0


def main(words):
    verb = words[0] if words else ""
    if verb == "etcd-snapshot":
        return snapshot(words[1:])
    if verb not in ("server", "agent"):
        print(f"No help topic for '{verb}'", file=sys.stderr)
        return 3
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        return run(verb, words[1:])
    except (checks.Refusal, KeyError, OSError) as reason:
        line("fatal", str(reason))
        return 1
