import type { Control } from '../domain/control.ts';
import { fillWords, type Place } from '../domain/distribution.ts';
import type { Target } from '../domain/ports.ts';
import { rancherSite } from '../domain/rancher.ts';
import type { Link } from '../engine/connect.ts';
import { nodeNameOf } from '../engine/detect.ts';
import type { Api } from '../engine/health.ts';
import { inapplicable } from '../engine/place.ts';
import type { Desk } from './desk.ts';

/** Somewhere a control is asked: its name in findings, and how to reach it. */
export type Site = { readonly name: string; readonly target: Target; readonly place: Place };

/** The name under which controls of the whole cluster are found. */
export const clusterSite = 'cluster';
/** The name of the operator's own machine. */
export const workstationSite = 'workstation';

/** A connected server where kubectl answers; not `except` when there is another. */
export function apiSite(desk: Desk, except?: string): Api | undefined {
  const servers = [...desk.links.values()].filter((link) => link.place.roles.includes('server'));
  return servers.find((link) => link.place.node !== except) ?? servers[0];
}

/** Every site a control is asked on now, given who is connected. */
export function sitesOf(desk: Desk, control: Pick<Control, 'target'>): readonly Site[] {
  if (control.target === 'cluster' && kubectlHere(desk)) {
    const place = workstationPlace(desk);
    return place
      ? [
          {
            name: clusterSite,
            target: desk.services.workstation(desk.get().session.readOnly),
            place: { ...place, node: clusterSite },
          },
        ]
      : [];
  }
  if (control.target === 'cluster') {
    const api = apiSite(desk);
    return api ? [{ name: clusterSite, target: api.target, place: { ...api.place, node: clusterSite } }] : [];
  }
  if (control.target === 'workstation') {
    const place = workstationPlace(desk);
    return place
      ? [{ name: workstationSite, target: desk.services.workstation(desk.get().session.readOnly), place }]
      : [];
  }
  if (control.target === 'rancher') return rancherSites(desk, desk.get().session.rancher);
  return [...desk.links.values()].map(siteOf);
}

/** A Rancher server; where none was named, a place of which nothing is asked, so that the operator is. */
export function rancherSites(desk: Desk, url: string | undefined): readonly Site[] {
  const place = workstationPlace(desk);
  if (!place) return [];
  const { rancher, workstation } = desk.services;
  const { readOnly } = desk.get().session;
  const named =
    url !== undefined && rancher
      ? { target: rancher.target(url, readOnly), words: rancher.words(url) }
      : undefined;
  return [
    {
      name: rancherSite,
      target: named?.target ?? workstation(readOnly),
      place: { ...place, node: rancherSite, words: { ...place.words, ...named?.words } },
    },
  ];
}

/** The site of one finding; undefined when it is not connected. */
export function siteNamed(desk: Desk, control: Control, name: string): Site | undefined {
  return sitesOf(desk, control).find((site) => site.name === name);
}

/** Whether a control is for this site at all. */
export function appliesAt(control: Control, site: Site): boolean {
  return inapplicable(control, site.place) === undefined;
}

/** A node's site. */
export function siteOf(link: Link): Site {
  return { name: link.place.node, target: link.target, place: link.place };
}

/** Every connected node, by the name the cluster has for it. */
export function connectedNodes(desk: Desk): readonly { readonly name: string; readonly target: Target }[] {
  return [...desk.links.values()].map(({ target, facts }) => ({ name: nodeNameOf(facts), target }));
}

/** Every other node of the session, connected or not. */
export function otherNodes(
  desk: Desk,
  site: Site,
): readonly { readonly name: string; readonly link: Link | undefined }[] {
  const names = desk.get().session.nodes.map((n) => n.name);
  return names.filter((name) => name !== site.name).map((name) => ({ name, link: desk.links.get(name) }));
}

/** Where a cluster is made, by which command, from which file, and what is known of it. */
export type ClusterMaker = {
  readonly target: Target;
  readonly words: readonly string[];
  readonly file: string;
  readonly place: Place;
};

/** The operator's own machine, with the command that makes the cluster as its file there says; undefined where there is none. */
export function clusterMaker(desk: Desk): ClusterMaker | undefined {
  const place = workstationPlace(desk);
  const { clusterFile } = place?.distribution ?? {};
  if (!place || !clusterFile) return undefined;
  const target = desk.services.workstation(desk.get().session.readOnly);
  const { apply, path } = fillWords(clusterFile, place.words);
  return { target, words: apply, file: path, place };
}

/** Whether kubectl is asked on the operator's own machine, as the distribution of the nodes says. */
function kubectlHere(desk: Desk): boolean {
  return [...desk.links.values()][0]?.place.distribution.kubectlOn === 'workstation';
}

/** The workstation speaks for the cluster: it takes version and words from any connected node. */
function workstationPlace(desk: Desk): Place | undefined {
  const first =
    [...desk.links.values()].find((l) => l.place.roles.includes('server')) ?? [...desk.links.values()][0];
  return first ? { ...first.place, node: workstationSite, nodes: desk.get().session.nodes } : undefined;
}
