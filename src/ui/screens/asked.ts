import type { ConnectQuestion } from '../../domain/ports.ts';
import type { AppState } from '../../store/state.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import type { Look } from '../look.ts';
import { type Page, type Screen, textPage } from '../page.ts';
import { sign } from '../theme.ts';
import { fieldLine } from './ask.ts';

type HostKeyQuestion = Extract<ConnectQuestion, { readonly kind: 'host-key' }>;

/** What a connection under way wants to know. */
export const asked: Screen = (state, look) => {
  const q = state.asked;
  switch (q?.kind) {
    case undefined:
      return textPage([], [blank]);
    case 'host-key':
      return hostKey(q, look);
    case 'passphrase':
      return typed(
        state,
        look,
        ` The key ${q.keyPath} has a passphrase`,
        `It opens the key on this machine; ${q.node} never sees it.`,
      );
    case 'password':
      return typed(state, look, ` Password of ${q.user} on ${q.node}`, passwordHint(q.user));
    case 'sudo-password':
      return typed(state, look, ` sudo on ${q.node} asks ${q.user} for a password`, passwordHint(q.user));
    case 'rancher-token':
      return typed(
        state,
        look,
        ` A token of an administrator of ${q.url}`,
        'In Rancher, under API & Keys, without a scope. One for this evening is enough; let it end by itself.',
      );
    case 'prompt':
      return typed(state, look, ` ${q.node} asks: ${q.text.trim()}`, q.echo ? 'What you type is shown.' : '');
  }
};

function hostKey(q: HostKeyQuestion, look: Look): Page {
  return textPage(
    [blank, line(span(` ${q.node} (${q.host}) is not known yet`, 'strong')), blank],
    [
      ...paragraph(`It shows this ${q.keyType} host key:`, look.columns),
      blank,
      ...paragraph(q.fingerprint, look.columns, 'busy', 3),
      blank,
      ...paragraph('Compare it with what the console of the node says:', look.columns),
      ...paragraph('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub', look.columns, 'busy', 3),
      ...paragraph('If it differs, somebody may be in between; then say no.', look.columns),
      ...(q.note ? [blank, ...paragraph(q.note, look.columns, 'warn')] : []),
    ],
    [
      blank,
      line(
        span(look.plain ? 'selected: ' : ` ${sign('cursor', look)} `, 'cursor'),
        span('No, do not connect', 'strong'),
        span('   enter, n or esc', 'dim'),
      ),
      line(span('   '), span('Yes, it is the same; remember it'), span('   y', 'dim')),
    ],
  );
}

function passwordHint(user: string): string {
  return `One attempt; a wrong one is not repeated by itself. One that works is tried on the other nodes of this session that ask ${user} for it.`;
}

function givingUp(state: AppState): string {
  return state.asked?.kind === 'rancher-token'
    ? 'Esc goes on without it; what is asked of Rancher is then for you to look at.'
    : 'Esc gives up on this node; the others go on.';
}

function typed(state: AppState, look: Look, question: string, hint: string): Page {
  const note: readonly Line[] = state.view.field?.secret
    ? paragraph('It is kept in memory until you leave, and written nowhere.', look.columns, 'dim')
    : [];
  return textPage(
    [blank, line(span(question, 'strong')), blank],
    [fieldLine(state.view.field, look), blank, ...paragraph(hint, look.columns), ...note],
    [blank, ...paragraph(givingUp(state), look.columns, 'dim')],
  );
}
