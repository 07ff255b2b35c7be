/** Owns `Function.prototype.toString`: a rewritten function shows the text the person wrote, a stand-in that of its original. */
import { HOOK, stripInstrumentation } from '../instrument';
import { originalOf, replace } from './replace';

export function keepFunctionText(): void {
  replace(
    Function.prototype,
    'toString',
    original =>
      function (this: unknown, ...args: unknown[]) {
        const shown = typeof this === 'function' ? (originalOf(this) ?? this) : this;
        const text = Reflect.apply(original, shown, args) as string;
        return text.includes(HOOK) ? stripInstrumentation(text) : text;
      },
  );
}
