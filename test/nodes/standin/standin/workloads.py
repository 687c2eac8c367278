"""kubectl's verbs that move workloads."""
import copy

from . import objects, psa, store
from .words import Failure, existing, kind_of, named, namespace_of


def restart(deployment):
    """Makes the pods of a deployment again; one that Pod Security refuses does not come back."""
    meta, spec = deployment["metadata"], deployment["spec"]
    pods = kind_of("pods")
    old = [pod for pod in store.listing(pods, meta["namespace"])
           if spec["selector"]["matchLabels"].items() <= pod["metadata"].get("labels", {}).items()]
    fresh = []
    for number, pod in enumerate(old):
        name = f"{meta['name']}-5c9f8d7b64-{'bcdfghjklm'[number % 10] * 2}x7k"
        again = objects.pod(name, meta["namespace"], pod["metadata"]["labels"], spec["template"]["spec"]["containers"],
                            pod["spec"]["nodeName"], pod["metadata"].get("ownerReferences", [None])[0])
        if psa.refusal(again) is None:
            fresh.append(again)
    for pod in old:
        store.remove(pods, meta["namespace"], pod["metadata"]["name"])
    for pod in fresh:
        store.write(pods, pod)
    after = copy.deepcopy(deployment)
    after["status"].update(readyReplicas=len(fresh), availableReplicas=len(fresh), updatedReplicas=len(fresh))
    store.write(kind_of("deployments"), after)


def rollout(given, words, _):
    if len(words) < 2 or words[0] not in ("restart", "status"):
        raise Failure("error: the stand-in knows rollout restart and rollout status")
    for kind, name in named(words[1:]):
        with store.locked():
            thing = existing(kind, namespace_of(kind, given), name)
            if words[0] == "restart":
                restart(thing)
                print(f"{kind.label}/{name} restarted")
            elif thing["status"].get("readyReplicas", 0) >= thing["spec"].get("replicas", 1):
                print(f'{kind.kind.lower()} "{name}" successfully rolled out')
            else:
                raise Failure("error: timed out waiting for the condition")


def set_schedulable(word, unschedulable, words):
    for name in words:
        with store.locked():
            node = existing(kind_of("nodes"), None, name.removeprefix("node/"))
            after = copy.deepcopy(node)
            if unschedulable:
                after["spec"]["unschedulable"] = True
            else:
                after["spec"].pop("unschedulable", None)
            store.write(kind_of("nodes"), after)
            print(f"node/{node['metadata']['name']} {word if after != node else 'already ' + word}")


def cordon(_given, words, _):
    set_schedulable("cordoned", True, words)


def uncordon(_given, words, _):
    set_schedulable("uncordoned", False, words)


def drain(_given, words, _):
    set_schedulable("cordoned", True, words)
    for name in words:
        print(f"node/{name.removeprefix('node/')} drained")
