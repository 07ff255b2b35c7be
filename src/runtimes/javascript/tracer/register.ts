/** Owns the registration of moduleHooks, by way of `--import`: only for a Node without `module.registerHooks`. */
import nodeModule from 'node:module';

const { registerHooks, register } = nodeModule as Partial<typeof nodeModule>;
if (!registerHooks) {
  register?.(new URL('moduleHooks.cjs', import.meta.url));
}
