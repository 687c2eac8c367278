"""kubectl's command line: flags may stand anywhere, and a value may follow with a space or an equals sign."""

WITH_VALUE = {
    "-n": "namespace", "--namespace": "namespace", "-o": "output", "--output": "output", "-l": "selector",
    "--selector": "selector", "-f": "filename", "--filename": "filename", "-p": "patch", "--patch": "patch",
    "--type": "type", "--kubeconfig": "kubeconfig", "--context": "", "--raw": "raw", "--dry-run": "dry-run",
    "--field-selector": "fields", "--patch-file": "patch-file", "--request-timeout": "", "--timeout": "timeout",
    "--sort-by": "", "--grace-period": "", "-c": "", "--container": "", "--server": "server", "-s": "server",
    "--field-manager": "", "-v": "", "--cascade": "", "--for": "for", "--chunk-size": "", "--as": "", "--token": "",
}
OPTIONAL = {"--dry-run", "--cascade"}
PLAIN = {
    "-A": "all-namespaces", "-w": "watch", "-i": "stdin", "-t": "tty", "-it": "stdin", "-q": "quiet",
}


class BadFlag(Exception):
    pass


def parse(words):
    """(flags, words left, command after --)"""
    flags, left, words = {}, [], list(words)
    while words:
        word = words.pop(0)
        if word == "--":
            return flags, left, words
        if not word.startswith("-") or word == "-":
            left.append(word)
            continue
        name, given, value = word.partition("=")
        if not word.startswith("--") and word not in PLAIN and len(name) > 2 and name[:2] in WITH_VALUE:
            name, given, value = word[:2], "=", word[2:].removeprefix("=")
        if name in WITH_VALUE:
            if not given and name in OPTIONAL:
                value = "unchanged"
            elif not given:
                if not words:
                    raise BadFlag(f"error: flag needs an argument: {word}")
                value = words.pop(0)
            flags[WITH_VALUE[name]] = value
        elif name in PLAIN:
            flags[PLAIN[name]] = True
        elif word.startswith("--"):
            flags[name[2:]] = value != "false"
        else:
            raise BadFlag(f"error: unknown shorthand flag: {word[1:2]!r} in {word}")
    return flags, left, []
