"""The effective configuration: command line before files, later files before earlier ones, environment last."""
import glob
import os
import sys

sys.path.append("/usr/lib/python3/dist-packages")
import yaml  # noqa: E402

ENVIRONMENT = {
    "profile": "RKE2_CIS_PROFILE",
    "audit-policy-file": "RKE2_AUDIT_POLICY_FILE",
    "pod-security-admission-config-file": "RKE2_POD_SECURITY_ADMISSION_CONFIG_FILE",
    "data-dir": "RKE2_DATA_DIR",
}


def values(value):
    return value if isinstance(value, list) else [value]


def load_files():
    main = os.environ.get("RKE2_CONFIG_FILE", "/etc/rancher/rke2/config.yaml")
    merged = {}
    for path in [main, *sorted(glob.glob(main + ".d/*.yaml") + glob.glob(main + ".d/*.yml"))]:
        if not os.path.exists(path):
            continue
        with open(path) as file:
            content = yaml.safe_load(file) or {}
        for key, value in content.items():
            if key.endswith("+"):
                merged[key[:-1]] = values(merged.get(key[:-1], [])) + values(value)
            else:
                merged[key] = value
    return merged


def load(arguments):
    config = {key: os.environ[name] for key, name in ENVIRONMENT.items() if os.environ.get(name)}
    config.update(load_files())
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            continue
        key, given, value = word[2:].partition("=")
        if not given:
            value = rest.pop(0) if rest and not rest[0].startswith("--") else True
        config[key] = value
    return config


def text(config, key, default=""):
    value = config.get(key)
    if value is None:
        return default
    return str(values(value)[-1])


def flag(config, key):
    return text(config, key).lower() == "true"


def extra(config, key):
    return [str(each) for each in values(config.get(key) or [])]
