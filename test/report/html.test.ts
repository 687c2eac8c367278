import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import { html } from '../../src/report/html/index.ts';
import { style, styleHash } from '../../src/report/html/style.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { everyEvent } from '../journal/every-event.ts';
import { type Browser, findBrowser, startBrowser } from '../support/browser.ts';
import { control, facts, inputOf, profileOf, smallProfile, smallSession, verdict } from './fixture.ts';

const program = findBrowser();
const kinds: readonly VerdictKind[] = [
  'pass',
  'fail',
  'pass',
  'manual',
  'unknown',
  'not-applicable',
  'pending-restart',
  'configured-not-active',
];

/** Fifty nodes and sixty controls, with every kind of verdict, on top of the small session's changes, decisions and undos. */
function fiftyNodes(): ReportInput {
  const nodes = Array.from({ length: 50 }, (_, i) => ({
    name: `node-${i}.prod.example`,
    host: `10.0.0.${i}`,
    port: 22,
    user: 'ops',
  }));
  const controls = [
    ...smallProfile.controls,
    ...Array.from({ length: 57 }, (_, i) => control(`control-${i}`, `Control number ${i}`)),
  ];
  const events: readonly Event[] = [
    ...smallSession.slice(0, -1),
    { kind: 'nodes-set', cluster: 'prod-east', nodes },
    ...nodes.flatMap((node, n): Event[] => [
      { kind: 'node-connected', node: node.name, facts: facts(node.name, n < 3 ? 'server' : 'agent') },
      {
        kind: 'found',
        findings: controls.map(({ id }, i) => ({
          control: id,
          place: node.name,
          verdict: verdict(kinds[(n + i) % kinds.length] ?? 'pass', `mode 06${n % 4}4`, 'mode 0600'),
        })),
      },
    ]),
    { kind: 'session-ended', why: 'finished' },
  ];
  return { ...inputOf(events, profileOf(controls)), head: 'ab'.repeat(32) };
}

const address = 'http://127.0.0.1:9/';
const hostile: readonly string[] = [
  '<script>window.ran = 1</script>',
  '"><img src=x onerror="window.ran = 1">',
  "'><svg/onload=window.ran=1>",
  '</title></style></pre></table></svg><script>window.ran = 1</script>',
  '--><script>window.ran = 1</script><!--',
  ']]><script>window.ran = 1</script>',
  `<meta http-equiv="refresh" content="0;url=${address}">`,
  `<link rel="stylesheet" href="${address}a.css"><base href="${address}">`,
  `<iframe srcdoc="<script>parent.ran = 1</script>"></iframe><object data="${address}"></object>`,
  `<a href="javascript:window.ran=1" autofocus onfocus=window.ran=1>x</a><form action="${address}"><input></form>`,
  '<style>*{display:none}</style><body style="display:none">',
  '&lt;script&gt;window.ran = 1&lt;/script&gt; &#60;b&#62;',
  '\u001b]0;owned\u0007\u202e\u0000\ufffe\ud800 half',
];

/** A session with these texts in every field of every event. */
function hostileInput(): ReportInput {
  const events = hostile.flatMap((text) => everyEvent(text));
  const input = inputOf(events, undefined);
  const last = hostile.at(-1) ?? '';
  const titled = profileOf([control(hostile[0] ?? '', hostile[1] ?? ''), control(last, hostile[3] ?? '')]);
  const profile = { ...titled, benchmarks: titled.benchmarks.map((b) => ({ ...b, id: last, title: last })) };
  return { ...input, profile, head: last };
}

it('lets its own style sheet in, by its hash', () => {
  expect(createHash('sha256').update(style).digest('base64'), 'write this into style.ts').toBe(styleHash);
  expect(html(inputOf(smallSession, smallProfile))).toContain(
    `content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'"`,
  );
});

