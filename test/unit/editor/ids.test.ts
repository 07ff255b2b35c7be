import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { COMMANDS, CONTAINERS, CONTEXT_KEYS, VIEWS, WALKTHROUGH } from '../../../src/editor/ids';
import { FAMILY_COLOURS } from '../../../src/editor/look';
import { SECTION, SETTING_KEYS } from '../../../src/editor/settingKeys';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when?: string }[]>
    >;
    readonly keybindings: readonly { readonly command: string; readonly when?: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
    };
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly colors: readonly { readonly id: string }[];
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly walkthroughs: readonly { readonly id: string }[];
  };
}

const text = readFileSync('package.json', 'utf8');
const { contributes } = JSON.parse(text) as Manifest;
const sorted = (names: Iterable<string>): string[] => [...names].toSorted();

describe('names of the manifest', () => {
  it('declares every command of the code, and no other', () => {
    assert.deepEqual(
      sorted(contributes.commands.map(one => one.command)),
      sorted(Object.values(COMMANDS)),
    );
  });

  it('declares every setting of the code, and no other, each with a default', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(
      sorted(Object.keys(properties)),
      sorted(SETTING_KEYS.map(key => `${SECTION}.${key}`)),
    );
    for (const [key, schema] of Object.entries(properties))
      assert.ok('default' in schema, `${key} has no default`);
  });

  it('declares every view, container and walkthrough of the code, and no other', () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(sorted(views.map(view => view.id)), sorted(Object.values(VIEWS)));
    const containers = Object.values(contributes.viewsContainers).flat();
    assert.deepEqual(sorted(containers.map(one => one.id)), sorted(Object.values(CONTAINERS)));
    assert.deepEqual(sorted(Object.keys(contributes.views)), sorted(Object.values(CONTAINERS)));
    assert.deepEqual(
      contributes.walkthroughs.map(one => one.id),
      [WALKTHROUGH],
    );
  });

  it('puts only declared commands into menus and key bindings', () => {
    const declared = new Set<string>(Object.values(COMMANDS));
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    assert.deepEqual(
      used.map(one => one.command).filter(command => !declared.has(command)),
      [],
    );
  });

  it('asks only for context keys that the code sets', () => {
    const known = new Set<string>([...Object.values(CONTEXT_KEYS), ...Object.values(VIEWS)]);
    const whens = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      one => one.when ?? '',
    );
    const asked = whens.flatMap(when => when.match(/concurrencyLens\.\w+/gu) ?? []);
    assert.deepEqual(
      asked.filter(key => !known.has(key)),
      [],
    );
    for (const key of Object.values(CONTEXT_KEYS))
      assert.ok(asked.includes(key), `${key} is asked for nowhere`);
  });

  it('declares every colour that marks use', () => {
    const declared = new Set(contributes.colors.map(colour => colour.id));
    for (const colour of Object.values(FAMILY_COLOURS)) {
      assert.ok(declared.has(colour), colour);
      assert.ok(declared.has(`${colour}WaitingBackground`), colour);
    }
    assert.equal(declared.size, 2 * Object.keys(FAMILY_COLOURS).length);
  });

  it('has words for every %placeholder%, and no words too many', () => {
    const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
    const used = [...text.matchAll(/"%([^%"]+)%"/gu)].map(match => match[1] ?? '');
    assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(words)));
  });
});
