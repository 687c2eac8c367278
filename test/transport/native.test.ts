import Module from 'node:module';
import { expect, it } from 'vitest';

it('the transport needs no native addon', async () => {
  const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  const refused: string[] = [];
  loader._load = (request, ...rest) => {
    if (request === 'cpu-features' || request.endsWith('.node')) {
      refused.push(request);
      throw new Error(`${request} is not here`);
    }
    return load(request, ...rest);
  };
  const { newFolder, nodeAt, operator, plainConnector, startLoopback } = await import(
    './support/loopback.ts'
  );
  const folder = newFolder();
  const server = await startLoopback();
  try {
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(server.port), {
      readOnly: true,
      deadlineMs: 8000,
      answerer: operator({ 'host-key': 'yes' }).answerer,
    });
    expect(result.ok).toBe(true);
    if (result.ok) await result.value.target.close();
    expect(refused).toContain('cpu-features');
  } finally {
    await server.close();
    loader._load = load;
    folder.remove();
  }
});
