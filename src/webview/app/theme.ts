/** Owns the colours of the page: read from the workbench's theme once, and again when it changes. */
import { contextOf, smallCanvas } from './dom';
import type { SpanGroup } from '../spanState';

export interface Theme {
  readonly kind: 'dark' | 'light' | 'high-contrast';
  readonly fontFamily: string;
  readonly background: string;
  readonly foreground: string;
  readonly dim: string;
  readonly grid: string;
  readonly cursor: string;
  readonly focus: string;
  readonly selection: string;
  readonly hover: string;
  readonly hit: string;
  readonly error: string;
  /** Drawn around every bar in high contrast; empty elsewhere. */
  readonly contrastBorder: string;
  readonly group: Record<SpanGroup, string>;
  /** Text on a solid bar of that colour. */
  readonly onRunning: string;
}

/** What WCAG asks of parts of a picture that carry meaning. */
const MIN_CONTRAST = 3;

interface Fallback {
  readonly dark: string;
  readonly light: string;
}

/** Used only where a theme leaves a colour out, and in a page without a workbench. */
const FALLBACKS: Record<string, Fallback> = {
  '--vscode-panel-background': { dark: '#181818', light: '#f8f8f8' },
  '--vscode-foreground': { dark: '#cccccc', light: '#3b3b3b' },
  '--vscode-descriptionForeground': { dark: '#9d9d9d', light: '#6a6a6a' },
  '--vscode-disabledForeground': { dark: '#8a8a8a', light: '#818181' },
  '--vscode-editorIndentGuide-background1': { dark: '#404040', light: '#d3d3d3' },
  '--vscode-focusBorder': { dark: '#0078d4', light: '#005fb8' },
  '--vscode-list-activeSelectionBackground': { dark: '#04395e', light: '#e8e8e8' },
  '--vscode-list-hoverBackground': { dark: '#2a2d2e', light: '#f2f2f2' },
  '--vscode-editor-findMatchHighlightBackground': { dark: '#ea5c0055', light: '#ea5c0055' },
  '--vscode-charts-blue': { dark: '#3794ff', light: '#1a85ff' },
  '--vscode-charts-orange': { dark: '#d18616', light: '#d18616' },
  '--vscode-charts-red': { dark: '#f14c4c', light: '#e51400' },
  '--vscode-charts-purple': { dark: '#b180d7', light: '#652d90' },
  '--vscode-charts-yellow': { dark: '#cca700', light: '#bf8803' },
};

export function readTheme(): Theme {
  const classes = document.body.classList;
  const isHighContrast =
    classes.contains('vscode-high-contrast') || classes.contains('vscode-high-contrast-light');
  const isLight =
    classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light');
  const style = getComputedStyle(document.body);
  const read = (name: string): string => {
    const value = style.getPropertyValue(name).trim();
    const fallback = FALLBACKS[name];
    return value || fallback?.[isLight ? 'light' : 'dark'] || '';
  };
  const foreground = read('--vscode-foreground');
  const background = read('--vscode-panel-background');
  // The product's own colours, which a person may have changed, before those they are made from.
  const chart = (name: string, own = ''): string =>
    visible((own && read(`--vscode-concurrencyLens-${own}`)) || read(name), background, foreground);
  const running = chart('--vscode-charts-blue');
  const quiet = chart('--vscode-disabledForeground', 'quiet');
  return {
    kind: isHighContrast ? 'high-contrast' : isLight ? 'light' : 'dark',
    fontFamily: style.getPropertyValue('--vscode-font-family').trim() || 'system-ui, sans-serif',
    background,
    foreground,
    dim: read('--vscode-descriptionForeground'),
    grid: read('--vscode-editorIndentGuide-background1'),
    cursor: read('--vscode-editorCursor-foreground') || foreground,
    focus: read('--vscode-focusBorder'),
    selection: read('--vscode-list-activeSelectionBackground'),
    hover: read('--vscode-list-hoverBackground'),
    hit: read('--vscode-editor-findMatchHighlightBackground'),
    error: chart('--vscode-charts-red'),
    contrastBorder: isHighContrast ? read('--vscode-contrastBorder') || foreground : '',
    group: {
      running,
      join: chart('--vscode-charts-orange', 'join'),
      lock: chart('--vscode-charts-red', 'lock'),
      queue: chart('--vscode-charts-purple', 'queue'),
      await: chart('--vscode-charts-yellow', 'await'),
      quiet,
      idle: quiet,
    },
    onRunning: readableOn(running),
  };
}

/** Gives the style sheet the colours that the canvas uses. */
export function applyToStyle(theme: Theme): void {
  for (const [group, colour] of Object.entries(theme.group)) {
    document.body.style.setProperty(`--span-${group}`, colour);
  }
}

/** Calls back when the workbench changes its theme: it swaps classes on the body and variables on the root. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-kind'],
  });
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['style', 'class'],
  });
}

type Rgb = readonly [number, number, number];

/** Black or white, whichever stands out more on the colour. */
const readableOn = (colour: string): string =>
  luminance(rgbOf(colour)) > 0.18 ? '#000000' : '#ffffff';

/**
 * The colour as it is where it stands out from the background; else moved towards the foreground until it does. Some themes
 * have a chart colour that all but vanishes on their panel.
 */
export function visible(colour: string, background: string, foreground: string): string {
  const ground = rgbOf(background);
  const end = rgbOf(foreground, background);
  const start = rgbOf(colour, background);
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = start.map((value, at) => Math.round(value + (end[at]! - value) * share));
    const one: Rgb = [mixed[0]!, mixed[1]!, mixed[2]!];
    if (contrast(one, ground) >= MIN_CONTRAST)
      return share === 0 ? colour : `rgb(${one.join(' ')})`;
  }
  return foreground;
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map(value => (value / 255) ** 2.2);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Whatever way a theme writes a colour, the browser can read it. A colour that is seen through is taken on its ground. */
function rgbOf(colour: string, ground = '#000000'): Rgb {
  const context = contextOf(smallCanvas(1, 1));
  context.fillStyle = ground;
  context.fillRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