it('has everything that the transcript has, and none of it as markup', () => {
  const text = html(inputOf(smallSession, smallProfile));
  for (const said of [
    'chown root:root /var/lib/rancher/rke2/server/db/etcd',
    '<ins>+ kernel.panic=10</ins>',
    '<del>- kernel.panic=0</del>',
    'etcd moves to new disks next week',
    'Undo, 2030-01-02',
    'called the storage team',
    'the chain is whole up to its end',
  ])
    expect(text).toContain(said);
  const tags = new Set([...html(hostileInput()).matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map((m) => m[1]));
  for (const tag of ['script', 'img', 'iframe', 'object', 'link', 'base', 'form', 'input'])
    expect(tags).not.toContain(tag);
});

it('calls what was found in a repair a cause, beside the picture as in the summary', () => {
  const repair: readonly Event[] = [...smallSession, { kind: 'purpose-chosen', purpose: 'repair' }];
  expect(html(inputOf(repair, smallProfile))).toContain('</span>cause found</span>');
  expect(html(inputOf(smallSession, smallProfile))).not.toContain('cause found');
});

it('marks a record that is no proof', () => {
  const state = (chain: ReportInput['chain']) =>
    /class="record (\w+)"/.exec(html(inputOf(smallSession, smallProfile, chain)))?.[1];
  expect(state('whole')).toBe('whole');
  expect(state('not ended')).toBe('open');
  expect(state('cut off after line 4')).toBe('broken');
});

describe.skipIf(program === undefined)(
  `in a real browser${program ? '' : ' (skipped: no chromium is installed; apt install chromium)'}`,
  () => {
    let browser: Browser;
    let folder = '';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'k8s-harden-html-'));
      browser = await startBrowser(program ?? '');
      await browser.ask('Page.addScriptToEvaluateOnNewDocument', {
        source:
          'addEventListener("securitypolicyviolation", (e) => (window.stopped ??= []).push(e.violatedDirective))',
      });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Opens a report as a file, as a person would; answers what was asked of the network meanwhile. */
    async function open(input: ReportInput): Promise<readonly string[]> {
      const path = join(folder, 'report.html');
      writeFileSync(path, html(input));
      browser.events.length = 0;
      await browser.open(pathToFileURL(path).href);
      await browser.value('new Promise((done) => requestIdleCallback(done))');
      const urls = browser.events
        .filter((e) => e.method === 'Network.requestWillBeSent')
        .map((e) => String(e.params.request.url));
      return urls.filter((url) => url !== pathToFileURL(path).href);
    }

    it('a session of fifty nodes opens with its charts, in its own style, and asks for nothing', async () => {
      expect(await open(fiftyNodes())).toEqual([]);
      expect(await browser.value('window.stopped ?? []')).toEqual([]);
      expect(await browser.value('getComputedStyle(document.body).maxWidth')).toBe('1200px');
      // Fifty nodes, the cluster, and all of them together; before and after.
      expect(await browser.value('document.querySelectorAll("svg.bar").length')).toBe(2 * 52);
      expect(await browser.value('document.querySelectorAll("svg.picture").length')).toBe(2 * 2);
      const links = 'document.querySelectorAll("a")';
      expect(
        await browser.value(
          `[...${links}].filter((a) => !document.querySelector(a.getAttribute("href"))).length`,
        ),
      ).toBe(0);
      expect(await browser.value(`${links}.length`)).toBeGreaterThan(60);
      expect(browser.events.filter((e) => e.method === 'Log.entryAdded').map((e) => e.params)).toEqual([]);
    }, 60_000);

    it.each(['light', 'dark'])(
      'can be read by everybody (axe), in the %s',
      async (scheme) => {
        const features = [{ name: 'prefers-color-scheme', value: scheme }];
        await browser.ask('Emulation.setEmulatedMedia', { media: 'screen', features });
        await open(fiftyNodes());
        await browser.value(axe);
        const found = await browser.value(
          'axe.run({ resultTypes: ["violations"] }).then((r) => r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary]))',
        );
        expect(found).toEqual([]);
      },
      180_000,
    );

    it('prints in the width of a page, heads of tables on each, and no cell is cut', async () => {
      await open(fiftyNodes());
      await browser.ask('Emulation.setEmulatedMedia', { media: 'print' });
      const size = { width: 680, height: 980, deviceScaleFactor: 1, mobile: false };
      await browser.ask('Emulation.setDeviceMetricsOverride', size);
      expect(await browser.value('document.documentElement.scrollWidth')).toBeLessThanOrEqual(680);
      const wider =
        '[...document.querySelectorAll("table, pre, svg")].filter((e) => e.getBoundingClientRect().right > 681).length';
      expect(await browser.value(wider)).toBe(0);
      expect(await browser.value('getComputedStyle(document.querySelector("thead")).display')).toBe(
        'table-header-group',
      );
      const { data } = await browser.ask('Page.printToPDF', { preferCSSPageSize: true });
      const pages =
        Buffer.from(data, 'base64')
          .toString('latin1')
          .match(/\/Type \/Page\b/g) ?? [];
      expect(pages.length).toBeGreaterThan(10);
      await browser.ask('Emulation.clearDeviceMetricsOverride');
      await browser.ask('Emulation.setEmulatedMedia', { media: 'screen' });
    }, 60_000);

    it('hostile texts in every field stay text: none runs, none asks, none is an element', async () => {
      expect(await open(hostileInput())).toEqual([]);
      expect(await browser.value('window.ran')).toBeUndefined();
      expect(await browser.value('window.stopped ?? []')).toEqual([]);
      expect(
        await browser.value(
          'document.querySelectorAll("script, img, iframe, object, embed, link, base, form, input, [style]").length',
        ),
      ).toBe(0);
      expect(await browser.value('document.querySelectorAll("style").length')).toBe(1);
      expect(
        await browser.value(
          '[...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith("on")).length',
        ),
      ).toBe(0);
      expect(
        await browser.value(
          '[...document.querySelectorAll("[href]")].filter((e) => !e.getAttribute("href").startsWith("#")).length',
        ),
      ).toBe(0);
      const shown = String(await browser.value('document.body.textContent'));
      for (const text of hostile.slice(0, -1)) expect(shown).toContain(text);
      expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }, 60_000);
  },
);
