"""Files in /etc/rke2-standin that make the stand-in misbehave."""
import os

FOLDER = "/etc/rke2-standin"


def knob(name):
    """The content of a knob's file, or None when it is not set."""
    try:
        with open(os.path.join(FOLDER, name)) as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def use_up(name):
    os.rename(os.path.join(FOLDER, name), os.path.join(FOLDER, name + ".used"))


def version():
    return knob("version") or "v1.33.6+rke2r1"


def banner():
    """What `rke2 --version` says; the real one is a compiled program, so no module is loaded for it that it can do without."""
    return f"rke2 version {version()} (0000000000000000000000000000000000000000)\ngo version go1.24.9 X:boringcrypto"
