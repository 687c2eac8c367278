// A real browser for tests, spoken to over its own pipe (the DevTools protocol): no port is opened and no package needed.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

type Message = {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the protocol says; each test looks at what it asked for
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly result?: any;
  readonly error?: { readonly message: string };
};

/** The first Chromium on the path; undefined where there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(runs);
}

/** A browser with one page, and everything that the page did. */
export type Browser = {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly ask: (method: string, params?: object) => Promise<any>;
  /** The value of an expression in the page, waited for if it is promised. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly value: (expression: string) => Promise<any>;
  /** Opens an address and waits until it is loaded. */
  readonly open: (url: string) => Promise<void>;
  readonly events: Message[];
  readonly close: () => Promise<void>;
};

/** Starts a browser without a window, with a profile of its own. */
export async function startBrowser(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'k8s-harden-browser-'));
  const child = spawn(
    program,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const pipe = talk(child);
  const { targetId } = await pipe.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await pipe.send('Target.attachToTarget', { targetId, flatten: true });
  const ask = (method: string, params: object = {}) => pipe.send(method, params, sessionId);
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await ask(`${domain}.enable`);
  return {
    ask,
    events: pipe.events,
    value: async (expression) => {
      const told = await ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      if (told.exceptionDetails) throw new Error(JSON.stringify(told.exceptionDetails.exception));
      return told.result.value;
    },
    open: async (url) => {
      const loaded = pipe.next('Page.loadEventFired');
      await ask('Page.navigate', { url });
      await loaded;
    },
    close: async () => {
      const gone = new Promise((done) => child.once('exit', done));
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      void pipe.send('Browser.close', {}).catch(() => {});
      await gone;
      clearTimeout(late);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function talk(child: ChildProcess) {
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { readonly done: (m: Message) => void }>();
  const listening: { readonly method: string; readonly done: () => void }[] = [];
  const events: Message[] = [];
  let last = 0;
  let rest = '';
  const take = (message: Message): void => {
    if (message.id !== undefined) waiting.get(message.id)?.done(message);
    else events.push(message);
    for (const listener of listening) if (listener.method === message.method) listener.done();
  };
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) take(JSON.parse(part));
  });
  child.once('exit', () => {
    for (const { done } of waiting.values()) done({ error: { message: 'the browser ended' } });
  });
  return {
    events,
    next: (method: string) => new Promise<void>((done) => listening.push({ method, done })),
    // biome-ignore lint/suspicious/noExplicitAny: see above
    send: (method: string, params: object, sessionId?: string): Promise<any> =>
      new Promise((done, failed) => {
        const id = ++last;
        waiting.set(id, {
          done: ({ result, error }) => {
            waiting.delete(id);
            if (error) failed(new Error(`${method}: ${error.message}`));
            else done(result);
          },
        });
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
      }),
  };
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
