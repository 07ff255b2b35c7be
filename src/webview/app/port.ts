/** Owns the page's end of the line to its host: VS Code's own channel, or what a test puts in its place. */
import type { Message, ToHost } from '../messages';

export interface Port {
  post(message: Message<ToHost>): void;
  onMessage(listener: (message: unknown) => void): void;
  state(): unknown;
  setState(state: unknown): void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export function vsCodePort(): Port {
  const api = acquireVsCodeApi();
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's method, not the window's
    post: message => api.postMessage(message),
    onMessage: listener => window.addEventListener('message', event => listener(event.data)),
    state: () => api.getState(),
    setState: state => api.setState(state),
  };
}
