import assert from 'node:assert/strict';
import { dispatch, type Handlers } from '../../../src/webview/messages';

interface Toy {
  greet: { readonly name: string };
  leave: Record<string, never>;
}

describe('messages of the timeline', () => {
  const heard: string[] = [];
  const handlers: Handlers<Toy> = {
    greet: ({ name }) => heard.push(`hello ${name}`),
    leave: () => heard.push('bye'),
  };
  const tell = (message: unknown): string[] => {
    heard.length = 0;
    dispatch(handlers, message, kind => heard.push(`unknown ${kind}`));
    return [...heard];
  };

  it('reach their handlers with their bodies', () => {
    assert.deepEqual(tell({ kind: 'greet', body: { name: 'lane' } }), ['hello lane']);
    assert.deepEqual(tell({ kind: 'leave', body: {} }), ['bye']);
  });

  it('of unknown kinds are reported and ignored', () => {
    assert.deepEqual(tell({ kind: 'dance', body: 1 }), ['unknown dance']);
    for (const junk of [null, undefined, 7, 'greet', [], {}, { kind: 3 }]) {
      assert.deepEqual(tell(junk), ['unknown none']);
    }
  });

  it('named like what every object has reach nothing', () => {
    assert.deepEqual(tell({ kind: 'toString', body: {} }), ['unknown toString']);
    assert.deepEqual(tell({ kind: '__proto__', body: {} }), ['unknown __proto__']);
  });
});
