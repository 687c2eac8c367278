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
